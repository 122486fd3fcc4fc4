import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { isUuid, type SuggestionId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Actor } from "../lib/roles.ts";
import { type DoubtDecision, INQUIRY_COUNTS, ResendBody, readDecision } from "../message/doubts.ts";
import { type Inquiry, inquire, type ReconcileDeps } from "../message/reconcile.ts";
import { inWork, type Work } from "../queue/work.ts";
import { apiRoute } from "../web/api.ts";
import { type Fields, pageForm, type Visit } from "../web/page.ts";
import { CaseView, viewCase } from "./case-json.ts";
import type { CaseDeps } from "./cases.routes.ts";
import { noteInquiry, resendDoubts, surrenderDoubts } from "./decide-doubts.ts";
import { takeSuggestion } from "./move-suggestion.ts";
import { showCase, visitCase } from "./show-case.ts";
import type { Suggestion } from "./suggestion.queries.ts";

const IdParams = Type.Object({ id: Type.String() });
const InquiryView = Type.Object({ ...INQUIRY_COUNTS, suggestion: CaseView });

type Decide = (work: Work, id: SuggestionId, decision: DoubtDecision) => Promise<Outcome<Suggestion>>;
const NO_CASE = refusal("not_found", "没有这件意见");

/** A case's own texts of which nobody knows whether they left: ask the carrier, send again, or leave it. */
export function caseDoubtRoutes(app: FastifyInstance, deps: CaseDeps & { reconcile: ReconcileDeps }): void {
  const { sealer } = deps;
  /** Only about a case that the actor may act on; between two units of work, because the carrier takes its time. */
  const ask = async (actor: Actor, { id = "" }: Fields): Promise<Inquiry | null> => {
    if (!isUuid(id)) return null;
    const suggestionId = id as SuggestionId;
    const taken = await inWork(deps, actor, (work) => takeSuggestion(work, suggestionId));
    return taken.ok ? await inquire(deps.reconcile, { suggestionId }) : null;
  };
  /** Who asked in vain is told why. */
  const note = async (work: Work, id: SuggestionId, asked: Inquiry | null): Promise<Outcome<Suggestion>> =>
    await noteInquiry(work, id, asked ?? NOBODY_ASKED);
  const access = "suggestion.resolve";

  apiRoute(app, deps, {
    method: "POST",
    url: "/suggestions/:id/doubts/inquiry",
    access,
    summary: "Ask the carrier now about the case's texts whose outcome is unknown",
    params: IdParams,
    answer: InquiryView,
    ask,
    async handle(work, { params, asked }) {
      if (!isUuid(params.id)) return NO_CASE;
      const noted = await note(work, params.id as SuggestionId, asked);
      if (!noted.ok || !asked) return noted.ok ? NO_CASE : noted;
      const suggestion = await viewCase(work, params.id, sealer);
      return suggestion.ok ? ok({ ...asked, suggestion: suggestion.value }) : suggestion;
    },
  });
  const decisions = [
    {
      url: "resend",
      summary: "Send the case's unknown texts again, though they may have arrived",
      decide: resendDoubts,
    },
    { url: "surrender", summary: "Count the case's unknown texts as failed: given_up", decide: surrenderDoubts },
  ] as const;
  for (const { url, summary, decide } of decisions) {
    apiRoute(app, deps, {
      method: "POST",
      url: `/suggestions/:id/doubts/${url}`,
      access,
      summary,
      params: IdParams,
      ...(url === "resend" ? { body: ResendBody } : {}),
      answer: CaseView,
      async handle(work, { params }) {
        if (!isUuid(params.id)) return NO_CASE;
        const decided = await decide(work, params.id as SuggestionId, { seen: null, acceptRepeats: true });
        return decided.ok ? await viewCase(work, params.id, sealer) : decided;
      },
    });
  }

  const page = (visit: Visit) => showCase(visit, sealer);
  pageForm(app, deps, {
    url: "/v/:code/cases/:id/doubts/inquiry",
    access,
    page,
    ask,
    async act(work, params, _fields, _visitor, asked) {
      const found = await visitCase(work, params);
      if (!found.ok) return found;
      const noted = await note(work, found.value.suggestion.id, asked);
      return noted.ok ? ok(`/v/${params.code}/cases/${noted.value.id}?done=inquired`) : noted;
    },
  });
  const form = (url: string, done: string, decide: Decide) =>
    pageForm(app, deps, {
      url: `/v/:code/cases/:id/doubts/${url}`,
      access,
      page,
      async act(work, params, fields) {
        const found = await visitCase(work, params);
        if (!found.ok) return found;
        const decided = await decide(work, found.value.suggestion.id, readDecision(fields));
        return decided.ok ? ok(`/v/${params.code}/cases/${decided.value.id}?done=${done}`) : decided;
      },
    });
  form("resend", "resent", resendDoubts);
  form("surrender", "surrendered_text", surrenderDoubts);
}

const NOBODY_ASKED: Inquiry = { asked: 0, settled: 0, neverTaken: 0, open: 0, unanswered: 0 };
