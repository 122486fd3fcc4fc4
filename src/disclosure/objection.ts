import { audit } from "../db/audit.queries.ts";
import { localDate } from "../lib/china-time.ts";
import type { VillageId } from "../lib/ids.ts";
import { daysBetween, type IsoDay, noonOf } from "../lib/iso-day.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { endOfSpan, explain, reckon, type Span } from "../lib/spans.ts";
import type { Calendar } from "../lib/workdays.ts";
import type { Work } from "../queue/work.ts";
import { isOpen } from "../suggestion/suggestion.ts";
import { ensureDisclosure } from "./disclosure.queries.ts";
import { lastDayOf } from "./due-date.ts";
import { findEntryOf } from "./find-entry.ts";
import { findByNumber, type Objection, putObjection } from "./objection.queries.ts";
import type { Entry } from "./read-calendar.ts";

/** From the first day it was public, until when villagers may object to it. */
export type Window = { from: IsoDay; until: IsoDay; why: string; open: boolean };

export function windowOf(
  entry: Pick<Entry, "boardPostedOn" | "smsSentOn">,
  objectionDays: number,
  calendar: Calendar,
  today: IsoDay,
): Window | null {
  const from = [entry.boardPostedOn, entry.smsSentOn].filter((day) => day !== null).toSorted()[0];
  if (!from) return null;
  const reckoning = reckon({ amount: objectionDays, unit: "calendar_days" }, noonOf(from), calendar);
  const until = lastDayOf(reckoning.until);
  return { from, until, why: explain(reckoning), open: today <= until };
}

/** An objection with the day it must be answered by: the village's own clock, 5 days where nobody set another. */
export type Answering = Objection & {
  dueOn: IsoDay;
  tone: "done" | "done-late" | "soon" | "late" | "wait";
  words: string;
};

/** What answers the notice counts while the window is open; what staff marked counts whenever it came. Pure. */
export function answerings(
  objections: readonly Objection[],
  window: Window | null,
  rules: { answer: Span; calendar: Calendar },
  today: IsoDay,
): Answering[] {
  const within = ({ openedAt }: Objection) =>
    window !== null && localDate(openedAt) >= window.from && localDate(openedAt) <= window.until;
  return objections
    .filter((one) => one.marked || within(one))
    .map((one) => {
      const dueOn = lastDayOf(endOfSpan(rules.answer, one.openedAt, rules.calendar));
      return { ...one, dueOn, ...sayAnswer(one, dueOn, today) };
    });
}

function sayAnswer(one: Objection, dueOn: IsoDay, today: IsoDay): Pick<Answering, "tone" | "words"> {
  if (!isOpen(one.state)) {
    const late = one.answeredAt === null ? 0 : daysBetween(dueOn, localDate(one.answeredAt));
    return late > 0 ? { tone: "done-late", words: `答复了，晚了 ${late} 天` } : { tone: "done", words: "已按时答复" };
  }
  const left = daysBetween(today, dueOn);
  if (left < 0) return { tone: "late", words: `超了 ${-left} 天，还没答复` };
  const words = left === 0 ? "今天要答复" : `还有 ${left} 天要答复`;
  return { tone: left <= 2 ? "soon" : "wait", words };
}

/** Staff take a case of the ledger for an objection to this publication, by its number. */
export async function markObjection(
  work: Work,
  villageId: VillageId,
  item: string,
  period: string,
  number: string,
): Promise<Outcome<null>> {
  const found = await findEntryOf(work, villageId, item, period);
  if (!found.ok) return found;
  const digits = /^\d{1,9}$/.test(number.trim()) ? Number(number) : 0;
  const suggestion = digits > 0 ? await findByNumber(work.tx, villageId, digits) : undefined;
  if (!suggestion) return invalid({ field: "number", message: "台账里没有这个编号，请看看意见列表上写的编号" });
  const { row, status } = found.value.entry;
  if (!row || status === "later") return refusal("move_not_allowed", "这一项还没有公开过，谈不上异议");
  const disclosureId = await ensureDisclosure(work.tx, { villageId, item, period, by: work.actor.id }, work.now);
  await putObjection(work.tx, { disclosureId, suggestionId: suggestion.id, villageId, by: work.actor.id }, work.now);
  await audit(work, {
    chain: villageId,
    action: "disclosure.mark_objection",
    subject: "suggestion",
    subjectId: suggestion.id,
    detail: { item, period },
  });
  return ok(null);
}
