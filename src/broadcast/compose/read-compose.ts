import { fromLocal } from "../../lib/china-time.ts";
import { type BroadcastId, isUuid } from "../../lib/ids.ts";
import { invalid, type Outcome } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { Fields } from "../../web/page.ts";
import type { Audience, BroadcastKind, Doors, Stages } from "../broadcast.ts";
import { QUORUMS } from "../poll/poll.ts";
import { type Rhythm, readMinute, WEEKDAY_NAMES } from "../sending/rhythm.ts";
import type { DraftPart } from "./save-draft.ts";

/** The fields of the first step. A field that is not there is one that this kind of notice does not have. */
export function readWriting(fields: Fields, kind: BroadcastKind): Outcome<DraftPart> {
  const closesAt = readLocalMoment("closesAt", fields.closesAt ?? "");
  if (!closesAt.ok) return closesAt;
  return ok({
    column: fields.column ?? "",
    body: fields.body ?? "",
    needsOverseer: fields.needsOverseer === "1",
    ...(kind === "poll"
      ? {
          options: readLines(fields.options ?? ""),
          closesAt: closesAt.value,
          quorum: QUORUMS.find((one) => one === fields.quorum) ?? "half",
        }
      : {}),
    ...(kind === "emergency"
      ? { atLeastOnce: fields.atLeastOnce === "1", urgentReason: fields.urgentReason ?? "" }
      : {}),
  });
}

export const readLines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** Names of many may be chosen at once: each is a field of its own, `groups:一组`. */
const DOORS = ["groups", "grids", "tags"] as const;
const readDoors = (fields: Fields, prefix: string): Doors => {
  const doors: Doors = {};
  for (const kind of DOORS) {
    const start = `${prefix}${kind}:`;
    const names = Object.keys(fields).filter((name) => name.startsWith(start) && fields[name] === "1");
    if (names.length > 0) doors[kind] = names.map((name) => name.slice(start.length)).sort();
  }
  const numbers = (fields[`${prefix}households`] ?? "").split(/[\s,，、；;]+/).filter((number) => number !== "");
  if (numbers.length > 0) doors.households = [...new Set(numbers)].sort();
  return doors;
};

/** The fields of the second step. "Everybody" forgets what was chosen below it. */
export function readAudience(fields: Fields): Audience {
  const except = readDoors(fields, "not-");
  const unreachedOf = fields.unreachedOf ?? "";
  const some = fields.to === "some";
  return {
    scope: fields.scope === "villagers" ? "villagers" : "households",
    ...(some ? readDoors(fields, "") : {}),
    ...(fields.to === "unreached" && isUuid(unreachedOf) ? { unreachedOf: unreachedOf as BroadcastId } : {}),
    ...(Object.keys(except).length > 0 ? { except } : {}),
  };
}

/** When it is to leave, of the third step: at once, at one of the moments offered, or at one that somebody types. */
export function readSendAt(fields: Fields): Outcome<Date | null> {
  const when = fields.when ?? "";
  if (when === "now") return ok(null);
  if (when === "other" && (fields.sendAt ?? "").trim() === "") {
    return invalid({ field: "sendAt", message: "请选日期和时间，或者选“批准后马上发”" });
  }
  return readLocalMoment("sendAt", when === "" || when === "other" ? (fields.sendAt ?? "") : when);
}

/** What a `datetime-local` field says, in the village's time. */
export function readLocalMoment(field: string, text: string): Outcome<Date | null> {
  if (text.trim() === "") return ok(null);
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(text.trim());
  if (!match) return invalid({ field, message: "时间没填完整，请选日期和时间，或者留空" });
  const [year, month, day, hour, minute] = match.slice(1).map(Number) as [number, number, number, number, number];
  return ok(fromLocal(year, month, day, hour, minute));
}

/** The same the other way round. */
export const writeLocalMoment = (at: Date): string => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 16);

/** Both empty: no stages. What is half filled in is refused beside its field. */
export function readStages({ stageFirst = "", stageMinutes = "" }: Fields): Stages | null {
  if (stageFirst.trim() === "" && stageMinutes.trim() === "") return null;
  return { first: Number(stageFirst.trim() || Number.NaN), waitMinutes: Number(stageMinutes.trim() || Number.NaN) };
}

/** Somebody who picked days and forgot to say "every" must not send a single notice. */
export const wantsRepeat = (fields: Fields): boolean =>
  Boolean(
    fields.repeat || fields.monthDay?.trim() || fields.clock || WEEKDAY_NAMES.some((_, i) => fields[`weekday${i}`]),
  );

export function readRhythm(fields: Fields): Outcome<Rhythm> {
  const { monthDay = "", clock = "", when = "", stageFirst = "", stageMinutes = "" } = fields;
  if (fields.repeat !== "weekly" && fields.repeat !== "monthly") {
    return invalid({ field: "repeat", message: "您选了重复的日子，请再选每周还是每月；只发一次就把日子清掉" });
  }
  if (fields.then !== "submit") {
    return invalid({ field: "repeat", message: "重复的通知不能存草稿，请提交，或先选“不重复”" });
  }
  if (when !== "" && when !== "now") {
    return invalid({ field: "when", message: "重复的通知，时间填在“几点几分”里，这里选“批准后马上发”" });
  }
  if (stageFirst.trim() + stageMinutes.trim() !== "") {
    return invalid({ field: "stageFirst", message: "重复的通知不能分两次发，这里留空" });
  }
  const minute = readMinute(clock);
  if (minute === null) return invalid({ field: "clock", message: "请填几点几分，比如 18:30" });
  if (fields.repeat === "weekly") {
    const weekdays = WEEKDAY_NAMES.map((_, day) => day).filter((day) => fields[`weekday${day}`]);
    if (weekdays.length === 0) return invalid({ field: "weekdays", message: "请选每周的哪几天" });
    return ok({ weekdays, monthDay: null, minute });
  }
  const day = /^\d{1,2}$/.test(monthDay.trim()) ? Number(monthDay) : 0;
  if (day < 1 || day > 31) return invalid({ field: "monthDay", message: "每月的几号要写 1 到 31" });
  return ok({ weekdays: null, monthDay: day, minute });
}
