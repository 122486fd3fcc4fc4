import { after, DAY, HOUR, MINUTE } from "../../lib/clock.ts";
import type { Calendar } from "../../lib/workdays.ts";
import { nextServiceMoment, type SendingHours } from "../../village/village.ts";
import type { SignRung } from "./signatures.ts";

/** Signers have this long before they are asked by text, and are asked again this long before it should leave. */
const PATIENCE_MS = 2 * HOUR;
const AHEAD_MS = HOUR;
/** An emergency that left with one key: the township is asked when a working day has gone by. */
const TOWNSHIP_MS = 8 * HOUR;

export type ServiceTimes = { serviceHours: SendingHours; calendar: Calendar };
export type DueRung = { rung: SignRung; at: Date };

/** When signers are asked before it leaves; `sendAt` null: it leaves with the last signature. */
export function rungsBefore(village: ServiceTimes, submittedAt: Date, sendAt: Date | null): DueRung[] {
  const first = later(village, submittedAt, PATIENCE_MS);
  if (sendAt === null) return [{ rung: "first", at: first }];
  const before = lastServiceMoment(village, after(sendAt, -AHEAD_MS));
  const rungs: DueRung[] = [
    { rung: "first", at: first },
    { rung: "before", at: before },
  ];
  // Nobody is asked about what has left its time behind, nor before it was handed in.
  return rungs.filter(({ at }) => at > submittedAt && at < sendAt);
}

/** When somebody is asked to sign what has left: at once, again, and then the township. */
export const rungsAfter = (village: ServiceTimes, launchedAt: Date): DueRung[] => [
  { rung: "after", at: later(village, launchedAt, 0) },
  { rung: "again", at: later(village, launchedAt, PATIENCE_MS) },
  { rung: "township", at: later(village, launchedAt, TOWNSHIP_MS) },
];

/** So long after work began on it, when somebody is at work. */
function later({ serviceHours, calendar }: ServiceTimes, from: Date, ms: number): Date {
  const begun = nextServiceMoment(serviceHours, calendar, from);
  return nextServiceMoment(serviceHours, calendar, after(begun, ms));
}

const STEP_MS = 15 * MINUTE;
/** Longer than any holiday. */
const FURTHEST_MS = 12 * DAY;

/** The last quarter of an hour of work before a moment: a notice for 19:00 is asked about in the afternoon. */
function lastServiceMoment({ serviceHours, calendar }: ServiceTimes, at: Date): Date {
  for (let back = 0; back <= FURTHEST_MS; back += STEP_MS) {
    const moment = after(at, -back);
    if (nextServiceMoment(serviceHours, calendar, moment).getTime() === moment.getTime()) return moment;
  }
  return at;
}
