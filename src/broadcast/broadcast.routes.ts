import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { type BroadcastId, isUuid, type MessageId } from "../lib/ids.ts";
import { maskPhone } from "../lib/phone.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Sealer } from "../lib/seal.ts";
import { MESSAGE_STATES } from "../message/message.ts";
import { sayReason } from "../message/reasons.ts";
import type { WorkDeps } from "../queue/work.ts";
import { findVillage } from "../village/village.queries.ts";
import { apiRoute, Nullable, OneOf, PageQuery, page, pageOf, readLimit } from "../web/api.ts";
import { allowOverBudget } from "./allow-over-budget.ts";
import { countMessagesOf, listRecipients } from "./audience/recipients.queries.ts";
import { findBroadcast, listBroadcasts } from "./broadcast.queries.ts";
import { BROADCAST_KINDS } from "./broadcast.ts";
import { AudienceBody, BroadcastView, describeBroadcast, Staged, viewBroadcast } from "./describe-broadcast.ts";
import { draftBroadcast } from "./draft-broadcast.ts";
import { QUORUMS } from "./poll/poll.ts";
import { cancelBroadcast, pauseBroadcast, resumeBroadcast } from "./sending/control-broadcast.ts";
import { submitBroadcast } from "./submit-broadcast.ts";

const RecipientView = Type.Object({
  phone: Type.String(),
  household: Nullable(Type.String()),
  state: OneOf(MESSAGE_STATES),
  reason: Nullable(Type.String({ description: "in words" })),
  carrierMessageId: Nullable(Type.String()),
  attempts: Type.Integer(),
});

const Moment = Type.Union([Type.String({ maxLength: 40 }), Type.Null()], {
  description: "ISO 8601 with its offset",
});
const RepeatAnyway = Type.Boolean({
  description: "the same text went to the same people within a day (409 `repeated_notice`), and is meant to go again",
});
const NewBroadcast = Type.Object(
  {
    column: Type.String({ minLength: 1, maxLength: 100 }),
    body: Type.String({ maxLength: 5000 }),
    kind: Type.Optional(OneOf(BROADCAST_KINDS)),
    atLeastOnce: Type.Optional(
      Type.Boolean({ description: "only with kind emergency: send again what stays unknown after two look-ups" }),
    ),
    audience: Type.Optional(AudienceBody),
    sendAt: Type.Optional(Moment),
    options: Type.Optional(
      Type.Array(Type.String({ maxLength: 100 }), { maxItems: 20, description: "of a poll: 2 to 9" }),
    ),
    closesAt: Type.Optional(Moment),
    quorum: Type.Optional(OneOf(QUORUMS)),
    needsOverseer: Type.Optional(
      Type.Boolean({ description: "finance columns always need the overseer's signature too; subsidies say so here" }),
    ),
    reason: Type.Optional(
      Type.String({
        maxLength: 500,
        description: "of an emergency that leaves at once with one key, and is signed after: why it cannot wait",
      }),
    ),
    staged: Type.Optional(Nullable(Staged)),
    submit: Type.Optional(Type.Boolean()),
    repeatAnyway: Type.Optional(RepeatAnyway),
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
      const sendAt = readMoment("sendAt", body.sendAt);
      if (!sendAt.ok) return sendAt;
      const closesAt = readMoment("closesAt", body.closesAt);
      if (!closesAt.ok) return closesAt;
      const drafted = await draftBroadcast(
        work,
        village,
        {
          ...body,
          sendAt: sendAt.value,
          closesAt: closesAt.value,
          stages: body.staged,
          urgentReason: body.reason,
        },
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
          (row) => describeBroadcast(row, counts.get(row.id) ?? {}),
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

  apiRoute(app, deps, {
    method: "POST",
    url: "/broadcasts/:id/submission",
    access: "broadcast.draft",
    summary: "Hand a draft in for approval",
    params: IdParams,
    body: Type.Optional(
      Type.Union([
        Type.Object({ repeatAnyway: Type.Optional(RepeatAnyway) }, { additionalProperties: false }),
        Type.Null(),
      ]),
    ),
    answer: BroadcastView,
    async handle(work, { params, body }) {
      if (!isUuid(params.id)) return refusal("not_found", "没有这条通知");
      const moved = await submitBroadcast(work, params.id as BroadcastId, body ?? {});
      return moved.ok ? await viewBroadcast(work, moved.value) : moved;
    },
  });

  const moves = [
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

function readMoment(field: string, text: string | null | undefined): Outcome<Date | null> {
  if (text == null) return ok(null);
  const at = new Date(text);
  // What lies beyond no calendar reckons with.
  if (at < EARLIEST || at > LATEST || Number.isNaN(at.getTime())) {
    return invalid({ field, message: "时间要写成 2026-10-09T19:00:00+08:00 这样" });
  }
  return ok(at);
}
const [EARLIEST, LATEST] = [new Date("2000-01-01"), new Date("2100-01-01")];
