import type { FastifyInstance } from "fastify";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import { endOfWorkday } from "../lib/workdays.ts";
import { listGroups } from "../roster/find-people.queries.ts";
import { listHandlers } from "../staff/staff.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Page, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { assignMany } from "./assign-suggestion.ts";
import { describeCase, sayNothingOpen } from "./case-view.ts";
import type { CaseDeps } from "./cases.routes.ts";
import { CATEGORY_WORDS } from "./category.ts";
import { readFilter } from "./export-ledger.ts";
import { countLedger, countMatching, listLedger } from "./ledger.queries.ts";
import { type Asked, isNarrowed, LEDGER_VIEWS, readView, writeQuery } from "./ledger-filter.ts";
import { listPublications } from "./publication.queries.ts";
import { groupHandlers } from "./show-case.ts";
import { NATURE_WORDS } from "./suggestion.ts";

const PAGE = 40;

/** The ledger by who waits longest: looked through, given out by the handful, and what the village has published of it. */
export function ledgerRoutes(app: FastifyInstance, deps: CaseDeps): void {
  pageRoute(app, deps, { url: "/v/:code/cases", access: "suggestion.read", show: showLedger });
  pageRoute(app, deps, { url: "/v/:code/published", access: "suggestion.read", show: showPublished });
  pageRoute(app, deps, { url: "/v/:code/cases/assignment", access: "suggestion.assign", show: showPicking });
  pageForm(app, deps, {
    url: "/v/:code/cases/assignment",
    access: "suggestion.assign",
    page: showPicking,
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const ids = Object.keys(fields).flatMap((name) => (name.startsWith("case-") ? [name.slice(5)] : []));
      const bulk = await assignMany(work, village.value.id, ids, fields.to ?? "");
      if (!bulk.ok) return bulk;
      const { assigned, refused } = bulk.value;
      const page: Page = {
        view: "assigned",
        title:
          refused.length === 0
            ? `${assigned.length} 件已交办`
            : `${assigned.length} 件已交办，${refused.length} 件没交成`,
        tab: "cases",
        village: village.value,
        data: { assigned: assigned.map(({ id, number, text }) => ({ id, number, text })), refused },
      };
      return ok(page);
    },
  });
}

const choices = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

async function showLedger({ work, params, query }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const { id } = village.value;
  const view = readView(query);
  const filter = readFilter(query, work.now, endOfWorkday(work.now, 0));
  const offset = Number(/^\d{1,6}$/.exec(query.skip ?? "")?.[0] ?? 0);
  const rows = await listLedger(work.tx, id, { ...filter, limit: PAGE + 1, offset });
  const narrowed = isNarrowed(query);
  const { role } = work.actor;
  return ok({
    view: "cases",
    title: narrowed
      ? `找到 ${await countMatching(work.tx, id, filter)} 件`
      : titleOf(await countLedger(work.tx, id, work.now, endOfWorkday(work.now, 0))),
    tab: "cases",
    village: village.value,
    data: {
      views: LEDGER_VIEWS.map(({ key, label }) => ({ key, label, query: writeQuery({ ...query, show: key }) })),
      show: view.key,
      narrowed,
      asked: query as Asked,
      options: {
        owner: (await listHandlers(work.tx, id)).map((one) => ({ value: one.id, label: one.name })),
        category: choices({ ...CATEGORY_WORDS, none: "还没归类" }),
        nature: choices(NATURE_WORDS),
        group: (await listGroups(work.tx, id)).map((name) => ({ value: name, label: name })),
      },
      nothing: `没有等答复的。${sayNothingOpen(role)}`,
      items: rows.slice(0, PAGE).map((row) => describeCase(row, work.now, village.value.calendar)),
      query: writeQuery(query),
      next: rows.length > PAGE ? writeQuery(query, { skip: String(offset + PAGE) }) : null,
      can: {
        record: may(role, "suggestion.record"),
        assign: may(role, "suggestion.assign"),
        export: may(role, "suggestion.export"),
        reveal: may(role, "phone.reveal"),
      },
    },
  });
}

const titleOf = ({ open, overdue }: { open: number; overdue: number }): string =>
  overdue > 0 ? `${open} 件等答复，${overdue} 件已超期` : open > 0 ? `${open} 件等答复` : "没有等答复的意见";

async function showPicking({ work, params, query, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const filter = readFilter(query, work.now, endOfWorkday(work.now, 0));
  const rows = await listLedger(work.tx, village.value.id, { ...filter, limit: PAGE, offset: 0 });
  const handlers = await listHandlers(work.tx, village.value.id);
  return ok({
    view: "assign-many",
    title: "把几件一起交给一个人办",
    tab: "cases",
    village: village.value,
    data: {
      items: rows.map((row) => describeCase(row, work.now, village.value.calendar)).filter((one) => one.open),
      handlers: groupHandlers(handlers),
      picked: problem?.fields ?? {},
      query: writeQuery(query),
    },
  });
}

async function showPublished({ work, params }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const items = await listPublications(work.tx, village.value.id, 200);
  return ok({
    view: "published",
    title: items.length === 0 ? "还没有公开的答复" : `公开了 ${items.length} 件答复`,
    tab: "cases",
    village: village.value,
    data: { items },
  });
}
