import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { isoLocal } from "../lib/china-time.ts";
import { type AlarmId, isUuid, type SuggestionId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { findVillage } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { apiRoute, Nullable, OneOf, PageQuery, page, pageOf, readLimit } from "../web/api.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { type Alarm, findAlarm, listAlarms } from "./alarm.queries.ts";
import { ALARM_STATES, DANGERS } from "./alarm.ts";
import { type Asked, listAsked } from "./alarm-calls.queries.ts";
import { describeAlarms } from "./alarm-view.ts";
import { closeCrisis } from "./close-crisis.ts";
import { confirmAlarm } from "./confirm-alarm.ts";

const AlarmView = Type.Object({
  id: Type.String(),
  suggestionId: Type.String(),
  number: Type.Integer(),
  danger: OneOf(DANGERS),
  state: OneOf(ALARM_STATES),
  raisedAt: Type.String(),
  asked: Type.Array(Type.Object({ name: Type.String(), at: Type.String() })),
  confirmedBy: Nullable(Type.String()),
  confirmedAt: Nullable(Type.String()),
});

const PAGE = 30;

/** Villagers in danger: who is being called, and the one button that says "I go". */
export function alarmRoutes(app: FastifyInstance, deps: PageDeps): void {
  apiRoute(app, deps, {
    method: "GET",
    url: "/villages/:code/alarms",
    access: "alarm.read",
    summary: "Villagers in danger, newest first: who was called, and who has taken it",
    params: Type.Object({ code: Type.String() }),
    query: Type.Object(PageQuery, { additionalProperties: false }),
    answer: pageOf(AlarmView),
    async handle(work, { params, query }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const limit = readLimit(query.limit);
      const before = query.cursor && isUuid(query.cursor) ? (query.cursor as AlarmId) : null;
      const alarms = await listAlarms(work.tx, village.id, { open: false, limit: limit + 1, before });
      const asked = await listAsked(
        work.tx,
        alarms.map(({ id }) => id),
      );
      return ok(
        page(
          alarms,
          limit,
          ({ id }) => id,
          (alarm) => describe(alarm, asked.get(alarm.id) ?? []),
        ),
      );
    },
  });
  apiRoute(app, deps, {
    method: "POST",
    url: "/alarms/:id/confirmation",
    access: "alarm.confirm",
    summary: "I go: nobody else is called, and whoever was hears who it is",
    params: Type.Object({ id: Type.String() }),
    answer: AlarmView,
    async handle(work, { params }) {
      const confirmed = await confirm(work, params.id);
      if (!confirmed.ok) return confirmed;
      const asked = await listAsked(work.tx, [confirmed.value.id]);
      return ok(describe(confirmed.value, asked.get(confirmed.value.id) ?? []));
    },
  });

  pageRoute(app, deps, { url: "/v/:code/alarms", access: "alarm.read", show: showAlarms });
  pageForm(app, deps, {
    url: "/v/:code/alarms/:id/confirmation",
    access: "alarm.confirm",
    page: showAlarms,
    async act(work, params) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const alarm = isUuid(params.id ?? "") ? await findAlarm(work.tx, params.id as AlarmId) : undefined;
      if (alarm?.villageId !== village.value.id) return refusal("not_found", "没有这件急事");
      const confirmed = await confirm(work, alarm.id);
      return confirmed.ok ? ok(`/v/${params.code}/cases/${alarm.suggestionId}?done=alarm_taken`) : confirmed;
    },
  });
  pageForm(app, deps, {
    url: "/v/:code/cases/:id/closure",
    access: "suggestion.close",
    page: showAlarms,
    async act(work, params) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      if (!isUuid(params.id ?? "")) return refusal("not_found", "没有这件意见");
      const closed = await closeCrisis(work, params.id as SuggestionId);
      return closed.ok ? ok(`/v/${params.code}/cases/${params.id}?done=closed`) : closed;
    },
  });
}

const confirm = async (work: Work, id: string): Promise<Outcome<Alarm>> =>
  isUuid(id) ? await confirmAlarm(work, id as AlarmId, work.actor.id) : refusal("not_found", "没有这件急事");

async function showAlarms({ work, params }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const alarms = await listAlarms(work.tx, village.value.id, { open: false, limit: PAGE });
  const views = await describeAlarms(work, alarms);
  const open = views.filter((one) => one.open);
  return ok({
    view: "alarms",
    title: open.length > 0 ? `有 ${open.length} 件急事，还没有人去` : "没有急事",
    tab: "more",
    village: village.value,
    data: { open, taken: views.filter((one) => !one.open) },
  });
}

const describe = (alarm: Alarm, asked: readonly Asked[]) => ({
  id: alarm.id,
  suggestionId: alarm.suggestionId,
  number: alarm.number,
  danger: alarm.danger,
  state: alarm.state,
  raisedAt: isoLocal(alarm.raisedAt),
  asked: asked.map(({ name, askedAt }) => ({ name, at: isoLocal(askedAt) })),
  confirmedBy: alarm.confirmedBy,
  confirmedAt: alarm.confirmedAt === null ? null : isoLocal(alarm.confirmedAt),
});
