import type { Db } from "../db/connect.ts";
import type { VillageId } from "../lib/ids.ts";
import type { Sealer } from "../lib/seal.ts";
import { type KnownVillager, readKnown } from "./import.queries.ts";
import { keyOf, type ReadPerson } from "./read-roster.ts";

/** A person of a file beside what the roster says of him. */
export type Compared = {
  person: ReadPerson;
  phoneHash: Buffer | null;
  before: KnownVillager | null;
  verdict: "new" | "changed" | "unchanged";
};

export async function compareRows(
  db: Db,
  sealer: Sealer,
  villageId: VillageId,
  people: readonly ReadPerson[],
): Promise<Compared[]> {
  const doors = [...new Set(people.map((person) => person.household))];
  const known = new Map((await readKnown(db, villageId, doors)).map((one) => [keyOf(one), one]));
  return people.map((person) => {
    const phoneHash = person.phone ? sealer.hashPhone(person.phone) : null;
    const before = known.get(keyOf(person)) ?? null;
    const verdict = before === null ? "new" : isSame(before, person, phoneHash) ? "unchanged" : "changed";
    return { person, phoneHash, before, verdict };
  });
}

/** An empty cell says nothing about group, grid and cadre; it does say that there is no phone. */
export function isSame(before: KnownVillager, row: ReadPerson, phoneHash: Buffer | null): boolean {
  return (
    isSamePhone(before.phoneHash, phoneHash) &&
    before.leftReason === null &&
    before.tags.join() === row.tags.join() &&
    (row.group === null || row.group === before.group) &&
    (row.grid === null || row.grid === before.grid) &&
    (row.cadre === null || row.cadre === before.cadre)
  );
}

export const isSamePhone = (before: Buffer | null, now: Buffer | null): boolean =>
  before === null ? now === null : now !== null && before.equals(now);
