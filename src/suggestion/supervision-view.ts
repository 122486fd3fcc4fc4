import { localTime, sayDay } from "../lib/china-time.ts";
import { shorten } from "../lib/text.ts";
import { type Calendar, workdaysLeft } from "../lib/workdays.ts";
import type { Supervision, SupervisionLine } from "./supervision.queries.ts";

/** `督〔2026〕42-1`: the year, the case's number and the how-manieth of the case; no count of its own to be read. */
export const writeOrderNumber = (number: number, { nth, issuedAt }: Pick<Supervision, "nth" | "issuedAt">): string =>
  `督〔${localTime(issuedAt).year}〕${number}-${nth}`;

/** A day that ends at 24:00, as people say it. */
export const sayUntil = (until: Date, now: Date): string => sayDay(new Date(until.getTime() - 1), now);

export function describeSupervision(line: SupervisionLine, now: Date, calendar: Calendar) {
  const left = workdaysLeft(line.replyBy, now, calendar);
  const late = line.replyBy <= now;
  return {
    id: line.id,
    code: line.code,
    village: line.village,
    number: line.number,
    nth: line.nth,
    title: writeOrderNumber(line.number, line),
    said: shorten(line.text, 40),
    owner: line.owner ?? "还没有人",
    demand: line.demand,
    byHand: line.issuedBy !== null,
    issuedBy: line.issuedBy ?? "超期自动上报",
    issuedAt: line.issuedAt,
    replyBy: sayUntil(line.replyBy, now),
    settled: line.settled,
    tone: line.settled ? "done" : late ? "late" : left <= 1 ? "soon" : "",
    words: line.settled
      ? "已答复"
      : late
        ? `已超 ${-left} 个工作日`
        : left === 0
          ? "今天到期"
          : `还剩 ${left} 个工作日`,
  };
}
