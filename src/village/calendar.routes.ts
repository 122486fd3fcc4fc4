import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { localTime } from "../lib/china-time.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import { calendarKnown } from "../lib/workdays.ts";
import type { Work } from "../queue/work.ts";
import { apiRoute, Nullable, OneOf } from "../web/api.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { countyOf, listDays } from "./calendar.queries.ts";
import { listRuns, sayMissing, yearsMissing } from "./calendar.ts";
import { SCOPE_WORDS, SCOPES, type ScopeName, setCalendarDay } from "./set-calendar.ts";
import { findVillage, type Village } from "./village.queries.ts";
import { visitVillage } from "./visit-village.ts";

const VillageParams = Type.Object({ code: Type.String() });
const CalendarAnswer = Type.Object({
  year: Type.Integer(),
  known: Type.Boolean({ description: "false: Monday–Friday is assumed" }),
  runs: Type.Array(
    Type.Object({ first: Type.String(), last: Type.String(), off: Type.Boolean(), words: Type.String() }),
  ),
  byHand: Type.Array(
    Type.Object({ day: Type.String(), off: Type.Boolean(), reason: Type.String(), scope: OneOf(SCOPES) }),
  ),
});

/** The days off and on that a village's promises are counted with; a township or the platform sets single days. */
export function calendarRoutes(app: FastifyInstance, deps: PageDeps): void {
  apiRoute(app, deps, {
    method: "GET",
    url: "/villages/:code/calendar",
    access: "calendar.read",
    summary: "A year's holidays, make-up days and days set by hand",
    params: VillageParams,
    query: Type.Object(
      { year: Type.Optional(Type.String({ pattern: "^20\\d\\d$" })) },
      { additionalProperties: false },
    ),
    answer: CalendarAnswer,
    async handle(work, { params, query }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      return ok(await readYear(work, village, Number(query.year ?? localTime(work.now).year)));
    },
  });
  apiRoute(app, deps, {
    method: "POST",
    url: "/villages/:code/calendar",
    access: "calendar.set",
    summary: "Set a day off or on for a township, a county or the country; open cases' dates are reckoned again",
    params: VillageParams,
    body: Type.Object(
      {
        day: Type.String({ description: "2027-02-05" }),
        off: Nullable(Type.Boolean({ description: "null: as the State Council's plan has it" })),
        reason: Type.Optional(Type.String({ maxLength: 200 })),
        scope: Type.Optional(OneOf(SCOPES)),
      },
      { additionalProperties: false },
    ),
    answer: CalendarAnswer,
    async handle(work, { params, body }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const { day, off, reason = "", scope = "township" } = body;
      const set = await setCalendarDay(work, village, { day, off, reason, scope });
      if (!set.ok) return set;
      const changed = await findVillage(work.tx, params.code);
      return ok(await readYear(work, changed ?? village, Number(day.slice(0, 4))));
    },
  });

  pageRoute(app, deps, { url: "/v/:code/calendar", access: "calendar.read", show: showCalendar });
  pageForm(app, deps, {
    url: "/v/:code/calendar",
    access: "calendar.set",
    page: showCalendar,
    async act(work, params, { day = "", off = "", reason = "", scope = "" }) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const set = await setCalendarDay(work, village.value, {
        day,
        off: off === "off" ? true : off === "on" ? false : null,
        reason,
        scope: SCOPES.find((one) => one === scope) ?? "township",
      });
      return set.ok ? ok(`/v/${params.code}/calendar?year=${day.slice(0, 4)}&done=day_set`) : set;
    },
  });
}

async function readYear(work: Work, village: Village, year: number) {
  const scope = { townshipId: village.townshipId, countyId: await countyOf(work.tx, village.townshipId) };
  return {
    year,
    known: calendarKnown(year, village.calendar),
    runs: listRuns(year, village.calendar),
    byHand: await listDays(work.tx, scope, year),
  };
}

async function showCalendar({ work, params, query, problem }: Visit): Promise<Outcome<Page>> {
  const found = await visitVillage(work, params);
  if (!found.ok) return found;
  const village = found.value;
  const thisYear = localTime(work.now).year;
  const year = Number(/^20\d\d$/.exec(query.year ?? "")?.[0] ?? thisYear);
  const { known, runs, byHand } = await readYear(work, village, year);
  const { role } = work.actor;
  const scopes: readonly ScopeName[] = role === "platform" ? SCOPES : ["township"];
  return ok({
    view: "calendar",
    title: known ? `${year}年哪天上班，哪天放假` : `${year}年的放假安排还没有`,
    tab: "more",
    village,
    data: {
      year,
      years: [thisYear - 1, thisYear, thisYear + 1],
      known,
      runs,
      byHand: byHand.map((one) => ({ ...one, where: SCOPE_WORDS[one.scope], mine: scopes.includes(one.scope) })),
      set: may(role, "calendar.set"),
      scopes: scopes.map((value) => ({ value, label: SCOPE_WORDS[value] })),
      form: problem?.fields ?? { off: "off", scope: scopes[0] },
      missing: sayMissing(yearsMissing(work.now, village.promises, village.calendar)),
    },
  });
}
