import { audit } from "../db/audit.queries.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { refuseWhileBusy } from "./one-at-a-time.ts";
import { moveImport, type RosterImport, resetProgress } from "./roster-imports.queries.ts";
import { deleteFile, deleteStaged } from "./staged-rows.queries.ts";

/** Somebody has looked at what will change and says yes. */
export async function startImport(work: Work, item: RosterImport): Promise<Outcome<null>> {
  const busy = await refuseWhileBusy(work.tx, item.villageId);
  if (busy) return busy;
  await resetProgress(work.tx, item.id);
  if (!(await moveImport(work.tx, item.id, ["previewed"], "running"))) {
    return refusal("move_not_allowed", "这份名单不在等确认，请刷新看看");
  }
  work.ring({ queue: "import-roster", payload: { importId: item.id } });
  return ok(null);
}

/** Somebody thought better of it: the file and all that was shown of it is gone at once. */
export async function dropImport(work: Work, item: RosterImport): Promise<Outcome<null>> {
  const moved = await moveImport(work.tx, item.id, ["uploaded", "previewed", "failed"], "dropped", {
    finished_at: work.now,
  });
  if (!moved) return refusal("move_not_allowed", "这份名单已经在导入，停不下来了");
  await deleteFile(work.tx, item.id);
  await deleteStaged(work.tx, item.id);
  const subject = { subject: "roster_import", subjectId: item.id };
  await audit(work, { chain: item.villageId, action: "roster.drop", ...subject });
  return ok(null);
}
