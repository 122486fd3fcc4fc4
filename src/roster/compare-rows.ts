import type { Tx } from "../db/connect.ts";
import type { VillageId } from "../lib/ids.ts";
import type { Sealer } from "../lib/seal.ts";
import { marksOf } from "./erased-marks.ts";
import { readMarks } from "./erasure.queries.ts";
import { type KnownVillager, readKnown, walkIndexes } from "./import.queries.ts";
import { keyOf, type ReadPerson } from "./read-roster.ts";
import type { Places } from "./roster-columns.ts";

/**
 * A person of a file beside what the roster says of him. What the file has no column for is as it was. `erasedAt`:
 * he is new only because he asked to be taken out, then, and is not to be written.
 */
export type Compared = {
  person: ReadPerson;
  phoneHash: Buffer | null;
  before: KnownVillager | null;
  verdict: "new" | "changed" | "unchanged";
  erasedAt: Date | null;
};

export async function compareRows(
  tx: Tx,
  sealer: Sealer,
  villageId: VillageId,
  places: Places,
  people: readonly ReadPerson[],
): Promise<Compared[]> {
  await walkIndexes(tx);
  const doors = [...new Set(people.map((person) => person.household))];
  const known = new Map((await readKnown(tx, villageId, doors)).map((one) => [keyOf(one), one]));
  const marks = await readMarks(tx, villageId);
  const findErased = (person: ReadPerson): Date | null =>
    marks.size === 0
      ? null
      : (marksOf(sealer, villageId, person).flatMap((mark) => marks.get(mark.toString("hex")) ?? [])[0] ?? null);
  return people.map((written) => {
    const before = known.get(keyOf(written)) ?? null;
    const person = before !== null && places.tags === undefined ? { ...written, tags: before.tags } : written;
    const hash = person.phone ? sealer.hashPhone(person.phone) : null;
    const phoneHash = before !== null && places.phone === undefined ? before.phoneHash : hash;
    if (before === null) {
      return { person, phoneHash, before, verdict: "new", erasedAt: findErased(person) };
    }
    const verdict = isSame(before, person, phoneHash) ? "unchanged" : "changed";
    return { person, phoneHash, before, verdict, erasedAt: null };
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
