import type { RosterImportId } from "../lib/ids.ts";
import type { Outcome } from "../lib/refusal.ts";
import { type Actor, OPERATOR } from "../lib/roles.ts";
import type { Sealer } from "../lib/seal.ts";
import { openSheet } from "../lib/sheet/open-sheet.ts";
import type { Sheet } from "../lib/sheet/sheet.ts";
import { inWork, type WorkDeps } from "../queue/work.ts";
import { findActor } from "../staff/session.queries.ts";
import { checkImport } from "./check-import.ts";
import type { RosterImportState } from "./roster-import.ts";
import { beginTry, getImport, moveImport, type RosterImport } from "./roster-imports.queries.ts";
import { runImport } from "./run-import.ts";
import { readFile } from "./staged-rows.queries.ts";

/** What a worker goes through a file with: in whose name, and which table it is. */
export type ImportJob = { deps: WorkDeps; item: RosterImport; actor: Actor; sheet: Sheet; signal: AbortSignal };

/** A file that ends its worker this often without getting further is left alone. */
const MOST_TRIES = 5;

/**
 * Does what a staged roster waits for, in the name of whoever uploaded it, so the walls between villages hold here too.
 * Safe to begin at any moment: comparing begins afresh, taking in goes on after the last commit. Null: nothing to do.
 */
export async function workOnImport(
  deps: WorkDeps,
  id: RosterImportId,
  signal: AbortSignal,
): Promise<RosterImportState | null> {
  const item = await getImport(deps.system, id);
  if (!item || (item.state !== "running" && !(item.state === "uploaded" && item.layout.ready))) return null;
  const actor = item.madeBy ? await findActor(deps.system, item.madeBy) : null;
  const asWhom: Actor = actor ?? { ...OPERATOR, role: "clerk", villages: [item.villageId] };
  const tries = await inWork(deps, asWhom, (work) => beginTry(work.tx, id, item.state === "uploaded"));
  const fail = async (problem: string) => {
    await inWork(deps, asWhom, async (work) => {
      const taken = (await getImport(work.tx, id))?.readRows ?? 0;
      const said =
        item.state === "running" && taken > 0 ? `${problem}。前面 ${taken} 人已经导进去了，再传不会重复` : problem;
      await moveImport(work.tx, id, [item.state], "failed", { problem: said, finished_at: work.now });
    });
    return "failed" as const;
  };
  if (tries > MOST_TRIES) return await fail("服务器读不完这份文件。请另存为 CSV，或分成几个文件再传");
  const opened = await openStaged(deps, item);
  if (!opened.ok) return await fail(opened.refusal.message);
  const job = { deps, item, actor: asWhom, sheet: opened.value, signal };
  const done: Outcome<RosterImportState | null> =
    item.state === "running" ? await runImport(job) : await checkImport(job);
  return done.ok ? done.value : await fail(done.refusal.message);
}

async function openStaged(
  deps: { system: WorkDeps["system"]; sealer: Sealer },
  item: RosterImport,
): Promise<Outcome<Sheet>> {
  const pieces: Buffer[] = [];
  for await (const sealed of readFile(deps.system, item.id)) pieces.push(deps.sealer.openBytes(sealed));
  return await openSheet(Buffer.concat(pieces));
}
