import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { localDate } from "../lib/china-time.ts";
import { refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { findVillage } from "../village/village.queries.ts";
import { apiRoute, Nullable, OneOf } from "../web/api.ts";
import type { PageDeps } from "../web/page.ts";
import { ITEM_AUDIENCES, ITEM_CLASSES } from "./catalogue.ts";
import { findEntry } from "./find-entry.ts";
import { STATUSES, sayStatus } from "./obligation.ts";
import { noteDisclosure } from "./post-disclosure.ts";
import { type Entry, readCalendar } from "./read-calendar.ts";

const VillageParams = Type.Object({ code: Type.String() });
const Day = Type.String({ pattern: "^20\\d\\d-\\d\\d-\\d\\d$", description: "2026-07-15, a day in the village" });
const EntryAnswer = Type.Object({
  item: Type.String({ description: "the catalogue's code: F01" }),
  period: Type.String({ description: "2026-07, 2026-Q3, 2026-H1, 2026, or an event's day" }),
  class: OneOf(ITEM_CLASSES),
  title: Type.String(),
  label: Type.String({ description: "the period as people say it, or what happened" }),
  audience: OneOf(ITEM_AUDIENCES),
  lawRef: Type.String(),
  dueOn: Day,
  why: Type.String({ description: "why this day, in words" }),
  status: OneOf(STATUSES),
  words: Type.String(),
  boardPostedOn: Nullable(Day),
  boardUntil: Nullable(Day),
  smsSentOn: Nullable(Day),
});

/** The disclosure calendar for programs: a year's entries, and the board date of one. */
export function disclosureApiRoutes(app: FastifyInstance, deps: PageDeps): void {
  apiRoute(app, deps, {
    method: "GET",
    url: "/villages/:code/disclosures",
    access: "disclosure.read",
    summary: "What the village must publish in a year, by due day, and what was published",
    params: VillageParams,
    query: Type.Object(
      { year: Type.Optional(Type.String({ pattern: "^20\\d\\d$" })) },
      { additionalProperties: false },
    ),
    answer: Type.Object({ year: Type.Integer(), items: Type.Array(EntryAnswer) }),
    async handle(work, { params, query }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const year = query.year ?? localDate(work.now).slice(0, 4);
      const range = { from: `${year}-01-01`, until: `${year}-12-31` };
      const entries = await readCalendar(work.tx, village, range, work.now);
      return ok({ year: Number(year), items: entries.map((one) => answerOf(one, localDate(work.now))) });
    },
  });
  apiRoute(app, deps, {
    method: "POST",
    url: "/villages/:code/disclosures/board",
    access: "disclosure.post",
    summary: "Note that an item of a period is on the board",
    params: VillageParams,
    body: Type.Object(
      {
        item: Type.String({ maxLength: 10 }),
        period: Type.String({ maxLength: 20 }),
        postedOn: Day,
        until: Type.Optional(Day),
      },
      { additionalProperties: false },
    ),
    answer: EntryAnswer,
    async handle(work, { params, body }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const { item, period, postedOn, until } = body;
      const noted = await noteDisclosure(work, {
        villageId: village.id,
        item,
        period,
        boardPostedOn: postedOn,
        boardUntil: until,
      });
      if (!noted.ok) return noted;
      const entry = await findEntry(work, village, item, period);
      return entry.ok ? ok(answerOf(entry.value, localDate(work.now))) : entry;
    },
  });
}

const answerOf = (one: Entry, today: string) => ({
  item: one.item.code,
  period: one.period,
  class: one.item.class,
  title: one.item.title,
  label: one.label,
  audience: one.item.audience,
  lawRef: one.item.lawRef,
  dueOn: one.dueOn,
  why: one.why,
  status: one.status,
  words: sayStatus(one, one, today),
  boardPostedOn: one.boardPostedOn,
  boardUntil: one.row?.boardUntil ?? null,
  smsSentOn: one.smsSentOn,
});
