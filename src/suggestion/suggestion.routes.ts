import type { FastifyInstance } from "fastify";
import { type TSchema, Type } from "typebox";
import { fromLocal, isoLocal } from "../lib/china-time.ts";
import { isUuid, type SuggestionId } from "../lib/ids.ts";
import { maskPhone } from "../lib/phone.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Action } from "../lib/roles.ts";
import type { Sealer } from "../lib/seal.ts";
import type { Work, WorkDeps } from "../queue/work.ts";
import { findVillage } from "../village/village.queries.ts";
import { apiRoute, Nullable, OneOf, PageQuery, page, pageOf, readLimit } from "../web/api.ts";
import { answerSuggestion } from "./answer-suggestion.ts";
import { listLedger } from "./ledger.queries.ts";
import {
  acceptSuggestion,
  assignSuggestion,
  declineSuggestion,
  escalateSuggestion,
  extendSuggestion,
} from "./move-suggestion.ts";
import { findSuggestion, type Suggestion } from "./suggestion.queries.ts";
import { isOpen, NATURES, RESULT_KINDS, SUGGESTION_STATES } from "./suggestion.ts";
import { listTimeline, type TimelineEvent } from "./timeline.queries.ts";

const summary = {
  id: Type.String(),
  number: Type.Integer(),
  state: OneOf(SUGGESTION_STATES),
  nature: OneOf(NATURES),
  category: Nullable(Type.String()),
  urgent: Type.Boolean(),
  sealed: Type.Boolean(),
  text: Type.String(),
  openedAt: Type.String(),
  dueAt: Type.String(),
  overdue: Type.Boolean(),
  owner: Nullable(Type.String()),
  villager: Nullable(
    Type.Object({ name: Nullable(Type.String()), household: Nullable(Type.String()), phone: Nullable(Type.String()) }),
  ),
  resultKind: Nullable(OneOf(RESULT_KINDS)),
  plannedFor: Nullable(Type.String()),
  answer: Nullable(Type.String()),
  rating: Nullable(Type.Integer()),
  escalatedAt: Nullable(Type.String()),
};
const SummaryView = Type.Object(summary);
export const CaseView = Type.Object({
  ...summary,
  events: Type.Array(
    Type.Object({ at: Type.String(), actor: Type.String(), kind: Type.String(), text: Type.String() }),
  ),
});

const IdParams = Type.Object({ id: Type.String() });
const strict = { additionalProperties: false } as const;
const Text = Type.String({ maxLength: 5000 });

