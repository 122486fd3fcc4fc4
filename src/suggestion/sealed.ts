import { DAY } from "../lib/clock.ts";
import { fold } from "../lib/fold.ts";
import type { ActorId } from "../lib/ids.ts";

/** Within this time after the last text of a sealed case, what its phone writes belongs to it. */
export const SEALED_TALK_MS = DAY;

export type Overseer = { id: ActorId; name: string; post: string };

/** The committee as a whole, and its head. */
const COMMITTEE = ["村监会", "监委会", "监督委员会", "村务监督"];
/** "请村监会查一查" asks them; "村监会和书记一伙的" accuses them. */
const ASKED = /(?:请|让|找|叫|求|给|向|望|靠|报)$/u;

/**
 * The overseers whom a sealed text may be about: named in it, or found by whoever read it (`accused`: names and
 * posts). Rather one too many than one too few: the township reads it in any case.
 */
export function findAccused(text: string, accused: readonly string[], overseers: readonly Overseer[]): ActorId[] {
  const words = fold(text);
  const named = accused.map(fold).filter((name) => name !== "");
  const committee =
    named.some((name) => COMMITTEE.some((one) => name.includes(one))) ||
    COMMITTEE.some((one) => {
      const at = words.indexOf(one);
      return at >= 0 && !ASKED.test(words.slice(0, at));
    });
  return overseers
    .filter(({ name, post }) => {
      const [who, what] = [fold(name), fold(post)];
      const meant = named.some((one) => one === who || (what.length > 1 && one === what));
      return committee || meant || (Array.from(who).length > 1 && words.includes(who));
    })
    .map(({ id }) => id);
}

/** `村监会郭长顺和王村镇`: who can read it, for the receipt; null if there is nobody. */
export function sayReaders(overseers: readonly Pick<Overseer, "name">[], township: string | null): string | null {
  const readers = [...(overseers[0] ? [`村监会${overseers[0].name}`] : []), ...(township ? [township] : [])];
  return readers.length > 0 ? readers.join("和") : null;
}
