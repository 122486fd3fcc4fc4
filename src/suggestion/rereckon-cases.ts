import { createHash } from "node:crypto";
import { localTime, sayDate } from "../lib/china-time.ts";
import type { VillageId } from "../lib/ids.ts";
import { endOfSpan, type Span, saySpan } from "../lib/spans.ts";
import { type Calendar, endOfWorkday, planPrint } from "../lib/workdays.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import { getVillage, markReckoned, type Village } from "../village/village.queries.ts";
import { auditCase } from "./audit-case.ts";
import { changeSuggestion } from "./change-suggestion.queries.ts";
import { lookAtAll } from "./ladder.queries.ts";
import { lockReckonable, type Suggestion } from "./suggestion.queries.ts";
import { sayNumber } from "./suggestion.ts";
import { tellVillager } from "./tell-villager.ts";
import { addEvent } from "./timeline.queries.ts";

type Dated = Pick<Suggestion, "roundAt" | "dueAt" | "toldDueAt" | "extendedOnce">;

/**
 * Where an open case's date goes under the promise and calendar of now; null: it stays. The rules, decided here:
 * - What is late stays late, and a day that a person named with his reason (an extension) stays that day.
 * - A later date is told to the villager; it is the only move he is texted.
 * - An earlier one binds the staff and stands on the timeline. The villager keeps the date he was told, an answer may
 *   always come before it; and nobody finds a case late overnight: at least the next working day is left.
 */
export function moveDate(
  one: Dated,
  span: Span,
  calendar: Calendar,
  now: Date,
): { dueAt: Date; toldDueAt: Date | null; tell: boolean } | null {
  if (one.extendedOnce || one.dueAt <= now) return null;
  const fresh = endOfSpan(span, one.roundAt, calendar);
  const soonest = endOfWorkday(now, 1, calendar);
  const dueAt = fresh < one.dueAt && fresh < soonest ? soonest : fresh;
  if (fresh < one.dueAt ? dueAt >= one.dueAt : dueAt <= one.dueAt) return null;
  const told = one.toldDueAt ?? one.dueAt;
  return { dueAt, toldDueAt: dueAt < told ? told : null, tell: dueAt > told };
}

/** What a village's dates stand on: its promise, then everything else that could move a date or a rung. */
export function printOf({ promises, calendar }: Pick<Village, "promises" | "calendar">, now: Date): string {
  const days = Object.entries(calendar).sort(([a], [b]) => (a < b ? -1 : 1));
  const all = JSON.stringify([planPrint(localTime(now).year), days, promises]);
  return `${saySpan(promises.result)} ${createHash("sha256").update(all).digest("hex").slice(0, 16)}`;
}

/**
 * Reckons the dates of a village's open cases again, if its promise, its calendar or the plan in the package has
 * changed since they were last reckoned. Returns how many moved.
 */
export async function rereckonVillage(work: SystemWork, villageId: VillageId): Promise<number> {
  const { tx, now } = work;
  const village = await getVillage(tx, villageId);
  const print = printOf(village, now);
  if (!(await markReckoned(tx, villageId, print))) return 0;
  await lookAtAll(tx, villageId);
  const promised = village.reckonedWith?.startsWith(`${saySpan(village.promises.result)} `) ?? true;
  let moved = 0;
  for (const suggestion of await lockReckonable(tx, villageId, now)) {
    const move = moveDate(suggestion, village.promises.result, village.calendar, now);
    if (move === null) continue;
    await apply(work, village, suggestion, move, promised ? "放假安排有变" : "答复时限有变");
    moved++;
  }
  return moved;
}

async function apply(
  work: SystemWork,
  village: Village,
  suggestion: Suggestion,
  move: NonNullable<ReturnType<typeof moveDate>>,
  cause: string,
): Promise<void> {
  const { tx, now } = work;
  const day = (until: Date) => sayDate(new Date(until.getTime() - 1), now);
  await changeSuggestion(tx, suggestion.id, { due_at: move.dueAt, told_due_at: move.toldDueAt });
  const number = sayNumber(suggestion);
  const body = move.tell ? renderSms("moved", { number, cause, due: day(move.dueAt) }) : null;
  const messageId = body === null ? null : await tellVillager(work, village, suggestion, "notice", body);
  const change = `${cause}，${day(suggestion.dueAt)}改为${day(move.dueAt)}前答复`;
  const told = move.tell ? "" : `；村民知道的是${day(move.toldDueAt ?? move.dueAt)}，不再另发短信`;
  await addEvent(
    tx,
    {
      suggestionId: suggestion.id,
      villageId: village.id,
      actorId: null,
      voice: "service",
      kind: "rereckoned",
      text: `${change}${told}`,
      ...(messageId ? { messageId } : {}),
    },
    now,
  );
  await auditCase(work, suggestion, "suggestion.rereckon");
}
