import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { isoLocal } from "../../lib/china-time.ts";
import { isUuid, type ScheduleId } from "../../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { may } from "../../lib/roles.ts";
import type { Work } from "../../queue/work.ts";
import { findVillage } from "../../village/village.queries.ts";
import { visitVillage } from "../../village/visit-village.ts";
import { apiRoute, Nullable, PageQuery, page, pageOf, readLimit } from "../../web/api.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../../web/page.ts";
import { ENOUGH_A_WEEK } from "../lint/clarity.ts";
import { readMinute, sayRhythm, writeMinute } from "../sending/rhythm.ts";
import { findSchedule, listSchedules, type Schedule } from "./schedule.queries.ts";
import { approveSchedule, makeSchedule, stopSchedule } from "./schedule.ts";

const ScheduleView = Type.Object({
  id: Type.String(),
  column: Type.String(),
  body: Type.String(),
  weekdays: Nullable(Type.Array(Type.Integer(), { description: "0 is Sunday" })),
  monthDay: Nullable(Type.Integer({ description: "beyond the month's end: its last day" })),
  time: Type.String({ description: "18:30, China time" }),
  active: Type.Boolean(),
  approved: Type.Boolean({ description: "occurrences go by this word; else each waits for its own" }),
  nextAt: Nullable(Type.String()),
  lastDate: Nullable(Type.String()),
});

const NewSchedule = Type.Object(
  {
    column: Type.String({ minLength: 1, maxLength: 100 }),
    body: Type.String({ maxLength: 5000 }),
    weekdays: Type.Optional(Type.Array(Type.Integer({ minimum: 0, maximum: 6 }), { minItems: 1, maxItems: 7 })),
    monthDay: Type.Optional(Type.Integer({ minimum: 1, maximum: 31 })),
    time: Type.String({ maxLength: 5 }),
  },
  { additionalProperties: false },
);
const VillageParams = Type.Object({ code: Type.String() });
const IdParams = Type.Object({ id: Type.String() });

const MOVES = [
  {
    url: "approval",
    access: "broadcast.approve",
    summary: "The second key, for every occurrence to come",
    done: "schedule_approved",
    move: approveSchedule,
  },
  {
    url: "stop",
    access: "broadcast.control",
    summary: "No further occurrence",
    done: "schedule_stopped",
    move: stopSchedule,
  },
] as const;

/** Notices that come again every week or month: over the API, and the list with its buttons. */
export function scheduleRoutes(app: FastifyInstance, deps: PageDeps): void {
  apiRoute(app, deps, {
    method: "POST",
    url: "/villages/:code/schedules",
    access: "broadcast.draft",
    summary: "Let a notice come again on `weekdays` or on `monthDay`, at `time`",
    params: VillageParams,
    body: NewSchedule,
    status: 201,
    answer: ScheduleView,
    async handle(work, { params, body }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const minute = readMinute(body.time);
      if (minute === null) return invalid({ field: "time", message: "时间要写成 18:30 这样" });
      const { weekdays = null, monthDay = null } = body;
      const made = await makeSchedule(work, village, { ...body, weekdays, monthDay, minute });
      return made.ok ? await view(work, made.value) : made;
    },
  });
  apiRoute(app, deps, {
    method: "GET",
    url: "/villages/:code/schedules",
    access: "broadcast.read",
    summary: "A village's repeated notices, newest first, stopped ones too",
    params: VillageParams,
    query: Type.Object(PageQuery, { additionalProperties: false }),
    answer: pageOf(ScheduleView),
    async handle(work, { params, query }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const limit = readLimit(query.limit);
      const before = query.cursor && isUuid(query.cursor) ? (query.cursor as ScheduleId) : null;
      const rows = await listSchedules(work.tx, village.id, { limit: limit + 1, before });
      return ok(page(rows, limit, (row) => row.id, describe));
    },
  });
  pageRoute(app, deps, { url: "/v/:code/schedules", access: "broadcast.read", show: showSchedules });

  for (const { url, access, summary, done, move } of MOVES) {
    apiRoute(app, deps, {
      method: "POST",
      url: `/schedules/:id/${url}`,
      access,
      summary,
      params: IdParams,
      answer: ScheduleView,
      async handle(work, { params }) {
        if (!isUuid(params.id)) return refusal("not_found", "没有这个重复");
        const moved = await move(work, params.id as ScheduleId);
        return moved.ok ? await view(work, moved.value) : moved;
      },
    });
    pageForm(app, deps, {
      url: `/v/:code/schedules/:id/${url}`,
      access,
      page: showSchedules,
      async act(work, params) {
        const village = await visitVillage(work, params);
        if (!village.ok) return village;
        const id = params.id ?? "";
        const schedule = isUuid(id) ? await findSchedule(work.tx, id as ScheduleId) : undefined;
        if (schedule?.villageId !== village.value.id) return refusal("not_found", "没有这个重复");
        const moved = await move(work, schedule.id);
        return moved.ok ? ok(`/v/${params.code}/schedules?done=${done}`) : moved;
      },
    });
  }
}

async function view(work: Work, id: ScheduleId): Promise<Outcome<ReturnType<typeof describe>>> {
  const schedule = await findSchedule(work.tx, id);
  return schedule ? ok(describe(schedule)) : refusal("not_found", "没有这个重复");
}

const describe = (schedule: Schedule) => ({
  id: schedule.id,
  column: schedule.column,
  body: schedule.body,
  weekdays: schedule.weekdays,
  monthDay: schedule.monthDay,
  time: writeMinute(schedule.minute),
  active: schedule.active,
  approved: schedule.approvedBy !== null,
  nextAt: schedule.active ? isoLocal(schedule.nextAt) : null,
  lastDate: schedule.lastDate,
});

async function showSchedules({ work, params }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const rows = await listSchedules(work.tx, village.value.id, { limit: 100, before: null, active: true });
  const { role, id } = work.actor;
  const weekly = rows.reduce((sum, row) => sum + (row.weekdays?.length ?? 0), 0);
  return ok({
    view: "schedules",
    title: rows.length > 0 ? `${rows.length} 条通知每周或每月重复` : "没有每周每月重复的通知",
    tab: "notices",
    village: village.value,
    data: {
      crowded: weekly > ENOUGH_A_WEEK ? weekly : null,
      items: rows.map((row) => ({
        id: row.id,
        column: row.column,
        body: row.body,
        rhythm: sayRhythm(row),
        nextAt: row.nextAt,
        lastDate: row.lastDate,
        maker: row.maker,
        approver: row.approver,
        canApprove: row.approvedBy === null && row.madeBy !== id && may(role, "broadcast.approve"),
        canStop: may(role, "broadcast.control"),
      })),
    },
  });
}
