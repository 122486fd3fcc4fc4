import { endOfSpan } from "../lib/spans.ts";
import type { Calendar } from "../lib/workdays.ts";
import type { Promises } from "../village/promises.ts";
import { nextServiceMoment, type SendingHours } from "../village/village.ts";
import { isOpen, type SuggestionState } from "./suggestion.ts";

/** The rungs from the lowest to the highest; those of an order (督办单) stand above all. */
export const RUNG_NAMES = [
  "respond",
  "half",
  "most",
  "due",
  "secretary",
  "township",
  "order_most",
  "order_late",
] as const;
export type RungName = (typeof RUNG_NAMES)[number];

export const RUNG_WORDS: Record<RungName, string> = {
  respond: "还没有人回应",
  half: "时间过半",
  most: "时间只剩两成",
  due: "已过承诺的日子",
  secretary: "超期报书记",
  township: "报乡镇督办",
  order_most: "督办时间只剩两成",
  order_late: "督办已到期",
};

/** 督办单 as the ladder sees it: the township's own clock. */
export type Order = { nth: number; issuedAt: Date; replyBy: Date };

/** What the ladder needs to know of a case. A round begins when the case comes, and with every reopening. */
export type LadderCase = {
  state: SuggestionState;
  urgent: boolean;
  openedAt: Date;
  roundAt: Date;
  dueAt: Date;
  firstResponseAt: Date | null;
  escalatedAt: Date | null;
  orders: readonly Order[];
};

export type LadderRules = { promises: Promises; calendar: Calendar; townshipId: unknown };

/** One rung of this round and the moment from which it is due; `nth` is the order's number, 0 for the case's own. */
export type Rung = { name: RungName; nth: number; at: Date };

export const rungKey = ({ name, nth }: Pick<Rung, "name" | "nth">): string => `${name} ${nth}`;

/**
 * Every rung of the round that this case is in, in the order they fall due. Shares of time are shares of the whole
 * time from the round's beginning to the promised moment, as the promise bar shows it. A case that somebody handed up
 * in this round is on the township's rung from that moment.
 */
export function rungsOf(one: LadderCase, { promises, calendar, townshipId }: LadderRules): Rung[] {
  if (!isOpen(one.state)) return [];
  const share = (from: Date, until: Date, of: number) =>
    new Date(from.getTime() + Math.ceil((until.getTime() - from.getTime()) * of));
  const climb = (from: Date) => endOfSpan(promises.climb, new Date(from.getTime() - 1), calendar);
  const secretary = climb(one.dueAt);
  const handedUp = escalatedInRound(one);
  const rungs: Rung[] = [
    { name: "half", nth: 0, at: share(one.roundAt, one.dueAt, 0.5) },
    { name: "most", nth: 0, at: share(one.roundAt, one.dueAt, 0.8) },
    { name: "due", nth: 0, at: one.dueAt },
    { name: "secretary", nth: 0, at: secretary },
  ];
  if (one.firstResponseAt === null) {
    const span = one.urgent ? promises.urgentResponse : promises.firstResponse;
    rungs.push({ name: "respond", nth: 0, at: endOfSpan(span, one.openedAt, calendar) });
  }
  if (townshipId !== null) {
    const own = climb(secretary);
    rungs.push({ name: "township", nth: 0, at: handedUp !== null && handedUp < own ? handedUp : own });
    for (const { nth, issuedAt, replyBy } of ordersOfRound(one)) {
      rungs.push({ name: "order_most", nth, at: share(issuedAt, replyBy, 0.8) });
      rungs.push({ name: "order_late", nth, at: replyBy });
    }
  }
  return rungs.sort((a, b) => a.at.getTime() - b.at.getTime() || rank(a) - rank(b));
}

const rank = ({ name, nth }: Rung): number => RUNG_NAMES.indexOf(name) + nth * RUNG_NAMES.length;

/** When it was handed up, unless that was in an earlier round. */
export const escalatedInRound = ({ escalatedAt, roundAt }: Pick<LadderCase, "escalatedAt" | "roundAt">): Date | null =>
  escalatedAt !== null && escalatedAt >= roundAt ? escalatedAt : null;

/** An answer settles the orders of its round. */
export const ordersOfRound = ({ orders, roundAt }: Pick<LadderCase, "orders" | "roundAt">): Order[] =>
  orders.filter((order) => order.issuedAt >= roundAt);

/**
 * The rungs that are due and not done, from the lowest to the highest: the last is the one that is texted, whatever
 * was missed below it is only noted. Pure: the same case, rules, moment and deeds give the same rungs.
 */
export function dueRungs(one: LadderCase, rules: LadderRules, now: Date, done: ReadonlySet<string>): Rung[] {
  return rungsOf(one, rules)
    .filter((rung) => rung.at <= now && !done.has(rungKey(rung)))
    .sort((a, b) => rank(a) - rank(b));
}

/**
 * One look at the ladder: the rungs to climb now, or none and when to look again — the first moment of service hours
 * at which a rung is due; null where nothing is left to climb.
 */
export function lookAtLadder(
  one: LadderCase,
  rules: LadderRules & { serviceHours: SendingHours },
  now: Date,
  done: ReadonlySet<string>,
): { due: Rung[]; again: Date | null } {
  const inService = (at: Date) => nextServiceMoment(rules.serviceHours, rules.calendar, at);
  const due = dueRungs(one, rules, now, done);
  const opening = inService(now);
  if (due.length > 0) return opening > now ? { due: [], again: opening } : { due, again: now };
  const next = rungsOf(one, rules).find((rung) => !done.has(rungKey(rung)));
  return { due, again: next ? inService(next.at) : null };
}
