import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { isoLocal } from "../../lib/china-time.ts";
import { type BroadcastId, isUuid } from "../../lib/ids.ts";
import { type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { Work, WorkDeps } from "../../queue/work.ts";
import { apiRoute, Nullable } from "../../web/api.ts";
import { findBroadcast } from "../broadcast.queries.ts";
import { BroadcastView, viewBroadcast } from "../describe-broadcast.ts";
import { listEvents } from "../events.queries.ts";
import { approveBroadcast } from "./approve-broadcast.ts";
import { commentOnBroadcast } from "./comments.ts";
import { returnBroadcast, withdrawBroadcast } from "./return-broadcast.ts";
import { countersignBroadcast } from "./rush-broadcast.ts";
import { compareVersions } from "./show-history.ts";
import { listVersions } from "./versions.queries.ts";

const IdParams = Type.Object({ id: Type.String() });
const Reason = Type.Optional(Type.String({ maxLength: 1000 }));
const strict = { additionalProperties: false };
const NO_NOTICE = refusal("not_found", "没有这条通知");

const HistoryView = Type.Object({
  events: Type.Array(
    Type.Object({ at: Type.String(), actor: Nullable(Type.String()), kind: Type.String(), note: Type.String() }),
  ),
  versions: Type.Array(
    Type.Object({
      version: Type.Integer(),
      text: Type.String(),
      sendAt: Nullable(Type.String()),
      by: Type.String(),
      at: Type.String(),
      facts: Type.Array(Type.Object({ name: Type.String(), words: Type.String(), was: Nullable(Type.String()) }), {
        description: "what is signed beside the text: column, audience, closing time …",
      }),
      changes: Type.Array(Type.Object({ kind: Type.String({ description: "same, out or in" }), text: Type.String() }), {
        description: "beside the version before it",
      }),
    }),
  ),
});

/** The keys of a notice for programs: what the notice's page offers, and its history. */
export function approvalApiRoutes(app: FastifyInstance, deps: WorkDeps): void {
  const viewed = async (work: Work, id: string, move: (id: BroadcastId) => Promise<Outcome<BroadcastId>>) => {
    const moved = isUuid(id) ? await move(id as BroadcastId) : NO_NOTICE;
    return moved.ok ? await viewBroadcast(work, moved.value) : moved;
  };

  apiRoute(app, deps, {
    method: "POST",
    url: "/broadcasts/:id/approval",
    access: "broadcast.sign",
    summary: "Sign: as approver, or as overseer where finance and subsidies need him; never the drafter",
    params: IdParams,
    body: Type.Optional(
      Type.Union([Type.Object({ version: Type.Optional(Type.Integer({ minimum: 1 })) }, strict), Type.Null()]),
    ),
    answer: BroadcastView,
    handle: (work, { params, body }) =>
      viewed(work, params.id, (id) => approveBroadcast(work, id, body?.version ?? null)),
  });
  apiRoute(app, deps, {
    method: "POST",
    url: "/broadcasts/:id/return",
    access: "broadcast.sign",
    summary: "Send it back to whoever wrote it, with the reason",
    params: IdParams,
    body: Type.Object({ reason: Reason }, strict),
    answer: BroadcastView,
    handle: (work, { params, body }) => viewed(work, params.id, (id) => returnBroadcast(work, id, body.reason ?? "")),
  });
  apiRoute(app, deps, {
    method: "POST",
    url: "/broadcasts/:id/withdrawal",
    access: "broadcast.draft",
    summary: "The drafter takes it back to change it; every signature is void",
    params: IdParams,
    answer: BroadcastView,
    handle: (work, { params }) => viewed(work, params.id, (id) => withdrawBroadcast(work, id)),
  });
  apiRoute(app, deps, {
    method: "POST",
    url: "/broadcasts/:id/countersignature",
    access: "broadcast.countersign",
    summary: "The second person's word about an emergency that left with one key",
    params: IdParams,
    body: Type.Object({ agree: Type.Boolean(), reason: Reason }, strict),
    answer: BroadcastView,
    handle: (work, { params, body }) =>
      viewed(work, params.id, (id) => countersignBroadcast(work, id, { agree: body.agree, reason: body.reason ?? "" })),
  });
  apiRoute(app, deps, {
    method: "POST",
    url: "/broadcasts/:id/comments",
    access: "broadcast.comment",
    summary: "A remark among staff; villagers never see it",
    params: IdParams,
    body: Type.Object({ text: Type.String({ maxLength: 2000 }) }, strict),
    answer: BroadcastView,
    handle: (work, { params, body }) => viewed(work, params.id, (id) => commentOnBroadcast(work, id, body.text)),
  });
  apiRoute(app, deps, {
    method: "GET",
    url: "/broadcasts/:id/history",
    access: "broadcast.read",
    summary: "Who did what and when, and every text that was handed in",
    params: IdParams,
    answer: HistoryView,
    async handle(work, { params }) {
      const broadcast = isUuid(params.id) ? await findBroadcast(work.tx, params.id as BroadcastId) : undefined;
      if (!broadcast) return NO_NOTICE;
      const events = await listEvents(work.tx, broadcast.id);
      const versions = compareVersions(await listVersions(work.tx, broadcast.id));
      return ok({
        events: events.map((event) => ({ ...event, at: isoLocal(event.at) })),
        versions: versions.map(({ pieces, ...one }) => ({
          ...one,
          sendAt: one.sendAt && isoLocal(one.sendAt),
          at: isoLocal(one.at),
          changes: pieces,
        })),
      });
    },
  });
}
