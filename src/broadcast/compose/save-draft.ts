import { audit } from "../../db/audit.queries.ts";
import { sayMoment } from "../../lib/china-time.ts";
import type { BroadcastId } from "../../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { cleanText } from "../../lib/text.ts";
import { channelOfVillage } from "../../message/channel.queries.ts";
import { countSegments } from "../../message/segments.ts";
import type { Work } from "../../queue/work.ts";
import { type Column, listColumns, type Village } from "../../village/village.queries.ts";
import { writeSignature } from "../../village/village.ts";
import { countAudience } from "../audience/audience.queries.ts";
import { type Broadcast, lockBroadcast } from "../broadcast.queries.ts";
import { type Audience, type BroadcastKind, type Doors, EVERYONE, type Origin, type Stages } from "../broadcast.ts";
import { changeDraft, insertBroadcast } from "../change-broadcast.queries.ts";
import { lastWriter, noteEvent } from "../events.queries.ts";
import { findBlanks } from "../personal/blanks.ts";
import { type Quorum, readOptions, writeBody } from "../poll/poll.ts";

/** What one step of writing changes; what is left out stays as it is. */
export type DraftPart = {
  /** Its name or id. */
  column?: string;
  body?: string;
  options?: readonly string[];
  closesAt?: Date | null;
  atLeastOnce?: boolean;
  urgentReason?: string | null;
  needsOverseer?: boolean;
  quorum?: Quorum;
  audience?: Audience;
  sendAt?: Date | null;
  stages?: Stages | null;
};

/** A draft as its page knows it: `version` of the row it was shown from; `kind` where the row is still to be made. */
export type DraftKey = {
  id: BroadcastId;
  version: number | null;
  kind: BroadcastKind | null;
  origin?: Origin | undefined;
};

const MOST_CHARACTERS = 5000;
/** More options than a poll may have are kept too, so that the list one is sorting out is not lost. */
const MOST_OPTIONS = 20;

/**
 * Keeps a draft as far as it is written: nobody to send it to, far too long, a poll with one option. What must be right
 * is asked for when it is handed in (`submitBroadcast`). The row is made at the first save, under the id that the page
 * was given, so that two saves at once, a double click or the way back end at one draft.
 */
export async function saveDraft(
  work: Work,
  village: Village,
  key: DraftKey,
  part: DraftPart,
): Promise<Outcome<Broadcast>> {
  if ((part.body?.length ?? 0) > MOST_CHARACTERS) {
    return invalid({ field: "body", message: `内容最多 ${MOST_CHARACTERS} 个字，请删减` });
  }
  const columns = await listColumns(work.tx, village.id);
  let known = await lockBroadcast(work.tx, key.id);
  if (!known && key.kind) {
    const made = await makeDraft(work, village, columns, { ...key, kind: key.kind }, part);
    known = await lockBroadcast(work.tx, key.id);
    if (made && known) return ok(known);
  }
  if (known?.villageId !== village.id) return refusal("not_found", "没有这条通知");
  if (known.state !== "draft" && known.state !== "returned") return refusal("move_not_allowed", FROZEN);
  const wanted = merge(known, part, columns);
  if (sayWords(wanted) === sayWords(known)) return ok(known);
  const writer = await lastWriter(work.tx, known.id);
  if (known.version !== key.version && writer && writer.id !== work.actor.id) {
    return refusal(
      "move_not_allowed",
      `${writer.name}${sayMoment(writer.at, work.now)}也在改这条草稿，您这次的还没存；再存一次就用您写的`,
    );
  }
  await changeDraft(work.tx, known.id, {
    ...rowOf(wanted),
    ...(await estimate(work, village, wanted)),
    version: known.version + 1,
  });
  if (writer?.id !== work.actor.id) await noteWriting(work, known, "edited");
  await audit(work, { chain: village.id, action: "broadcast.edit", subject: "broadcast", subjectId: known.id });
  return ok({ ...known, ...wanted, version: known.version + 1 });
}

export const FROZEN = "这条通知已经提交，不能再改；要改请先退回";

/** What a draft says, to whom, when. */
type Words = Pick<
  Broadcast,
  | ("columnId" | "kind" | "body" | "options" | "closesAt" | "atLeastOnce" | "urgentReason" | "needsOverseer")
  | ("audience" | "sendAt" | "stages" | "quorum")
>;

