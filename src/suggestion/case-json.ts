import { Type } from "typebox";
import { isoLocal } from "../lib/china-time.ts";
import { isUuid, type SuggestionId } from "../lib/ids.ts";
import { maskPhone } from "../lib/phone.ts";
import { refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Sealer } from "../lib/seal.ts";
import { countDoubts } from "../message/doubts.queries.ts";
import type { Work } from "../queue/work.ts";
import { Nullable, OneOf } from "../web/api.ts";
import { findPublication } from "./publication.queries.ts";
import { findSuggestion, type Suggestion } from "./suggestion.queries.ts";
import { isOpen, NATURES, RESULT_KINDS, SUGGESTION_STATES } from "./suggestion.ts";
import { listTimeline, type TimelineEvent } from "./timeline.queries.ts";

/** A case as a program reads it: one line of the ledger, and one case with all that happened. */
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
  source: OneOf(["sms", "oral"] as const),
  passedTo: Nullable(Type.String({ description: "the body outside the village that has it, or where he was sent" })),
  toldAt: Nullable(Type.String({ description: "when somebody without a phone was told the answer" })),
};
export const SummaryView = Type.Object(summary);
export const CaseView = Type.Object({
  ...summary,
  doubts: Type.Integer({ description: "texts of it of which nobody knows whether they left" }),
  events: Type.Array(
    Type.Object({ at: Type.String(), actor: Type.String(), kind: Type.String(), text: Type.String() }),
  ),
  published: Nullable(Type.Object({ question: Type.String(), answer: Type.String() })),
});

export async function viewCase(work: Work, id: string, sealer: Sealer) {
  const suggestion = isUuid(id) ? await findSuggestion(work.tx, id as SuggestionId) : undefined;
  if (!suggestion) return refusal("not_found", "没有这件意见");
  const events = await listTimeline(work.tx, suggestion.id);
  const publication = await findPublication(work.tx, suggestion.id);
  return ok({
    ...describeLine(suggestion, sealer, work.now),
    doubts: (await countDoubts(work.tx, { suggestionId: suggestion.id })).n,
    events: events.map((event) => ({
      at: isoLocal(event.at),
      actor: sayActor(event),
      kind: event.kind,
      text: event.text,
    })),
    published: publication ? { question: publication.question, answer: publication.answer } : null,
  });
}

const sayActor = (event: TimelineEvent): string =>
  event.actor ?? (event.voice === "villager" ? "村民" : event.voice === "service" ? "系统" : "已离任人员");

export const describeLine = (suggestion: Suggestion, sealer: Sealer, now: Date) => ({
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
  source: suggestion.source,
  passedTo: suggestion.passedTo,
  toldAt: suggestion.toldAt === null ? null : isoLocal(suggestion.toldAt),
});
