import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { isoLocal } from "../lib/china-time.ts";
import { type BroadcastId, isUuid, type MessageId } from "../lib/ids.ts";
import { maskPhone } from "../lib/phone.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Sealer } from "../lib/seal.ts";
import { MESSAGE_STATES } from "../message/message.ts";
import { sayReason } from "../message/reasons.ts";
import type { Work, WorkDeps } from "../queue/work.ts";
import { findVillage } from "../village/village.queries.ts";
import { apiRoute, Nullable, OneOf, PageQuery, page, pageOf, readLimit } from "../web/api.ts";
import { allowOverBudget } from "./allow-over-budget.ts";
import { approveBroadcast } from "./approve-broadcast.ts";
import { type Broadcast, findBroadcast, listBroadcasts } from "./broadcast.queries.ts";
import { BROADCAST_KINDS, BROADCAST_STATES, MAX_STAGE_MINUTES } from "./broadcast.ts";
import { cancelBroadcast, pauseBroadcast, resumeBroadcast } from "./control-broadcast.ts";
import { costOf, draftBroadcast, submitBroadcast } from "./draft-broadcast.ts";
import { type Counts, countMessages, countMessagesOf, listRecipients } from "./recipients.queries.ts";

const Staged = Type.Object(
  { first: Type.Integer({ minimum: 1 }), waitMinutes: Type.Integer({ minimum: 1, maximum: MAX_STAGE_MINUTES }) },
  { additionalProperties: false, description: "the first so many recipients at once, the rest so many minutes later" },
);

export const BroadcastView = Type.Object({
  id: Type.String(),
  kind: OneOf(BROADCAST_KINDS),
  atLeastOnce: Type.Boolean({ description: "an emergency that would rather arrive twice than not at all" }),
  state: OneOf(BROADCAST_STATES),
  column: Type.String(),
  body: Type.String(),
  recipients: Type.Integer(),
  segmentsPerMessage: Type.Integer(),
  segments: Type.Integer({ description: "of all texts together" }),
  cost: Type.Integer({ description: "分" }),
  counts: Type.Record(Type.String(), Type.Integer(), { description: "every message state of DESIGN.md 4" }),
  sendAt: Nullable(Type.String()),
  staged: Nullable(Staged),
  overBudget: Type.Boolean({ description: "the township lets it go over the month's budget" }),
  note: Nullable(Type.String()),
});

const RecipientView = Type.Object({
  phone: Type.String(),
  household: Nullable(Type.String()),
  state: OneOf(MESSAGE_STATES),
  reason: Nullable(Type.String({ description: "in words" })),
  carrierMessageId: Nullable(Type.String()),
  attempts: Type.Integer(),
});

