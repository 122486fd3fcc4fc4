import { initialsOf } from "../lib/initials.ts";
import { parsePhone } from "../lib/phone.ts";
import { invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { ALL_DOORS, type DoorFilter, findDoorsByPhone, listNames, listSealed } from "./doors.queries.ts";
import { isDoorTrouble, STANDINGS } from "./standing.ts";

/** What an address asks for: `q`, `group`, `grid`, `cadre`, `tag`, `show`. */
export type Asked = Readonly<Record<string, string>>;
const NAMES = ["q", "group", "grid", "cadre", "tag", "show"] as const;

export const isAsked = (asked: Asked): boolean => NAMES.some((name) => (asked[name] ?? "").trim() !== "");

/** The same question in an address, with something changed; empty values are left out. */
export function writeDoorQuery(asked: Asked, change: Asked = {}): string {
  const query = new URLSearchParams();
  for (const name of [...NAMES, "after"] as const) {
    const value = (name === "after" ? change.after : (change[name] ?? asked[name]))?.trim();
    if (value) query.set(name, value);
  }
  return query.toString();
}

/**
 * Above so many phones their last digits are not looked through: each is opened for it, since the database keeps only a
 * hash of the whole number. A few milliseconds for a village; a town must type the number.
 */
const MOST_OPENED = 20_000;

export async function readDoorFilter(work: Work, village: Village, asked: Asked): Promise<Outcome<DoorFilter>> {
  const { group, grid, cadre, tag, show } = Object.fromEntries(
    NAMES.map((name) => [name, asked[name]?.trim() || null]),
  ) as Record<(typeof NAMES)[number], string | null>;
  const words = await readWords(work, village, (asked.q ?? "").trim().slice(0, 40));
  if (!words.ok) return words;
  return ok({
    ...ALL_DOORS,
    ...{ group, grid, cadre, tag },
    words: words.value,
    standing: show === "not_reached" ? show : (STANDINGS.find((one) => one === show) ?? null),
    trouble: show !== null && isDoorTrouble(show) ? show : null,
  });
}

/** A whole phone goes by its hash, four digits by the ends of phones, letters by the initials of names. */
async function readWords(work: Work, village: Village, typed: string): Promise<Outcome<DoorFilter["words"]>> {
  if (typed === "") return ok(null);
  const phone = parsePhone(typed);
  if (phone.ok) {
    const also = await findDoorsByPhone(work.tx, village.id, work.sealer.hashPhone(phone.value));
    return ok({ part: typed, also });
  }
  if (/^\d{4}$/.test(typed.normalize("NFKC"))) {
    const people = await listSealed(work.tx, village.id, MOST_OPENED + 1);
    if (people.length > MOST_OPENED) {
      return invalid({ field: "q", message: "这里手机号太多，不能按末四位找，请填完整的号码" });
    }
    const also = people.filter((one) => work.sealer.openPhone(one.phone).endsWith(typed.normalize("NFKC")));
    return ok({ part: typed, also: also.map((one) => one.householdId) });
  }
  if (/^[a-z]{2,4}$/i.test(typed)) {
    const people = await listNames(work.tx, village.id);
    const also = people.filter((one) => initialsOf(one.name) === typed.toLowerCase());
    return ok({ part: typed, also: also.map((one) => one.householdId) });
  }
  return ok({ part: typed, also: [] });
}
