import type { PhoneNumber } from "../lib/phone.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { openSheet, orTrouble } from "../lib/sheet/open-sheet.ts";
import type { Sheet, SheetRow } from "../lib/sheet/sheet.ts";
import { type RosterRow, type RowProblem, readRow } from "./read-row.ts";
import { findLayout, HEADER_WITHIN, isComplete, type Layout } from "./roster-columns.ts";

/** A row that can't be taken: what is wrong with it, and its cells, so that it can be mended and sent again. */
export type RejectedRow = { row: number; problems: readonly RowProblem[]; cells: readonly string[] };
/** `place`: which person of his household he is, in the file's order. */
export type ReadPerson = RosterRow & { place: number };

export type OpenRoster = {
  sheet: Sheet;
  /** As far as the headings tell; a person may say otherwise. */
  layout: Layout;
  /** The first rows, headings included, to show a person what he is to name. */
  top: readonly SheetRow[];
};

/** A file that people chose, opened: which table is in it, and where its columns are. */
export async function openRoster(file: Buffer): Promise<Outcome<OpenRoster>> {
  const opened = await openSheet(file);
  if (!opened.ok) return opened;
  const sheet = opened.value;
  return await orTrouble(async () => {
    const top: SheetRow[] = [];
    for await (const rows of sheet.rows()) {
      top.push(...rows);
      if (top.length >= HEADER_WITHIN) break;
    }
    if (top.length === 0) return refusal("validation_failed", "文件里没有内容，请看看是不是选错了");
    return ok({ sheet, layout: findLayout(top), top: top.slice(0, HEADER_WITHIN + 5) });
  });
}

/** The same for programs, which can't be asked what a column means. */
export async function openKnownRoster(file: Buffer): Promise<Outcome<OpenRoster>> {
  const opened = await openRoster(file);
  if (!opened.ok || isComplete(opened.value.layout.places)) return opened;
  return refusal("validation_failed", `前 ${HEADER_WITHIN} 行里要有表头，至少有“户号”和“姓名”两列`);
}

export type RosterBatch = { people: ReadPerson[]; rejected: RejectedRow[] };

/** What a file says of a phone that stands in it more than once, in different households. */
export type SharedPhone = { phone: PhoneNumber; households: number; rows: number[] };

/**
 * Goes through a roster, a few hundred rows at a time. What must be known of the rows before (who stood there already,
 * which household belongs to which group) is remembered here, so the same file is read alike every time.
 */
export type RosterReader = {
  read(rows: readonly SheetRow[]): RosterBatch;
  /** Rows that say again what an earlier one said. */
  repeated(): number;
  /** Phones that several households share, the most shared first. */
  shared(): SharedPhone[];
};

export function rosterReader(layout: Layout): RosterReader {
  const people = new Map<string, { row: number; phone: string | null }>();
  const doors = new Map<string, Pick<RosterRow, "group" | "grid" | "cadre"> & { people: number }>();
  const phones = phoneSharing();
  let repeated = 0;

  const meet = (person: RosterRow): ReadPerson => {
    people.set(keyOf(person), { row: person.row, phone: person.phone });
    phones.note(person);
    const door = doors.get(person.household) ?? { group: null, grid: null, cadre: null, people: 0 };
    // A household is in one group, however many of its people say so; the first word counts.
    door.group ??= person.group;
    door.grid ??= person.grid;
    door.cadre ??= person.cadre;
    door.people++;
    doors.set(person.household, door);
    return { ...person, group: door.group, grid: door.grid, cadre: door.cadre, place: door.people };
  };

  return {
    read(rows) {
      const batch: RosterBatch = { people: [], rejected: [] };
      for (const { row, cells } of rows) {
        if (row <= layout.header) continue;
        const read = readRow(row, cells, layout.places);
        if ("problems" in read) {
          batch.rejected.push({ row, problems: read.problems, cells });
          continue;
        }
        const { person } = read;
        const twin = people.get(keyOf(person));
        if (twin === undefined) batch.people.push(meet(person));
        else if (twin.phone === person.phone) repeated++;
        else {
          const message = `与第 ${twin.row} 行是同一户同一人，手机号却不同，请留一行`;
          batch.rejected.push({ row, problems: [{ column: "name", code: "duplicate_person", message }], cells });
        }
      }
      return batch;
    },
    repeated: () => repeated,
    shared: phones.shared,
  };
}

function phoneSharing(): { note(person: RosterRow): void; shared(): SharedPhone[] } {
  const first = new Map<string, { household: string; row: number }>();
  const shared = new Map<string, { households: Set<string>; rows: number[] }>();
  return {
    note({ phone, household, row }) {
      if (phone === null) return;
      const known = first.get(phone);
      if (!known) first.set(phone, { household, row });
      else if (known.household !== household) {
        const sharing = shared.get(phone) ?? { households: new Set([known.household]), rows: [known.row] };
        sharing.households.add(household);
        if (sharing.rows.length < MOST_ROWS) sharing.rows.push(row);
        shared.set(phone, sharing);
      }
    },
    shared: () =>
      [...shared]
        .map(([phone, { households, rows }]) => ({ phone: phone as PhoneNumber, households: households.size, rows }))
        .sort((a, b) => b.households - a.households),
  };
}

const MOST_ROWS = 20;

export const keyOf = (person: { household: string; name: string }): string => `${person.household}\n${person.name}`;
