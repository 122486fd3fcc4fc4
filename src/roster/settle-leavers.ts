import { audit } from "../db/audit.queries.ts";
import { isUuid, type VillagerId } from "../lib/ids.ts";
import { invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { chooseContacts } from "./import.queries.ts";
import { LEFT_REASONS } from "./left.ts";
import type { RosterImport } from "./roster-imports.queries.ts";
import { findLeavers, markLooked, setLeft } from "./staged-rows.queries.ts";

/** What may be said of somebody whom the file does not name. `ignore`: he stays; `back`: it was a mistake. */
export const LEAVER_WORDS = [...LEFT_REASONS, "ignore", "back"] as const;
type LeaverWord = (typeof LEAVER_WORDS)[number];

/**
 * A person says what became of those whom a file does not name, one by one (`left-<id>`), or of all of a page at once
 * (`all`, for those of whom nothing else is said). Only people who were proposed can be named here.
 */
export async function settleLeavers(
  work: Work,
  item: RosterImport,
  typed: Readonly<Record<string, string>>,
): Promise<Outcome<null>> {
  const named = Object.keys(typed).flatMap((field) => (field.startsWith("left-") ? [field.slice(5)] : []));
  const ids = named.filter(isUuid) as VillagerId[];
  const known = ids.length === 0 ? [] : await findLeavers(work.tx, item.id, ids);
  const proposed = new Map(known.map((one) => [one.villagerId as string, one]));
  const said = new Map<LeaverWord, VillagerId[]>();
  for (const [field, written] of Object.entries(typed)) {
    const person = field.startsWith("left-") ? proposed.get(field.slice(5)) : undefined;
    const untouched = person !== undefined && person.leftReason === null && !person.ignored;
    const word = LEAVER_WORDS.find((one) => one === (written === "" && untouched ? typed.all : written));
    if (person && word) said.set(word, [...(said.get(word) ?? []), person.villagerId]);
  }
  if (said.size === 0) return invalid({ field: "all", message: "还没有选：请在人名旁边选，或给这一页的人一起选" });
  for (const [word, people] of said) {
    await markLooked(work.tx, item.id, people, word === "ignore");
    if (word !== "ignore") {
      const doors = await setLeft(work.tx, item.villageId, people, word === "back" ? null : word, work.now);
      await chooseContacts(work.tx, item.villageId, doors);
    }
    const detail = { as: word, people: people.length };
    const subject = { subject: "roster_import", subjectId: item.id };
    await audit(work, { chain: item.villageId, action: "roster.leavers", ...subject, detail });
  }
  return ok(null);
}
