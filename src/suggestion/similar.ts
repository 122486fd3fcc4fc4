import type { HouseholdId } from "../lib/ids.ts";
import { compareGists, gistOf, likeness } from "./kinship.ts";
import type { OpenText } from "./merge.queries.ts";

/**
 * Of a village's open cases those that speak of the same thing, likest first. Two cases of different classes are not
 * the same, however alike their words. Pure; sealed cases are not among what it is given.
 */
export function findSimilar(
  text: string,
  category: string | null,
  open: readonly OpenText[],
): (OpenText & { alike: number })[] {
  const gist = gistOf(text);
  return open
    .filter((one) => category === null || one.category === null || one.category === category)
    .map((one) => ({ one, other: gistOf(one.text) }))
    .filter(({ other }) => compareGists(gist, other) === "same")
    .map(({ one, other }) => ({ ...one, alike: likeness(gist, other) }))
    .sort((a, b) => b.alike - a.alike || a.number - b.number);
}

/** "已有 3 户" says something from here on; two doors are a coincidence. */
const SEVERAL = 3;

/** How many doors speak of the same thing with this one; null where they are too few to be told. */
export function countDoors(similar: readonly OpenText[], own: HouseholdId | null): number | null {
  const doors = new Set(similar.flatMap((one) => one.households));
  if (own) doors.add(own);
  return doors.size >= SEVERAL ? doors.size : null;
}
