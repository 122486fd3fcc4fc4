import { localDate } from "../lib/china-time.ts";
import type { VillagerId } from "../lib/ids.ts";
import { maskPhone } from "../lib/phone.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { orTrouble } from "../lib/sheet/open-sheet.ts";
import { inWork } from "../queue/work.ts";
import { type Compared, compareRows } from "./compare-rows.ts";
import { CHUNK } from "./import-roster.ts";
import { type ReadPerson, type RejectedRow, rosterReader } from "./read-roster.ts";
import type { Found, RosterImportState } from "./roster-import.ts";
import { moveImport, noteProgress } from "./roster-imports.queries.ts";
import { describeChange, type ErasedDetail, type RejectedDetail } from "./staged-detail.ts";
import { deleteStaged, insertStaged, listPresent, type StagedRow } from "./staged-rows.queries.ts";
import type { ImportJob } from "./work-on-import.ts";

/** How many shared phones a page lists. */
const SHOWN_SHARED = 20;
const LEAVERS_AT_ONCE = 5000;

/**
 * Compares a file with the roster and changes nothing of it: keeps what a person is to look at (rows that change
 * something, rows that can't be taken, people the file does not name) and counts the rest. Null: somebody dropped it.
 */
export async function checkImport(job: ImportJob): Promise<Outcome<RosterImportState | null>> {
  const { deps, item, actor, sheet, signal } = job;
  const { layout } = item;
  const reader = rosterReader(layout);
  const seen = new Set<VillagerId>();
  const counts = { new: 0, changed: 0, unchanged: 0, rejected: 0, erased: 0 };
  let at = 0;
  await inWork(deps, actor, (work) => deleteStaged(work.tx, item.id));

  const look = (people: readonly ReadPerson[], rejected: readonly RejectedRow[]) =>
    inWork(deps, actor, async (work) => {
      const compared = await compareRows(work.tx, work.sealer, item.villageId, layout.places, people);
      const to = Math.max(at, people.at(-1)?.row ?? 0, rejected.at(-1)?.row ?? 0);
      if (!(await noteProgress(work.tx, item, { from: at, to, read: people.length + rejected.length }))) return false;
      at = to;
      for (const { before, verdict, erasedAt } of compared) {
        counts[erasedAt === null ? verdict : "erased"]++;
        if (before) seen.add(before.id);
      }
      counts.rejected += rejected.length;
      const seal = (detail: unknown) => work.sealer.bytes(Buffer.from(JSON.stringify(detail)));
      const toShow = (one: Compared): StagedRow[] => {
        const { person, erasedAt, verdict } = one;
        const where = { row: person.row, villagerId: null };
        if (erasedAt !== null) {
          const detail: ErasedDetail = { household: person.household, name: person.name, on: localDate(erasedAt) };
          return [{ ...where, kind: "erased", detail: seal(detail) }];
        }
        if (verdict !== "changed") return [];
        return [{ ...where, kind: "changed", detail: seal(describeChange(one, work.sealer)) }];
      };
      const bad = rejected.map(({ row, problems, cells }): StagedRow => {
        const detail: RejectedDetail = { problems, cells };
        return { kind: "rejected", row, villagerId: null, detail: seal(detail) };
      });
      await insertStaged(work.tx, item, [...compared.flatMap(toShow), ...bad]);
      return true;
    });

  const read = await orTrouble(async () => {
    let [people, rejected]: [ReadPerson[], RejectedRow[]] = [[], []];
    for await (const rows of sheet.rows()) {
      const batch = reader.read(rows);
      people.push(...batch.people);
      rejected.push(...batch.rejected);
      if (people.length + rejected.length < CHUNK) continue;
      if (!(await look(people, rejected)) || signal.aborted) return ok(false);
      [people, rejected] = [[], []];
    }
    return ok(await look(people, rejected));
  });
  if (!read.ok) return read;
  if (!read.value) return ok(null);
  const shared = reader.shared();
  const found: Found = {
    ...counts,
    ...sheet.passedOver(),
    left: await stageLeavers(job, seen),
    repeated: reader.repeated(),
    sharedPhones: shared.length,
    shared: shared.slice(0, SHOWN_SHARED).map((one) => ({ ...one, phone: maskPhone(one.phone) })),
  };
  const rows = counts.new + counts.changed + counts.unchanged + counts.erased;
  const more = { found: JSON.stringify(found), rows };
  const moved = await inWork(deps, actor, async (work) => {
    const still = await noteProgress(work.tx, item, { from: at, to: at, read: 0 });
    return still && (await moveImport(work.tx, item.id, ["uploaded"], "previewed", more));
  });
  return ok(moved ? "previewed" : null);
}

/** Everybody of the roster whom the file does not name. Nothing happens to them until a person says so. */
async function stageLeavers({ deps, item, actor }: ImportJob, seen: ReadonlySet<VillagerId>): Promise<number> {
  let left = 0;
  for (let after: VillagerId | null = null; ; ) {
    const last: VillagerId | null = after;
    const page: readonly { id: VillagerId }[] = await inWork(deps, actor, async (work) => {
      const present = await listPresent(work.tx, item.villageId, last, LEAVERS_AT_ONCE);
      const gone = present.filter(({ id }) => !seen.has(id));
      const nothing = work.sealer.bytes(Buffer.alloc(0));
      const rows = gone.map(({ id }): StagedRow => ({ kind: "left", row: ++left, villagerId: id, detail: nothing }));
      await insertStaged(work.tx, item, rows);
      return present;
    });
    after = page.at(-1)?.id ?? null;
    if (page.length < LEAVERS_AT_ONCE) return left;
  }
}
