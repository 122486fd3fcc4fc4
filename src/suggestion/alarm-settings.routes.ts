import type { FastifyInstance } from "fastify";
import { audit } from "../db/audit.queries.ts";
import type { ActorId } from "../lib/ids.ts";
import { invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { ROLE_NAMES } from "../lib/roles.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Fields, type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { readAlarmSettings, updateAlarmSettings } from "./alarm.queries.ts";
import { MINUTES } from "./alarm.ts";
import { listCallable } from "./alarm-calls.queries.ts";

/** How a village calls people to somebody in danger: how long it waits for each, and who goes in a case of despair. */
export function alarmSettingsRoutes(app: FastifyInstance, deps: PageDeps): void {
  pageRoute(app, deps, { url: "/v/:code/alarms/settings", access: "alarm.set", show: showSettings });
  pageForm(app, deps, {
    url: "/v/:code/alarms/settings",
    access: "alarm.set",
    page: showSettings,
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const set = await setAlarms(work, village.value, fields);
      return set.ok ? ok(`/v/${params.code}/alarms/settings?done=alarms_set`) : set;
    },
  });
}

async function setAlarms(work: Work, village: Village, fields: Fields): Promise<Outcome<null>> {
  const minutes = Number(/^\d{1,2}$/.exec((fields.minutes ?? "").trim())?.[0] ?? Number.NaN);
  if (!(minutes >= MINUTES.least && minutes <= MINUTES.most)) {
    return invalid({ field: "minutes", message: `请写 ${MINUTES.least} 到 ${MINUTES.most} 之间的分钟数` });
  }
  const dutyPhone = (fields.dutyPhone ?? "").replace(/[\s-]/g, "");
  if (!/^\d{0,12}$/.test(dutyPhone)) return invalid({ field: "dutyPhone", message: "值班电话只写数字，没有就留空" });
  const people = await listCallable(work.tx, village.id);
  const crisisPeople = people.map(({ id }) => id).filter((id) => fields[`crisis-${id}`] === "1");
  await updateAlarmSettings(work.tx, village.id, {
    minutes,
    dutyPhone: dutyPhone || null,
    crisisPeople: crisisPeople.length > 0 ? crisisPeople : null,
  });
  const detail = { minutes, crisisPeople: crisisPeople.length };
  await audit(work, { chain: village.id, action: "alarms.set", subject: "village", subjectId: village.id, detail });
  return ok(null);
}

async function showSettings({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const settings = await readAlarmSettings(work.tx, village.value.id);
  const people = await listCallable(work.tx, village.value.id);
  const named = (id: ActorId, role: string): boolean =>
    settings.crisisPeople?.includes(id) ?? ["secretary", "overseer", "township"].includes(role);
  return ok({
    view: "alarm-settings",
    title: `有急事，每 ${settings.minutes} 分钟叫下一位`,
    tab: "more",
    village: village.value,
    data: {
      form: problem?.fields ?? { minutes: String(settings.minutes), dutyPhone: settings.dutyPhone ?? "" },
      people: people.map(({ id, name, role }) => ({
        id,
        words: `${name} ${ROLE_NAMES[role]}`,
        named: problem ? problem.fields[`crisis-${id}`] === "1" : named(id, role),
      })),
    },
  });
}
