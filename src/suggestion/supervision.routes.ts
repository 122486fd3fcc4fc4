import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { fromLocal, isoLocal, localDate } from "../lib/china-time.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import { endOfSpan } from "../lib/spans.ts";
import { PLAN } from "../lib/workdays.ts";
import { findVillage } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { apiRoute, Nullable, PageQuery, page, pageOf, readLimit } from "../web/api.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { describeCase, describeTimeline } from "./case-view.ts";
import { findCase } from "./find-case.ts";
import { issueSupervision } from "./issue-supervision.ts";
import { isOpen } from "./suggestion.ts";
import { listOrders, listSupervisions, type SupervisionLine } from "./supervision.queries.ts";
import { describeSupervision, sayUntil, writeOrderNumber } from "./supervision-view.ts";
import { type EventKind, listTimeline } from "./timeline.queries.ts";

const OrderAnswer = Type.Object({
  number: Type.String({ description: "督〔2026〕42-1" }),
  suggestionId: Type.String(),
  village: Type.String(),
  demand: Type.String(),
  issuedAt: Type.String(),
  issuedBy: Nullable(Type.String({ description: "null: the case climbed by itself" })),
  replyBy: Type.String(),
  settled: Type.Boolean(),
});
const answer = (line: SupervisionLine) => ({
  number: writeOrderNumber(line.number, line),
  suggestionId: line.id,
  village: line.code,
  demand: line.demand,
  issuedAt: isoLocal(line.issuedAt),
  issuedBy: line.issuedBy,
  replyBy: isoLocal(line.replyBy),
  settled: line.settled,
});
const PAGE = 60;
const BY_ITSELF: readonly EventKind[] = ["receipt", "reminded", "supervised"];

/** 督办: what has climbed to the township and by when it wants to hear; the order as a sheet of paper to print. */
export function supervisionRoutes(app: FastifyInstance, deps: PageDeps): void {
  apiRoute(app, deps, {
    method: "GET",
    url: "/villages/:code/supervisions",
    access: "supervision.read",
    summary: "The township's orders: those that wait first, the earliest reply date on top",
    params: Type.Object({ code: Type.String() }),
    query: Type.Object(PageQuery, { additionalProperties: false }),
    answer: pageOf(OrderAnswer),
    async handle(work, { params, query }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const limit = readLimit(query.limit);
      const offset = Number(/^\d{1,7}$/.exec(query.cursor ?? "")?.[0] ?? 0);
      const rows = await listSupervisions(work.tx, village.id, limit + 1, offset);
      return ok(page(rows, limit, () => String(offset + limit), answer));
    },
  });
  apiRoute(app, deps, {
    method: "POST",
    url: "/suggestions/:id/supervision",
    access: "supervision.issue",
    summary: "Issue an order on an open case: a demand and a reply date; the secretary is texted",
    params: Type.Object({ id: Type.String() }),
    body: Type.Object(
      { demand: Type.String({ maxLength: 1000 }), replyBy: Type.String({ description: "2026-10-15" }) },
      { additionalProperties: false },
    ),
    status: 201,
    answer: OrderAnswer,
    async handle(work, { params, body }) {
      const found = await findCase(work, params.id);
      if (!found.ok) return found;
      const { suggestion, village } = found.value;
      const issued = await issueSupervision(work, suggestion.id, { ...body, replyBy: readDay(body.replyBy) });
      if (!issued.ok) return issued;
      const rows = await listSupervisions(work.tx, village.id, 1000, 0);
      const line = rows.find((one) => one.id === suggestion.id && one.nth === issued.value.nth);
      return line ? ok(answer(line)) : refusal("not_found", "没有这张督办单");
    },
  });

  pageRoute(app, deps, { url: "/supervisions", access: "supervision.read", show: showAll });
  pageRoute(app, deps, { url: "/v/:code/supervisions", access: "supervision.read", show: showVillage });
  pageRoute(app, deps, { url: "/v/:code/cases/:id/supervision", access: "supervision.read", show: showForm });
  pageForm(app, deps, {
    url: "/v/:code/cases/:id/supervision",
    access: "supervision.issue",
    page: showForm,
    async act(work, params, fields) {
      const found = await findCase(work, params.id ?? "", params.code ?? "");
      if (!found.ok) return found;
      const issued = await issueSupervision(work, found.value.suggestion.id, {
        demand: fields.demand ?? "",
        replyBy: readDay(fields.replyBy ?? ""),
      });
      return issued.ok
        ? ok(`/v/${params.code}/cases/${params.id}/supervision/${issued.value.nth}?done=supervised`)
        : issued;
    },
  });
  pageRoute(app, deps, { url: "/v/:code/cases/:id/supervision/:nth", access: "supervision.read", show: showSheet });
}

