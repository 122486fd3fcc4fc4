import type { FastifyInstance } from "fastify";
import { type TSchema, Type } from "typebox";
import { fromLocal } from "../lib/china-time.ts";
import { isUuid, type SuggestionId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import type { Action } from "../lib/roles.ts";
import type { Sealer } from "../lib/seal.ts";
import type { Work, WorkDeps } from "../queue/work.ts";
import { apiRoute } from "../web/api.ts";
import { acceptSuggestion } from "./accept-suggestion.ts";
import { answerSuggestion } from "./answer-suggestion.ts";
import { askVillager } from "./ask-villager.ts";
import { assignSuggestion } from "./assign-suggestion.ts";
import { CaseView, viewCase } from "./case-json.ts";
import { declineSuggestion } from "./decline-suggestion.ts";
import { escalateSuggestion } from "./escalate-suggestion.ts";
import { extendSuggestion } from "./extend-suggestion.ts";
import { noteSuggestion } from "./note-suggestion.ts";
import { PROPER_CHANNELS } from "./proper-channel.ts";
import { publishSuggestion, withdrawSuggestion } from "./publish-suggestion.ts";
import { reopenSuggestion } from "./reopen-suggestion.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import { RESULT_KINDS } from "./suggestion.ts";
import { type Telling, tellInPerson } from "./tell-in-person.ts";
import { type TransferWish, transferSuggestion } from "./transfer-suggestion.ts";

const strict = { additionalProperties: false } as const;
const Text = Type.String({ maxLength: 5000 });
const Short = Type.String({ maxLength: 100 });

/** What a program may do to one case; each answers with the case as it stands then. */
export function moveRoutes(app: FastifyInstance, deps: WorkDeps & { sealer: Sealer }): void {
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
      params: Type.Object({ id: Type.String() }),
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
    body: Type.Object(
      {
        reason: Text,
        channel: Type.Optional(
          Type.String({ description: `${Object.keys(PROPER_CHANNELS).join(", ")}, or the Chinese words` }),
        ),
      },
      strict,
    ),
    move: (work, id, body: { reason: string; channel?: string }) =>
      declineSuggestion(work, id, body.reason, body.channel),
  });
  move({
    url: "note",
    access: "suggestion.note",
    summary: "A line for colleagues; never for the villager",
    body: Type.Object({ text: Text }, strict),
    move: (work, id, body: { text: string }) => noteSuggestion(work, id, body.text),
  });
  move({
    url: "question",
    access: "suggestion.ask",
    summary: "Ask the villager for more; his next text within three days joins the case",
    body: Type.Object({ question: Text }, strict),
    move: (work, id, body: { question: string }) => askVillager(work, id, body.question),
  });
  move({
    url: "transfer",
    access: "suggestion.transfer",
    summary: "Pass it to a body outside the village; its name and phone are texted to the villager",
    body: Type.Object({ to: Short, phone: Short, reason: Type.Optional(Text) }, strict),
    move: (work, id, body: TransferWish) => transferSuggestion(work, id, body),
  });
  move({
    url: "reopening",
    access: "suggestion.reopen",
    summary: "Open it again; the reason and the new date are texted to the villager",
    body: Type.Object({ reason: Text }, strict),
    move: (work, id, body: { reason: string }) => reopenSuggestion(work, id, body.reason),
  });
  move({
    url: "telling",
    access: "suggestion.tell",
    summary: "The answer was told in person to somebody without a phone; his verdict may be written down",
    body: Type.Object(
      {
        whom: Short,
        on: Type.Optional(Type.String({ maxLength: 40, description: "2026-10-15; today without it" })),
        rating: Type.Optional(Type.String({ pattern: "^[1-4]$" })),
      },
      strict,
    ),
    move: (work, id, body: Telling) => tellInPerson(work, id, body),
  });
  move({
    url: "publication",
    access: "suggestion.publish",
    summary: "Publish a settled case in words that name nobody; again to replace them",
    body: Type.Object({ question: Text, answer: Text }, strict),
    move: (work, id, body: { question: string; answer: string }) => publishSuggestion(work, id, body),
  });
  move({
    url: "withdrawal",
    access: "suggestion.publish",
    summary: "Take a published case back",
    move: (work, id) => withdrawSuggestion(work, id),
  });
}

/** A day means its end; a moment is taken as it is. */
function readDay(text: string): Date | null {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.trim());
  const moment = day ? fromLocal(Number(day[1]), Number(day[2]), Number(day[3]), 24) : new Date(text);
  return Number.isNaN(moment.getTime()) ? null : moment;
}
