import type { Sealer } from "../lib/seal.ts";
import type { Channel } from "../message/channel.queries.ts";
import type { WorkDeps } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import type { DemoActors } from "./demo.queries.ts";
import type { Person } from "./roster.ts";

/** Where the demo's past is played: the real use cases, with a clock that is set from scene to scene. */
export type Stage = {
  work: WorkDeps;
  sealer: Sealer;
  village: Village;
  channel: Channel;
  /** Of the simulated carrier. */
  accountSid: string;
  actors: DemoActors;
  people: readonly Person[];
};

/** Something that happens at a moment. What it needs from an earlier scene it finds in what both close over. */
export type Scene = { at: Date; play(stage: Stage): Promise<unknown> };

/** The person of that name, or who answers the phone at that door. */
export function findPerson(stage: Stage, nameOrDoor: string): Person & { phone: string } {
  const person = stage.people.find((one) => one.name === nameOrDoor || one.door === nameOrDoor);
  if (!person?.phone) throw new Error(`nobody of the demo has a phone at ${nameOrDoor}`);
  return { ...person, phone: person.phone };
}

/** What an earlier scene was to leave behind. */
export function given<T>(value: T | null): T {
  if (value === null) throw new Error("a scene came before the one it follows from");
  return value;
}