export function suggestionRoutes(app: FastifyInstance, deps: WorkDeps & { sealer: Sealer }): void {
  apiRoute(app, deps, {
    method: "GET",
    url: "/villages/:code/suggestions",
    access: "suggestion.read",
    summary: "The ledger: whoever waits longest against the promise first",
    params: Type.Object({ code: Type.String() }),
    query: Type.Object(
      {
        ...PageQuery,
        state: Type.Optional(OneOf(SUGGESTION_STATES)),
        overdue: Type.Optional(OneOf(["true", "false"])),
      },
      strict,
    ),
    answer: pageOf(SummaryView),
    async handle(work, { params, query }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const limit = readLimit(query.limit);
      const offset = Number(/^\d{1,7}$/.exec(query.cursor ?? "")?.[0] ?? 0);
      const rows = await listLedger(work.tx, village.id, {
        states: query.state ? [query.state] : null,
        overdue: query.overdue === "true",
        now: work.now,
        limit: limit + 1,
        offset,
      });
      return ok(
        page(
          rows,
          limit,
          () => String(offset + limit),
          (row) => describe(row, deps.sealer, work.now),
        ),
      );
    },
  });

  apiRoute(app, deps, {
    method: "GET",
    url: "/suggestions/:id",
    access: "suggestion.read",
    summary: "One case with everything that happened to it",
    params: IdParams,
    answer: CaseView,
    handle: (work, { params }) => viewCase(work, params.id, deps.sealer),
  });

  const move = <Body extends TSchema>(call: {
    url: string;
    access: Action;
    summary: string;
    body?: Body;
    move(work: Work, id: SuggestionId, body: never): Promise<Outcome<Suggestion>>;
  }): void =>
    apiRoute(app, deps, {
      method: "POST",
      url: `/suggestions/:id/${call.url}`,
      access: call.access,
      summary: call.summary,
      params: IdParams,
      ...(call.body ? { body: call.body } : {}),
      answer: CaseView,
      async handle(work, { params, body }) {
        if (!isUuid(params.id)) return refusal("not_found", "没有这件意见");
        const moved = await call.move(work, params.id as SuggestionId, body as never);
        return moved.ok ? await viewCase(work, params.id, deps.sealer) : moved;
      },
    });

  move({
    url: "acceptance",
    access: "suggestion.accept",
    summary: "Take it on",
    move: (work, id) => acceptSuggestion(work, id),
  });
  move({
    url: "assignment",
    access: "suggestion.assign",
    summary: "Give it to somebody of the village, by account id or full name",
    body: Type.Object({ to: Type.String({ minLength: 1, maxLength: 100 }) }, strict),
    move: (work, id, body: { to: string }) => assignSuggestion(work, id, body.to),
  });
  move({
    url: "extension",
    access: "suggestion.extend",
    summary: "More time, once; the reason is texted to the villager",
    body: Type.Object({ reason: Text, dueAt: Type.String({ maxLength: 40 }) }, strict),
    async move(work, id, body: { reason: string; dueAt: string }) {
      const dueAt = readDay(body.dueAt);
      if (!dueAt) return invalid({ field: "dueAt", message: "日期要写成 2026-10-15" });
      return await extendSuggestion(work, id, { reason: body.reason, dueAt });
    },
  });
  move({
    url: "answer",
    access: "suggestion.answer",
    summary: "Answer: it is texted at once, and the villager is asked for his verdict",
    body: Type.Object(
      {
        resultKind: Type.String({ description: `${RESULT_KINDS.join(", ")}, or the Chinese words` }),
        text: Text,
        plannedFor: Type.Optional(
          Type.String({ maxLength: 40, description: "needed with `planned` unless the text names a date" }),
        ),
      },
      strict,
    ),
    move: (work, id, body: { resultKind: string; text: string; plannedFor?: string }) =>
      answerSuggestion(work, id, body),
  });
  move({
    url: "escalation",
    access: "suggestion.escalate",
    summary: "Hand it up to the township",
    // The body may be left out.
    move: (work, id, body: { reason?: unknown } | null | undefined) =>
      escalateSuggestion(work, id, typeof body?.reason === "string" ? body.reason : ""),
  });
  move({
    url: "decline",
    access: "suggestion.decline",
    summary: "Not taken on; the reason and the proper channel are texted to the villager",
    body: Type.Object({ reason: Text }, strict),
    move: (work, id, body: { reason: string }) => declineSuggestion(work, id, body.reason),
  });
}

/** A day means its end; a moment is taken as it is. */
function readDay(text: string): Date | null {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.trim());
  const moment = day ? fromLocal(Number(day[1]), Number(day[2]), Number(day[3]), 24) : new Date(text);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

/** One case as the API shows it. */
export async function viewCase(work: Work, id: string, sealer: Sealer) {
  const suggestion = isUuid(id) ? await findSuggestion(work.tx, id as SuggestionId) : undefined;
  if (!suggestion) return refusal("not_found", "没有这件意见");
  const events = await listTimeline(work.tx, suggestion.id);
  return ok({
    ...describe(suggestion, sealer, work.now),
    events: events.map((event) => ({
      at: isoLocal(event.at),
      actor: sayActor(event),
      kind: event.kind,
      text: event.text,
    })),
  });
}

const sayActor = (event: TimelineEvent): string =>
  event.actor ?? (event.voice === "villager" ? "村民" : event.voice === "service" ? "系统" : "已离任人员");

const describe = (suggestion: Suggestion, sealer: Sealer, now: Date) => ({
  id: suggestion.id,
  number: suggestion.number,
  state: suggestion.state,
  nature: suggestion.nature,
  category: suggestion.category,
  urgent: suggestion.urgent,
  sealed: suggestion.sealed,
  text: suggestion.text,
  openedAt: isoLocal(suggestion.openedAt),
  dueAt: isoLocal(suggestion.dueAt),
  overdue: isOpen(suggestion.state) && suggestion.dueAt <= now,
  owner: suggestion.owner,
  villager: {
    name: suggestion.villager,
    household: suggestion.household,
    phone: suggestion.phone ? maskPhone(sealer.openPhone(suggestion.phone)) : null,
  },
  resultKind: suggestion.resultKind,
  plannedFor: suggestion.plannedFor,
  answer: suggestion.answer,
  rating: suggestion.rating,
  escalatedAt: suggestion.escalatedAt === null ? null : isoLocal(suggestion.escalatedAt),
});
