import type { FastifyInstance } from "fastify";
import { fromLocal, localDate } from "../lib/china-time.ts";
import { isUuid, type SuggestionId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import type { Sealer } from "../lib/seal.ts";
import { endOfSpan } from "../lib/spans.ts";
import { endOfWorkday } from "../lib/workdays.ts";
import { countSegments } from "../message/segments.ts";
import type { Work } from "../queue/work.ts";
import { listHandlers } from "../staff/staff.queries.ts";
import type { Village } from "../village/village.queries.ts";
import { writeSignature } from "../village/village.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Fields, type Page, type PageDeps, pageForm, pageFragment, pageRoute, type Visit } from "../web/page.ts";
import { answerSuggestion, writeAnswer } from "./answer-suggestion.ts";
import { describeRelations } from "./case-relations.ts";
import { describeCase, describeTimeline, LEDGER_FILTERS, sayNothingOpen, titleOf } from "./case-view.ts";
import { countLedger, listLedger } from "./ledger.queries.ts";
import {
  acceptSuggestion,
  assignSuggestion,
  declineSuggestion,
  escalateSuggestion,
  extendSuggestion,
  noteSuggestion,
} from "./move-suggestion.ts";
import { findSuggestion, type Suggestion } from "./suggestion.queries.ts";
import { isOpen, RESULT_KINDS, RESULT_WORDS } from "./suggestion.ts";
import { listTimeline } from "./timeline.queries.ts";

const PAGE = 40;

export type CaseDeps = PageDeps & { sealer: Sealer };

/** The ledger by who waits longest, and one case: what was said and done, the promise, and the answer under the thumb. */
export function caseRoutes(app: FastifyInstance, deps: CaseDeps): void {
  const show = (visit: Visit) => showCase(visit, deps.sealer);
  pageRoute(app, deps, { url: "/v/:code/cases", access: "suggestion.read", show: showLedger });
  pageRoute(app, deps, { url: "/v/:code/cases/:id", access: "suggestion.read", show });

  type Move = (work: Work, id: SuggestionId, fields: Fields) => Promise<Outcome<Suggestion>>;
  const form = (url: string, access: Parameters<typeof pageForm>[2]["access"], done: string, move: Move) =>
    pageForm(app, deps, {
      url: `/v/:code/cases/:id/${url}`,
      access,
      page: show,
      async act(work, params, fields) {
        const found = await visitCase(work, params);
        if (!found.ok) return found;
        const moved = await move(work, found.value.suggestion.id, fields);
        return moved.ok ? ok(`/v/${params.code}/cases/${moved.value.id}?done=${done}`) : moved;
      },
    });
  form("acceptance", "suggestion.accept", "accepted", acceptSuggestion);
  form("assignment", "suggestion.assign", "assigned", (work, id, fields) =>
    assignSuggestion(work, id, fields.to ?? ""),
  );
  form("note", "suggestion.note", "noted", async (work, id, fields) =>
    renameField(await noteSuggestion(work, id, fields.note ?? ""), "text", "note"),
  );
  form("decline", "suggestion.decline", "declined", async (work, id, fields) =>
    renameField(await declineSuggestion(work, id, fields.declined ?? ""), "reason", "declined"),
  );
  form("escalation", "suggestion.escalate", "escalated", (work, id, fields) =>
    escalateSuggestion(work, id, fields.escalated ?? ""),
  );
  form("answer", "suggestion.answer", "answered", (work, id, fields) =>
    answerSuggestion(work, id, {
      resultKind: fields.resultKind ?? "",
      text: fields.text ?? "",
      plannedFor: fields.plannedFor,
    }),
  );
  form("extension", "suggestion.extend", "extended", async (work, id, fields) => {
    const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(fields.dueAt ?? "");
    if (!day) return invalid({ field: "dueAt", message: "请选延到哪一天" });
    const dueAt = fromLocal(Number(day[1]), Number(day[2]), Number(day[3]), 24);
    return await extendSuggestion(work, id, { reason: fields.reason ?? "", dueAt });
  });

  pageFragment(app, deps, {
    url: "/v/:code/cases/:id/preview",
    access: "suggestion.answer",
    async show(work, params, fields) {
      const found = await visitCase(work, params);
      if (!found.ok) return found;
      const { village, suggestion } = found.value;
      return ok({ view: "parts/answer-preview", data: previewAnswer(village, suggestion, fields.text ?? "") });
    },
  });
}

/** The page holds several forms: a refusal leads to the field of the one that was sent. */
function renameField<T>(outcome: Outcome<T>, from: string, to: string): Outcome<T> {
  if (outcome.ok) return outcome;
  const errors = outcome.refusal.errors?.map((error) => (error.field === from ? { ...error, field: to } : error));
  return { ...outcome, refusal: { ...outcome.refusal, ...(errors ? { errors } : {}) } };
}

export async function visitCase(
  work: Work,
  params: Fields,
): Promise<Outcome<{ village: Village; suggestion: Suggestion }>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const id = params.id ?? "";
  const suggestion = isUuid(id) ? await findSuggestion(work.tx, id as SuggestionId) : undefined;
  if (suggestion?.villageId !== village.value.id) return refusal("not_found", "没有这件意见");
  return ok({ village: village.value, suggestion });
}

