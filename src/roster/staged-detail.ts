import type { IsoDay } from "../lib/iso-day.ts";
import { maskPhone } from "../lib/phone.ts";
import type { Sealer } from "../lib/seal.ts";
import { type Compared, isSamePhone } from "./compare-rows.ts";
import { LEFT_WORDS } from "./left.ts";
import type { RowProblem } from "./read-row.ts";
import { COLUMN_NAMES } from "./roster-columns.ts";

/** What a page shows of a row; sealed where it lies. */
export type Change = { what: string; from: string; to: string };
export type ChangedDetail = { household: string; name: string; changes: Change[] };
/** Somebody who asked to be taken out, on that day. */
export type ErasedDetail = { household: string; name: string; on: IsoDay };
export type RejectedDetail = { problems: readonly RowProblem[]; cells: readonly string[] };

/** Old and new beside each other, phones masked. */
export function describeChange({ person, before, phoneHash }: Compared, sealer: Sealer): ChangedDetail {
  const changes: Change[] = [];
  const note = (what: string, from: string | null, to: string | null) =>
    changes.push({ what, from: from || "没有", to: to || "没有" });
  if (before !== null) {
    if (before.leftReason !== null) note("在不在村", LEFT_WORDS[before.leftReason], "在村");
    if (!isSamePhone(before.phoneHash, phoneHash)) {
      const old = before.phone ? maskPhone(sealer.openPhone(before.phone)) : null;
      const fresh = person.phone ? maskPhone(person.phone) : null;
      note(COLUMN_NAMES.phone, old, fresh !== null && fresh === old ? `${fresh}（中间几位不同）` : fresh);
    }
    if (before.tags.join() !== person.tags.join())
      note(COLUMN_NAMES.tags, before.tags.join(" "), person.tags.join(" "));
    for (const column of ["group", "grid", "cadre"] as const) {
      const to = person[column];
      if (to !== null && to !== before[column]) note(COLUMN_NAMES[column], before[column], to);
    }
  }
  return { household: person.household, name: person.name, changes };
}
