/** Promises and schedules read this clock, so that a test can stop it. Leases and pacing read the database's. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const after = (from: Date, ms: number): Date => new Date(from.getTime() + ms);
