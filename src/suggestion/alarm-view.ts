import type { AlarmId, VillageId } from "../lib/ids.ts";
import { shorten } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { type Alarm, listAlarms } from "./alarm.queries.ts";
import { DANGER_WORDS, sayCaller } from "./alarm.ts";
import { listAsked } from "./alarm-calls.queries.ts";

/** Alarms as the red banner shows them: who is in danger, what he wrote, who was called and who goes. */
export async function describeAlarms(work: Work, alarms: readonly Alarm[]) {
  const asked = await listAsked(
    work.tx,
    alarms.map(({ id }) => id),
  );
  return alarms.map((alarm) => ({
    id: alarm.id as AlarmId,
    caseId: alarm.suggestionId,
    number: alarm.number,
    who: sayCaller(alarm),
    danger: DANGER_WORDS[alarm.danger],
    words: shorten(alarm.text, 120),
    at: alarm.raisedAt,
    open: alarm.state !== "confirmed",
    state: sayState(alarm, asked.get(alarm.id)?.length ?? 0),
    confirmedAt: alarm.confirmedAt,
    asked: (asked.get(alarm.id) ?? []).map(({ name, askedAt }) => ({ name, at: askedAt })),
  }));
}
export type AlarmView = Awaited<ReturnType<typeof describeAlarms>>[number];

function sayState(alarm: Alarm, asked: number): string {
  switch (alarm.state) {
    case "calling":
      return "正在叫人，还没有人说去";
    case "unanswered":
      return asked === 0 ? "工作人员都没有登记手机，没有叫到人" : `叫了 ${asked} 个人，都没有回话`;
    case "confirmed":
      return `${alarm.confirmedBy ?? "有人"}去处理了`;
  }
}

/** What stands on top of the day: villagers in danger whom nobody has taken on. */
export const openAlarms = async (work: Work, villageId: VillageId): Promise<AlarmView[]> =>
  describeAlarms(work, await listAlarms(work.tx, villageId, { open: true, limit: 20 }));
