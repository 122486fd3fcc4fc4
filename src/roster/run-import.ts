import { audit } from "../db/audit.queries.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { orTrouble } from "../lib/sheet/open-sheet.ts";
import { inWork } from "../queue/work.ts";
import { type Compared, compareRows } from "./compare-rows.ts";
import { CHUNK, COUNTED_AS } from "./import-roster.ts";
import { type ReadPerson, rosterReader } from "./read-roster.ts";
import type { RosterImportState } from "./roster-import.ts";
import { getImport, lookAtRoster, moveImport, noteProgress } from "./roster-imports.queries.ts";
import { deleteFile, listBack } from "./staged-rows.queries.ts";
import type { ImportJob } from "./work-on-import.ts";
import { type Ground, readGround, writeRows } from "./write-rows.ts";

/**
 * Takes a file in, so many people per commit, with the count of them in the same commit. Whoever goes on after a kill
 * reads the file from its first row, because later rows lean on earlier ones, and writes from where the count stands.
 */
export async function runImport(job: ImportJob): Promise<Outcome<RosterImportState | null>> {
  const { deps, item, actor, sheet, signal } = job;
  const reader = rosterReader(item.layout);
  let ground: Ground | null = null;
  let at = item.atRow;
  const back = await inWork(deps, actor, (work) => listBack(work.tx, item.id));
  const asked = (one: Compared): Compared => (back.has(one.person.row) ? { ...one, erasedAt: null } : one);

  const take = (people: readonly ReadPerson[]) =>
    inWork(deps, actor, async (work) => {
      const { villageId, layout } = item;
      ground ??= await readGround(work.tx, villageId);
      const compared = (await compareRows(work.tx, work.sealer, villageId, layout.places, people)).map(asked);
      const to = people.at(-1)?.row ?? at;
      const step = { from: at, to, read: people.length, imported: 0, updated: 0, unchanged: 0 };
      for (const { verdict, erasedAt } of compared) if (erasedAt === null) step[COUNTED_AS[verdict]]++;
      if (!(await noteProgress(work.tx, item, step))) return false;
      await writeRows({ ...work, villageId, ground }, compared);
      at = to;
      return true;
    });

  const taken = await orTrouble(async () => {
    let waiting: ReadPerson[] = [];
    for await (const rows of sheet.rows()) {
      waiting.push(...reader.read(rows).people.filter((person) => person.row > item.atRow));
      if (waiting.length < CHUNK) continue;
      if (!(await take(waiting)) || signal.aborted) return ok(false);
      waiting = [];
    }
    return ok(waiting.length === 0 || (await take(waiting)));
  });
  if (!taken.ok) return taken;
  if (!taken.value) return ok(null);
  if ((item.rows ?? 0) > CHUNK) await lookAtRoster(deps.system);
  return ok(await finish(job));
}

async function finish({ deps, item, actor }: ImportJob): Promise<RosterImportState | null> {
  return await inWork(deps, actor, async (work) => {
    if (!(await moveImport(work.tx, item.id, ["running"], "done", { finished_at: work.now }))) return null;
    await deleteFile(work.tx, item.id);
    const counted = await getImport(work.tx, item.id);
    const { imported = 0, updated = 0, unchanged = 0, found } = counted ?? {};
    const detail = { imported, updated, unchanged, rejected: found?.rejected ?? 0 };
    const subject = { subject: "roster_import", subjectId: item.id };
    await audit(work, { chain: item.villageId, action: "roster.import", ...subject, detail });
    return "done";
  });
}