/** A day means its end. */
function readDay(text: string): Date | null {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.trim());
  return day ? fromLocal(Number(day[1]), Number(day[2]), Number(day[3]), 24) : null;
}

const titleOf = (lines: readonly SupervisionLine[], now: Date): string => {
  const open = lines.filter((line) => !line.settled);
  const late = open.filter((line) => line.replyBy <= now).length;
  if (open.length === 0) return "没有等着回复的督办";
  return late > 0 ? `督办 ${open.length} 件，${late} 件过了回复日期` : `督办 ${open.length} 件，都还没到期`;
};

async function showAll({ work }: Visit): Promise<Outcome<Page>> {
  const lines = await listSupervisions(work.tx, null, PAGE, 0);
  const items = lines.map((line) => describeSupervision(line, work.now, PLAN));
  return ok({ view: "supervisions", title: titleOf(lines, work.now), data: { items, several: true } });
}

async function showVillage({ work, params }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const lines = await listSupervisions(work.tx, village.value.id, PAGE, 0);
  return ok({
    view: "supervisions",
    title: titleOf(lines, work.now),
    tab: "cases",
    village: village.value,
    data: { items: lines.map((line) => describeSupervision(line, work.now, village.value.calendar)), several: false },
  });
}

async function showForm({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const found = await findCase(work, params.id ?? "", params.code ?? "");
  if (!found.ok) return found;
  const { suggestion, village } = found.value;
  const replyBy = endOfSpan(village.promises.township, work.now, village.calendar);
  const orders = await listOrders(work.tx, suggestion.id);
  return ok({
    view: "supervision-new",
    title: `督办编号 ${suggestion.number}`,
    tab: "cases",
    village,
    data: {
      item: describeCase(suggestion, work.now, village.calendar),
      orders: orders.map((order) => ({
        nth: order.nth,
        title: writeOrderNumber(suggestion.number, order),
        replyBy: sayUntil(order.replyBy, work.now),
      })),
      issue: may(work.actor.role, "supervision.issue") && isOpen(suggestion.state),
      today: localDate(work.now),
      form: problem?.fields ?? { replyBy: localDate(new Date(replyBy.getTime() - 1)) },
    },
  });
}

async function showSheet({ work, params }: Visit): Promise<Outcome<Page>> {
  const found = await findCase(work, params.id ?? "", params.code ?? "");
  if (!found.ok) return found;
  const { suggestion, village } = found.value;
  const order = (await listOrders(work.tx, suggestion.id)).find((one) => String(one.nth) === params.nth);
  if (!order) return refusal("not_found", "没有这张督办单");
  // What people did, not what the service said about it.
  const deeds = (await listTimeline(work.tx, suggestion.id)).filter((event) => !BY_ITSELF.includes(event.kind));
  const left = describeSupervision(
    {
      ...suggestion,
      ...order,
      code: village.code,
      village: village.name,
      settled: !isOpen(suggestion.state) || order.issuedAt < suggestion.roundAt,
    },
    work.now,
    village.calendar,
  );
  return ok({
    view: "supervision",
    title: `督办单 ${left.title}`,
    tab: "cases",
    village,
    data: {
      item: describeCase(suggestion, work.now, village.calendar),
      order: left,
      demand: order.demand,
      deeds: describeTimeline(deeds),
      answer: suggestion.answer,
    },
  });
}
