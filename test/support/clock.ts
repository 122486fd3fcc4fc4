import type { Clock } from "../../src/lib/clock.ts";

/** A clock that a test stops, sets and moves. It starts on Friday 9 October 2026, nine in the morning in the village. */
export class StoppedClock implements Clock {
  #now: Date;
  constructor(at = "2026-10-09T09:00:00+08:00") {
    this.#now = new Date(at);
  }
  now(): Date {
    return new Date(this.#now);
  }
  set(at: string): void {
    this.#now = new Date(at);
  }
  advance(ms: number): void {
    this.#now = new Date(this.#now.getTime() + ms);
  }
}
