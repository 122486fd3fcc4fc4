import { type Static, Type } from "typebox";
import { isoLocal } from "../lib/china-time.ts";
import { type BroadcastId, isUuid } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { MESSAGE_STATES } from "../message/message.ts";
import type { Work } from "../queue/work.ts";
import { Nullable, OneOf } from "../web/api.ts";
import { countDoors } from "./after-sending/follow-up.queries.ts";
import { countVisits } from "./after-sending/visits.queries.ts";
import { type Counts, countMessages } from "./audience/recipients.queries.ts";
import { type Broadcast, findBroadcast } from "./broadcast.queries.ts";
import { BROADCAST_KINDS, BROADCAST_STATES, MAX_STAGE_MINUTES } from "./broadcast.ts";
import { allSegments, costOf } from "./cost.ts";
import { countVotes } from "./poll/poll.queries.ts";
import { type PollResult, QUORUMS } from "./poll/poll.ts";
import { countTurnout, type Turnout } from "./poll/poll-view.ts";
import { KEYS, missingKeys } from "./signing/signatures.ts";
import { sayNoOverseer } from "./signing/signing-view.ts";

export const Staged = Type.Object(
  { first: Type.Integer({ minimum: 1 }), waitMinutes: Type.Integer({ minimum: 1, maximum: MAX_STAGE_MINUTES }) },
  { additionalProperties: false, description: "the first so many recipients at once, the rest so many minutes later" },
);

const Names = Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 2000 }));
const DoorLists = { groups: Names, grids: Names, tags: Names, households: Names };
export const AudienceBody = Type.Object(
  {
    scope: Type.Union([Type.Literal("households"), Type.Literal("villagers")]),
    ...DoorLists,
    unreachedOf: Type.Optional(Type.Unsafe<BroadcastId>({ type: "string", maxLength: 40 })),
    except: Type.Optional(Type.Object(DoorLists, { additionalProperties: false })),
  },
  {
    additionalProperties: false,
    description: "whoever is in one of the lists (without any: everybody), less `except`; `unreachedOf`: a notice's id",
  },
);

export const BroadcastView = Type.Object({
  id: Type.String(),
  kind: OneOf(BROADCAST_KINDS),
  atLeastOnce: Type.Boolean({ description: "an emergency that would rather arrive twice than not at all" }),
  state: OneOf(BROADCAST_STATES),
  column: Type.String(),
  body: Type.String(),
  personal: Type.Boolean({ description: "it has blanks, and each household gets a text of its own" }),
  audience: AudienceBody,
  recipients: Type.Integer(),
  segmentsPerMessage: Type.Integer({ description: "of the longest, where each household has a text of its own" }),
  segments: Type.Integer({ description: "of all texts together" }),
  cost: Type.Integer({ description: "分" }),
  counts: Type.Record(Type.String(), Type.Integer(), { description: "every message state of DESIGN.md 4" }),
  sendAt: Nullable(Type.String()),
  staged: Nullable(Staged),
  overBudget: Type.Boolean({ description: "the township lets it go over the month's budget" }),
  note: Nullable(Type.String()),
  version: Type.Integer({ description: "grows with each change of what will be sent; an approval may name it" }),
  waitingFor: Type.Array(OneOf(KEYS), { description: "whose signature is missing" }),
  approvedBy: Nullable(Type.String()),
  overseenBy: Nullable(Type.String()),
  reason: Nullable(Type.String({ description: "why an emergency left with one key" })),
  closesAt: Nullable(Type.String({ description: "of a poll: until then the last vote of each phone counts" })),
  correctsId: Nullable(Type.String({ description: "the notice that this one corrects" })),
  visits: Type.Optional(
    Type.Object({ listed: Type.Integer(), told: Type.Integer() }, { description: "doors to be told in person" }),
  ),
  quorum: Nullable(OneOf(QUORUMS)),
  turnout: Type.Optional(
    Type.Object(
      { doors: Type.Integer(), votes: Type.Integer(), needed: Type.Integer(), met: Type.Boolean() },
      { description: "of a poll: how many doors took part, and how many it asks for; an opinion, no decision" },
    ),
  ),
  poll: Type.Optional(Type.Array(Type.Object({ option: Type.String(), votes: Type.Integer() }))),
});

export async function viewBroadcast(work: Work, id: BroadcastId): Promise<Outcome<Static<typeof BroadcastView>>> {
  const broadcast = isUuid(id) ? await findBroadcast(work.tx, id) : undefined;
  if (!broadcast) return refusal("not_found", "没有这条通知");
  const poll = await countVotes(work.tx, id);
  const view = describeBroadcast(broadcast, await countMessages(work.tx, id));
  const note = view.note ?? (await sayNoOverseer(work, broadcast));
  return ok({
    ...view,
    note,
    visits: await countVisits(work.tx, id),
    ...(poll ? { poll, turnout: await readTurnout(work, broadcast, poll) } : {}),
  });
}

export async function readTurnout({ tx }: Work, broadcast: Broadcast, poll: readonly PollResult[]): Promise<Turnout> {
  const votes = poll.reduce((sum, one) => sum + one.votes, 0);
  return countTurnout(broadcast.quorum ?? "half", votes, await countDoors(tx, broadcast));
}

/** For lists too: what a poll brought is counted for one broadcast at a time. */
export function describeBroadcast(broadcast: Broadcast, counts: Counts) {
  const segments = allSegments(broadcast);
  return {
    id: broadcast.id,
    kind: broadcast.kind,
    atLeastOnce: broadcast.atLeastOnce,
    state: broadcast.state,
    column: broadcast.column,
    body: broadcast.body,
    personal: broadcast.personal,
    audience: broadcast.audience,
    recipients: broadcast.recipients,
    segmentsPerMessage: broadcast.segmentsPerMessage,
    segments,
    cost: costOf(segments, broadcast.price),
    counts: Object.fromEntries(MESSAGE_STATES.map((state) => [state, counts[state] ?? 0])),
    sendAt: broadcast.sendAt === null ? null : isoLocal(broadcast.sendAt),
    staged: broadcast.stages,
    overBudget: broadcast.overBudget,
    note: broadcast.note,
    version: broadcast.version,
    waitingFor: missingKeys(broadcast),
    approvedBy: broadcast.approver,
    overseenBy: broadcast.overseer,
    reason: broadcast.urgentReason,
    correctsId: broadcast.correctsId,
    quorum: broadcast.quorum,
    closesAt: broadcast.closesAt && isoLocal(broadcast.closesAt),
  };
}
