import { localDate } from "../lib/china-time.ts";
import { mayMove } from "../lib/moves.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { type Action, may, ROLE_NAMES, type Role } from "../lib/roles.ts";
import type { Sealer } from "../lib/seal.ts";
import { endOfSpan } from "../lib/spans.ts";
import { countDoubts } from "../message/doubts.queries.ts";
import type { Work } from "../queue/work.ts";
import { listHandlers } from "../staff/staff.queries.ts";
import type { Village } from "../village/village.queries.ts";
import type { Fields, Page, Visit } from "../web/page.ts";
import { listAlarmsOfCase } from "./alarm.queries.ts";
import { describeAlarms } from "./alarm-view.ts";
import { describeRelations } from "./case-relations.ts";
import { describeCase, describeTimeline, titleOf } from "./case-view.ts";
import { sayNamed } from "./choose-handler.ts";
import { previewAnswer } from "./composer.ts";
import { findNamed } from "./conflict.ts";
import { findCase } from "./find-case.ts";
import { escalatedInRound } from "./ladder.ts";
import { listPhrases } from "./phrases.queries.ts";
import { CHANNEL_CHOICES } from "./proper-channel.ts";
import { findPublication } from "./publication.queries.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import {
  isOpen,
  RATING_WORDS,
  RESULT_KINDS,
  RESULT_WORDS,
  SUGGESTION_MOVES,
  type SuggestionState,
} from "./suggestion.ts";
import { listTimeline } from "./timeline.queries.ts";

export async function visitCase(
  work: Work,
  params: Fields,
): Promise<Outcome<{ village: Village; suggestion: Suggestion }>> {
  const found = await findCase(work, params.id ?? "", params.code ?? "");
  // A sealed case has a page of its own, so that nobody leaves it open on the village's screen by mistake.
  return found.ok && found.value.suggestion.sealed ? refusal("not_found", "没有这件意见") : found;
}

/** One case: what was said and done, the promise, and the answer under the thumb. `draft` is an answer half written. */
export async function showCase(
  { work, params, problem }: Visit,
  sealer: Sealer,
  draft?: Fields,
): Promise<Outcome<Page>> {
  const found = await visitCase(work, params);
  if (!found.ok) return found;
  const { village, suggestion } = found.value;
  const handlers = await listHandlers(work.tx, village.id);
  const named = findNamed(suggestion.text, handlers);
  const publication = (await findPublication(work.tx, suggestion.id)) ?? null;
  const typed = draft ?? problem?.fields ?? {};
  const about = named.some((one) => one.id === work.actor.id);
  const free = handlers.filter((one) => named.every(({ id }) => id !== one.id));
  return ok({
    view: "case",
    title: titleOf(suggestion),
    tab: "cases",
    village,
    data: {
      item: describeCase(suggestion, work.now, village.calendar, sealer),
      relations: await describeRelations(work, suggestion),
      doubts: await countDoubts(work.tx, { suggestionId: suggestion.id }),
      timeline: describeTimeline(await listTimeline(work.tx, suggestion.id)),
      results: RESULT_KINDS.map((kind) => ({ value: kind, label: RESULT_WORDS[kind] })),
      handlers: groupHandlers(free),
      named: named.length > 0 ? sayNamed(named) : null,
      about,
      draft: draft ?? null,
      phrases: await listPhrases(work.tx, village.id),
      channels: CHANNEL_CHOICES,
      ratings: Object.entries(RATING_WORDS).map(([value, word]) => ({ value, label: `${value} ${word}` })),
      today: localDate(work.now),
      publication,
      proposal: publication ?? { question: suggestion.text, answer: suggestion.answer ?? "" },
      preview: previewOf(village, suggestion, typed, handlers, work.now),
      latestExtension: localDate(
        new Date(
          endOfSpan(village.promises.extension, new Date(suggestion.dueAt.getTime() - 1), village.calendar).getTime() -
            1,
        ),
      ),
      alarms: await describeAlarms(work, await listAlarmsOfCase(work.tx, suggestion.id)),
      can: readCan(work.actor.role, suggestion, about, publication !== null),
    },
  });
}

export const previewOf = (
  village: Village,
  suggestion: Suggestion,
  typed: Fields,
  handlers: readonly { name: string }[],
  now: Date,
) =>
  previewAnswer(
    village,
    { ...suggestion, texted: suggestion.phoneHash !== null },
    { resultKind: typed.resultKind ?? "", text: typed.text ?? "", plannedFor: typed.plannedFor },
    handlers.map((one) => one.name),
    now,
  );

/** What the page offers: what this role may do, what the case's state allows, and nothing that names the person. */
function readCan(role: Role, suggestion: Suggestion, about: boolean, published: boolean) {
  const { state, danger, escalatedAt, sealed, phoneHash } = suggestion;
  const mine = role !== "township" || escalatedAt !== null || sealed;
  const can = (action: Action, to?: SuggestionState) =>
    mine && may(role, action) && (to === undefined ? isOpen(state) : mayMove(SUGGESTION_MOVES, state, to));
  const settled = state === "closed" || state === "declined" || state === "transferred";
  return {
    seal: isOpen(state) && may(role, "suggestion.seal"),
    close: danger === "crisis" && state === "answered" && may(role, "suggestion.close"),
    accept: can("suggestion.accept", "accepted") && state === "registered",
    assign: can("suggestion.assign", "assigned"),
    answer: can("suggestion.answer", "answered") && !about,
    ask: can("suggestion.ask", "need_info") && phoneHash !== null,
    extend: can("suggestion.extend") && !suggestion.extendedOnce,
    note: mine && may(role, "suggestion.note"),
    resolve: mine && may(role, "suggestion.resolve"),
    decline: can("suggestion.decline", "declined") && !about,
    transfer: can("suggestion.transfer", "transferred") && !about,
    escalate: can("suggestion.escalate") && escalatedInRound(suggestion) === null,
    reopen: can("suggestion.reopen", "reopened"),
    tell: mine && may(role, "suggestion.tell") && state === "answered" && phoneHash === null,
    rate: !about,
    publish: mine && may(role, "suggestion.publish") && settled && !sealed,
    withdraw: mine && may(role, "suggestion.publish") && published,
  };
}

type Handler = Awaited<ReturnType<typeof listHandlers>>[number];

/** By role, as a long list is read. */
export function groupHandlers(handlers: readonly Handler[]) {
  const groups = Map.groupBy(handlers, (one) => one.role);
  return [...groups].map(([role, members]) => ({
    label: ROLE_NAMES[role],
    options: members.map((one) => ({ value: one.id, label: `${one.name} ${one.post}`.trim() })),
  }));
}