async function showLedger({ work, params, query }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const filter = LEDGER_FILTERS.find((one) => one.key === query.show) ?? LEDGER_FILTERS[0];
  const offset = Number(/^\d{1,6}$/.exec(query.from ?? "")?.[0] ?? 0);
  const rows = await listLedger(work.tx, village.value.id, {
    states: filter.states,
    overdue: filter.key === "late",
    now: work.now,
    limit: PAGE + 1,
    offset,
  });
  const counts = await countLedger(work.tx, village.value.id, work.now, endOfWorkday(work.now, 0));
  return ok({
    view: "cases",
    title: counts.overdue > 0 ? `${counts.open} 件等答复，${counts.overdue} 件已超期` : `${counts.open} 件等答复`,
    tab: "cases",
    village: village.value,
    data: {
      filters: LEDGER_FILTERS.map(({ key, label }) => ({ key, label })),
      show: filter.key,
      nothing: `没有等答复的。${sayNothingOpen(work.actor.role)}`,
      items: rows.slice(0, PAGE).map((row) => describeCase(row, work.now, village.value.calendar)),
      next: rows.length > PAGE ? offset + PAGE : null,
    },
  });
}

export async function showCase({ work, params, problem }: Visit, sealer: Sealer): Promise<Outcome<Page>> {
  const found = await visitCase(work, params);
  if (!found.ok) return found;
  const { village, suggestion } = found.value;
  const { role } = work.actor;
  const open = isOpen(suggestion.state);
  const mine = role !== "township" || suggestion.escalatedAt !== null;
  const can = (action: Parameters<typeof may>[1]) => open && mine && may(role, action);
  return ok({
    view: "case",
    title: titleOf(suggestion),
    tab: "cases",
    village,
    data: {
      item: describeCase(suggestion, work.now, village.calendar, sealer),
      relations: await describeRelations(work, suggestion),
      timeline: describeTimeline(await listTimeline(work.tx, suggestion.id)),
      results: RESULT_KINDS.map((kind) => ({ value: kind, label: RESULT_WORDS[kind] })),
      handlers: await listHandlers(work.tx, village.id),
      preview: previewAnswer(village, suggestion, problem?.fields.text ?? ""),
      latestExtension: localDate(
        new Date(
          endOfSpan(village.promises.extension, new Date(suggestion.dueAt.getTime() - 1), village.calendar).getTime() -
            1,
        ),
      ),
      can: {
        accept: can("suggestion.accept") && suggestion.state === "registered",
        assign: can("suggestion.assign"),
        answer: can("suggestion.answer"),
        extend: can("suggestion.extend") && !suggestion.extendedOnce,
        note: mine && may(role, "suggestion.note"),
        decline: can("suggestion.decline") && suggestion.state !== "reopened" && suggestion.state !== "working",
        escalate: can("suggestion.escalate") && suggestion.escalatedAt === null,
      },
    },
  });
}

function previewAnswer(village: Village, suggestion: Suggestion, text: string) {
  const body = writeSignature(village.signature) + writeAnswer(suggestion.number, text.trim() || "……");
  return { text: body, segments: countSegments(body).segments, empty: text.trim() === "" };
}
