import type { FastifyInstance } from "fastify";
import { listOpenVisits } from "../broadcast/after-sending/visits.queries.ts";
import { hasOverseer } from "../broadcast/signing/overseers.queries.ts";
import { keysOf } from "../broadcast/signing/signatures.ts";
import { readDueToday } from "../disclosure/due-today.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may, type Role, VILLAGE_ROLES } from "../lib/roles.ts";
import { shorten } from "../lib/text.ts";
import { type Calendar, endOfWorkday } from "../lib/workdays.ts";
import type { Work } from "../queue/work.ts";
import { openAlarms } from "../suggestion/alarm-view.ts";
import { describeCase, sayNothingOpen } from "../suggestion/case-view.ts";
import { readLadderToday } from "../suggestion/ladder-today.ts";
import { countLedger, listLedger } from "../suggestion/ledger.queries.ts";
import { OPEN_STATES } from "../suggestion/suggestion.ts";
import { readCountryCalendar } from "../village/calendar.queries.ts";
import { sayMissing, yearsMissing } from "../village/calendar.ts";
import { DEFAULT_PROMISES } from "../village/promises.ts";
import { listVillages } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { actorOf } from "../web/guard.ts";
import { type Page, type PageDeps, pageRoute, type Visit } from "../web/page.ts";
import { listVillageLines, readAttention } from "./report.queries.ts";

/** What needs me today; and, above the villages, which village needs me. */
export function todayRoutes(app: FastifyInstance, deps: PageDeps): void {
  app.get("/", { config: { access: "signed-in", kind: "page" } }, async (request, reply) => {
    const home = await deps.homeVillage(actorOf(request));
    return reply.redirect(home ? `/v/${home.code}` : "/villages", 303);
  });
  pageRoute(app, deps, { url: "/villages", access: "signed-in", show: showVillages });
  pageRoute(app, deps, { url: "/v/:code", access: "signed-in", show: showToday });
  pageRoute(app, deps, { url: "/v/:code/more", access: "signed-in", show: showMore });
}

async function showVillages({ work }: Visit): Promise<Outcome<Page>> {
  const lines = await listVillageLines(work.tx, work.now);
  const overdue = lines.reduce((sum, line) => sum + line.overdue, 0);
  const platform = work.actor.role === "platform";
  return ok({
    view: "villages",
    title: platform ? `${lines.length} 个村` : overdue > 0 ? `各村有 ${overdue} 件超期` : "各村都没有超期的",
    data: { lines, platform, missing: sayMissing(yearsMissing(work.now, DEFAULT_PROMISES, await calendarAbove(work))) },
  });
}

async function showToday({ work, params }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const { role, id } = work.actor;
  const endOfToday = endOfWorkday(work.now, 0);
  const counts = await countLedger(work.tx, village.value.id, work.now, endOfToday);
  const open = await listLedger(work.tx, village.value.id, {
    states: OPEN_STATES,
    overdue: false,
    now: work.now,
    limit: 30,
    offset: 0,
  });
  const must = open.filter((one) => one.dueAt <= endOfToday);
  const fresh = open.filter((one) => one.state === "registered" && one.dueAt > endOfToday);
  const attention = await readAttention(work.tx, village.value.id, id, work.now);
  const keys = keysOf(role, await hasOverseer(work.tx, village.value.id));
  const due = counts.overdue + counts.dueToday;
  const lines = <Item extends { id: string; body: string }>(items: readonly Item[]) =>
    items.map((item) => ({ ...item, words: shorten(item.body, 40) }));
  return ok({
    view: "today",
    title: titleOf(role, due),
    tab: "today",
    village: village.value,
    data: {
      alarms: await openAlarms(work, village.value.id),
      disclosures: may(role, "disclosure.read") ? await readDueToday(work, village.value) : null,
      ladder: await readLadderToday(work, village.value),
      missing: WARNED.includes(role)
        ? sayMissing(yearsMissing(work.now, village.value.promises, village.value.calendar))
        : null,
      must: must.map((one) => describeCase(one, work.now, village.value.calendar)),
      mustMore: due - must.length,
      fresh: fresh.map((one) => describeCase(one, work.now, village.value.calendar)),
      open: counts.open,
      nothing: sayNothingOpen(role),
      toSign: lines(attention.toSign.filter(({ missing }) => missing.some((key) => keys.includes(key)))),
      visits: may(role, "visit.tick") ? lines(await listOpenVisits(work.tx, village.value.id, 5)) : [],
      approves: keys.includes("approver"),
      missed: lines(attention.missed),
      toCountersign: may(role, "broadcast.countersign") ? lines(attention.toCountersign) : [],
      schedules: may(role, "broadcast.approve") ? attention.schedules : 0,
      returned: may(role, "broadcast.draft") ? lines(attention.returned) : [],
      stuck: may(role, "broadcast.control") ? lines(attention.stuck) : [],
      overBudget: may(role, "broadcast.overspend") ? lines(attention.overBudget) : [],
      doubtful: may(role, "broadcast.control") ? attention.doubtful : 0,
      unheeded: attention.unheeded,
      doubtfulCases: may(role, "suggestion.resolve") ? attention.doubtfulCases : [],
      unregistered: may(role, "inbound.unregistered") ? attention.unregistered : 0,
    },
  });
}

/** Who can do something about a calendar that is not there. */
const WARNED: readonly Role[] = ["platform", "township", "secretary"];

/** The calendar that counts where no village is named: a supervisor's own villages share one. */
async function calendarAbove(work: Work): Promise<Calendar> {
  const [village] = work.actor.role === "platform" ? [] : await listVillages(work.tx);
  return village?.calendar ?? (await readCountryCalendar(work.tx));
}

/** Who answers is told so; who looks on is told how the village stands. */
function titleOf(role: Role, due: number): string {
  const village = may(role, "suggestion.answer") && role !== "township" ? "" : "村里";
  return due > 0 ? `${village}今天要答复 ${due} 件` : `${village}今天没有要答复的`;
}

async function showMore({ work, params }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const above = !VILLAGE_ROLES.includes(work.actor.role);
  return ok({ view: "more", title: "更多", tab: "more", village: village.value, data: { above } });
}