const NewBroadcast = Type.Object(
  {
    column: Type.String({ minLength: 1, maxLength: 100 }),
    body: Type.String({ maxLength: 5000 }),
    kind: Type.Optional(OneOf(["notice", "emergency"] as const)),
    atLeastOnce: Type.Optional(
      Type.Boolean({ description: "only with kind emergency: send again what stays unknown after two look-ups" }),
    ),
    audience: Type.Optional(
      Type.Object(
        { scope: Type.Union([Type.Literal("households"), Type.Literal("villagers")]) },
        { additionalProperties: false },
      ),
    ),
    sendAt: Type.Optional(Type.Union([Type.String({ maxLength: 40 }), Type.Null()])),
    staged: Type.Optional(Nullable(Staged)),
    submit: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

const VillageParams = Type.Object({ code: Type.String() });
const IdParams = Type.Object({ id: Type.String() });

export function broadcastRoutes(app: FastifyInstance, deps: WorkDeps & { sealer: Sealer }): void {
  apiRoute(app, deps, {
    method: "POST",
    url: "/villages/:code/broadcasts",
    access: "broadcast.draft",
    summary: "Write a notice, and hand it in unless `submit` is false",
    params: VillageParams,
    body: NewBroadcast,
    status: 201,
    answer: BroadcastView,
    async handle(work, { params, body }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const sendAt = body.sendAt == null ? null : new Date(body.sendAt);
      if (sendAt !== null && Number.isNaN(sendAt.getTime())) {
        return invalid({ field: "sendAt", message: "时间要写成 2026-10-09T19:00:00+08:00 这样" });
      }
      const drafted = await draftBroadcast(
        work,
        village,
        { ...body, sendAt, stages: body.staged },
        body.submit ?? true,
      );
      return drafted.ok ? await viewBroadcast(work, drafted.value) : drafted;
    },
  });

  apiRoute(app, deps, {
    method: "GET",
    url: "/villages/:code/broadcasts",
    access: "broadcast.read",
    summary: "A village's notices, newest first",
    params: VillageParams,
    query: Type.Object(PageQuery, { additionalProperties: false }),
    answer: pageOf(BroadcastView),
    async handle(work, { params, query }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const limit = readLimit(query.limit);
      const before = query.cursor && isUuid(query.cursor) ? (query.cursor as BroadcastId) : null;
      const rows = await listBroadcasts(work.tx, village.id, limit + 1, before);
      const counts = await countMessagesOf(
        work.tx,
        rows.map((row) => row.id),
      );
      return ok(
        page(
          rows,
          limit,
          (row) => row.id,
          (row) => describe(row, counts.get(row.id) ?? {}),
        ),
      );
    },
  });

  apiRoute(app, deps, {
    method: "GET",
    url: "/broadcasts/:id",
    access: "broadcast.read",
    summary: "One notice with its counts per message state",
    params: IdParams,
    answer: BroadcastView,
    handle: async (work, { params }) => await viewBroadcast(work, params.id as BroadcastId),
  });

  apiRoute(app, deps, {
    method: "GET",
    url: "/broadcasts/:id/recipients",
    access: "broadcast.read",
    summary: "Everybody it was for, with what became of the text",
    params: IdParams,
    query: Type.Object({ ...PageQuery, state: Type.Optional(OneOf(MESSAGE_STATES)) }, { additionalProperties: false }),
    answer: pageOf(RecipientView),
    async handle(work, { params, query }) {
      const broadcast = isUuid(params.id) ? await findBroadcast(work.tx, params.id as BroadcastId) : undefined;
      if (!broadcast) return refusal("not_found", "没有这条通知");
      const limit = readLimit(query.limit);
      const rows = await listRecipients(work.tx, broadcast.id, {
        states: query.state ? [query.state] : null,
        limit: limit + 1,
        after: query.cursor && isUuid(query.cursor) ? (query.cursor as MessageId) : null,
      });
      return ok(
        page(
          rows,
          limit,
          (row) => row.id,
          (row) => ({
            phone: maskPhone(deps.sealer.openPhone(row.phone)),
            household: row.household,
            state: row.state,
            reason: sayReason(row.state, row.reason),
            carrierMessageId: row.carrierMessageId,
            attempts: row.attempts,
          }),
        ),
      );
    },
  });

  const moves = [
    { url: "submission", access: "broadcast.draft", summary: "Hand a draft in for approval", move: submitBroadcast },
    {
      url: "approval",
      access: "broadcast.approve",
      summary: "The second key: never the drafter's",
      move: approveBroadcast,
    },
    {
      url: "over-budget",
      access: "broadcast.overspend",
      summary: "The township's word that this one may go over the month's budget",
      move: allowOverBudget,
    },
    { url: "pause", access: "broadcast.control", summary: "Stop within one chunk", move: pauseBroadcast },
    { url: "resume", access: "broadcast.control", summary: "Go on, or send one that was held", move: resumeBroadcast },
    {
      url: "cancellation",
      access: "broadcast.control",
      summary: "What has not left never will",
      move: cancelBroadcast,
    },
  ] as const;
  for (const { url, access, summary, move } of moves) {
    apiRoute(app, deps, {
      method: "POST",
      url: `/broadcasts/:id/${url}`,
      access,
      summary,
      params: IdParams,
      answer: BroadcastView,
      async handle(work, { params }) {
        const moved = isUuid(params.id)
          ? await move(work, params.id as BroadcastId)
          : refusal("not_found", "没有这条通知");
        return moved.ok ? await viewBroadcast(work, moved.value) : moved;
      },
    });
  }
}

export async function viewBroadcast(work: Work, id: BroadcastId): Promise<Outcome<ReturnType<typeof describe>>> {
  const broadcast = isUuid(id) ? await findBroadcast(work.tx, id) : undefined;
  return broadcast ? ok(describe(broadcast, await countMessages(work.tx, id))) : refusal("not_found", "没有这条通知");
}

function describe(broadcast: Broadcast, counts: Counts) {
  const segments = broadcast.segmentsPerMessage * broadcast.recipients;
  return {
    id: broadcast.id,
    kind: broadcast.kind,
    atLeastOnce: broadcast.atLeastOnce,
    state: broadcast.state,
    column: broadcast.column,
    body: broadcast.body,
    recipients: broadcast.recipients,
    segmentsPerMessage: broadcast.segmentsPerMessage,
    segments,
    cost: costOf(segments, broadcast.price),
    counts: Object.fromEntries(MESSAGE_STATES.map((state) => [state, counts[state] ?? 0])),
    sendAt: broadcast.sendAt === null ? null : isoLocal(broadcast.sendAt),
    staged: broadcast.stages,
    overBudget: broadcast.overBudget,
    note: broadcast.note,
  };
}