function merge(
  known: Words & Pick<Broadcast, "sheetId" | "disclosureId" | "templateId">,
  part: DraftPart,
  columns: readonly Column[],
): Words {
  const { kind } = known;
  // What it was made of may have asked for the overseer; nothing typed takes that back.
  const made = known.sheetId ?? known.disclosureId ?? known.templateId;
  const asked = made !== null && known.needsOverseer;
  const column =
    columns.find((one) => one.name === part.column || one.id === part.column) ??
    columns.find((one) => one.id === known.columnId);
  const { column: _, body, options, urgentReason, ...rest } = part;
  const { atLeastOnce, closesAt, needsOverseer, audience, sendAt, stages, quorum } = { ...known, ...rest };
  const reason = cleanText(urgentReason ?? (urgentReason === null ? "" : (known.urgentReason ?? ""))).trim();
  return {
    kind,
    columnId: column?.id ?? known.columnId,
    body: body === undefined ? known.body : cleanText(body).trim(),
    options: kind === "poll" ? readOptions((options ?? known.options ?? []).slice(0, MOST_OPTIONS)) : null,
    closesAt: kind === "poll" ? closesAt : null,
    atLeastOnce: kind === "emergency" && atLeastOnce,
    urgentReason: kind === "emergency" ? reason.slice(0, 200) || null : null,
    needsOverseer: column?.class === "finance" || asked || needsOverseer,
    quorum: kind === "poll" ? (quorum ?? "half") : null,
    audience,
    sendAt,
    stages,
  };
}

/** As a string to compare; an audience comes back from the database with its fields in another order. */
function sayWords({ audience: { scope, unreachedOf, except, ...doors }, ...words }: Words): string {
  const list = (one: Doors = {}) => [one.groups, one.grids, one.tags, one.households].map((names) => names ?? []);
  const { columnId, kind, body, options, closesAt, quorum, atLeastOnce, urgentReason, needsOverseer } = words;
  const { sendAt, stages } = words;
  return JSON.stringify([
    [columnId, kind, body, options, closesAt, quorum, atLeastOnce, urgentReason, needsOverseer],
    [sendAt, stages?.first, stages?.waitMinutes, scope, unreachedOf, list(doors), list(except)],
  ]);
}

const rowOf = ({ columnId, body, options, quorum, audience, sendAt, stages, ...words }: Words) => ({
  body,
  personal: findBlanks(body).length > 0,
  personal_segments: null,
  options,
  quorum,
  column_id: columnId,
  send_at: sendAt,
  stage_first: stages?.first ?? null,
  stage_minutes: stages?.waitMinutes ?? null,
  audience: JSON.stringify(audience),
  closes_at: words.closesAt,
  at_least_once: words.atLeastOnce,
  urgent_reason: words.urgentReason,
  needs_overseer: words.needsOverseer,
});

/** What a list of notices shows of it; counted anew when it is handed in. */
async function estimate(work: Work, village: Village, words: Words) {
  const { columnId, audience, kind } = words;
  const channel = await channelOfVillage(work.tx, village.id);
  const emergency = kind === "emergency";
  const { recipients } = await countAudience(work.tx, { villageId: village.id, audience, columnId, emergency });
  const { segments } = countSegments(writeSignature(village.signature) + writeBody(words));
  return { segments_per_message: segments, recipients, price: channel.price };
}

async function makeDraft(
  work: Work,
  village: Village,
  columns: readonly Column[],
  key: DraftKey & { kind: BroadcastKind },
  part: DraftPart,
): Promise<boolean> {
  const [first] = columns;
  if (!first) throw new Error("a village without columns");
  // Whom its column is meant for is where writing begins.
  const named = columns.find((one) => one.name === part.column || one.id === part.column);
  const words = merge(
    { ...BLANK, audience: named?.audience ?? EVERYONE, kind: key.kind, columnId: first.id },
    part,
    columns,
  );
  const counted = await estimate(work, village, words);
  const channel = await channelOfVillage(work.tx, village.id);
  const made = await insertBroadcast(
    work.tx,
    {
      ...words,
      id: key.id,
      villageId: village.id,
      personal: findBlanks(words.body).length > 0,
      personalSegments: null,
      channelId: channel.id,
      segmentsPerMessage: counted.segments_per_message,
      recipients: counted.recipients,
      price: counted.price,
      draftedBy: work.actor.id,
      origin: key.origin ?? {},
    },
    work.now,
  );
  if (!made) return false;
  await noteWriting(work, { id: key.id, villageId: village.id }, "drafted");
  await audit(work, { chain: village.id, action: "broadcast.draft", subject: "broadcast", subjectId: key.id });
  return true;
}

const BLANK = {
  sheetId: null,
  disclosureId: null,
  templateId: null,
  quorum: null,
  body: "",
  options: [],
  closesAt: null,
  atLeastOnce: false,
  urgentReason: null,
  needsOverseer: false,
  audience: EVERYONE,
  sendAt: null,
  stages: null,
};

const noteWriting = (work: Work, { id, villageId }: Pick<Broadcast, "id" | "villageId">, kind: "drafted" | "edited") =>
  noteEvent(work.tx, { broadcastId: id, villageId, actorId: work.actor.id, kind }, work.now);
