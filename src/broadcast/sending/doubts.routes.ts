import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { type BroadcastId, isUuid } from "../../lib/ids.ts";
import { type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { Actor } from "../../lib/roles.ts";
import { type DoubtDecision, INQUIRY_COUNTS, ResendBody, readDecision } from "../../message/doubts.ts";
import { type Inquiry, inquire, type ReconcileDeps } from "../../message/reconcile.ts";
import { inWork, type Work } from "../../queue/work.ts";
import { apiRoute } from "../../web/api.ts";
import { type Fields, type PageDeps, pageForm } from "../../web/page.ts";
import { findBroadcast } from "../broadcast.queries.ts";
import { BroadcastView, viewBroadcast } from "../describe-broadcast.ts";
import { showNotice } from "../show-notice.ts";
import { visitNotice } from "../visit-notice.ts";
import { noteInquiry, resendDoubts, surrenderDoubts } from "./decide-doubts.ts";

const IdParams = Type.Object({ id: Type.String() });
const InquiryView = Type.Object({ ...INQUIRY_COUNTS, broadcast: BroadcastView });

type Decide = (work: Work, id: BroadcastId, decision: DoubtDecision) => Promise<Outcome<BroadcastId>>;
const NO_NOTICE = refusal("not_found", "没有这条通知");

/** What a person may do about texts of which nobody knows whether they left: ask, send again, or leave it. */
export function doubtRoutes(app: FastifyInstance, deps: PageDeps & { reconcile: ReconcileDeps }): void {
  /** Only about a notice that the actor may see; between two units of work, because the carrier takes its time. */
  const ask = async (actor: Actor, { id = "" }: Fields): Promise<Inquiry | null> => {
    const found = isUuid(id) && (await inWork(deps, actor, (work) => findBroadcast(work.tx, id as BroadcastId)));
    return found ? await inquire(deps.reconcile, { broadcastId: found.id }) : null;
  };
  const access = "message.resolve";

  apiRoute(app, deps, {
    method: "POST",
    url: "/broadcasts/:id/doubts/inquiry",
    access,
    summary: "Ask the carrier now about the texts whose outcome is unknown",
    params: IdParams,
    answer: InquiryView,
    ask,
    async handle(work, { params, asked }) {
      const noted = asked ? await noteInquiry(work, params.id as BroadcastId, asked) : NO_NOTICE;
      if (!noted.ok || !asked) return noted.ok ? NO_NOTICE : noted;
      const broadcast = await viewBroadcast(work, noted.value);
      return broadcast.ok ? ok({ ...asked, broadcast: broadcast.value }) : broadcast;
    },
  });
  const decisions = [
    { url: "resend", summary: "Send the unknown texts again, though some may have arrived", decide: resendDoubts },
    { url: "surrender", summary: "Count the unknown texts as failed: given_up", decide: surrenderDoubts },
  ] as const;
  for (const { url, summary, decide } of decisions) {
    apiRoute(app, deps, {
      method: "POST",
      url: `/broadcasts/:id/doubts/${url}`,
      access,
      summary,
      params: IdParams,
      ...(url === "resend" ? { body: ResendBody } : {}),
      answer: BroadcastView,
      async handle(work, { params }) {
        const decision = { seen: null, acceptRepeats: true };
        const decided = isUuid(params.id) ? await decide(work, params.id as BroadcastId, decision) : NO_NOTICE;
        return decided.ok ? await viewBroadcast(work, decided.value) : decided;
      },
    });
  }

  pageForm(app, deps, {
    url: "/v/:code/notices/:id/doubts/inquiry",
    access,
    page: showNotice,
    ask,
    async act(work, params, _fields, _visitor, asked) {
      const found = await visitNotice(work, params);
      if (!found.ok) return found;
      const noted = asked ? await noteInquiry(work, found.value.broadcast.id, asked) : NO_NOTICE;
      return noted.ok ? ok(`/v/${params.code}/notices/${noted.value}?done=inquired`) : noted;
    },
  });
  const form = (url: string, done: string, decide: Decide) =>
    pageForm(app, deps, {
      url: `/v/:code/notices/:id/doubts/${url}`,
      access,
      page: showNotice,
      async act(work, params, fields) {
        const found = await visitNotice(work, params);
        if (!found.ok) return found;
        const decided = await decide(work, found.value.broadcast.id, readDecision(fields));
        return decided.ok ? ok(`/v/${params.code}/notices/${decided.value}?done=${done}`) : decided;
      },
    });
  form("resend", "resent", resendDoubts);
  form("surrender", "surrendered", surrenderDoubts);
}
