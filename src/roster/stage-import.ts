import { audit } from "../db/audit.queries.ts";
import { newId, type RosterImportId, type VillageId } from "../lib/ids.ts";
import { invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText, shorten } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { guessColumns } from "./guess-columns.ts";
import { type OpenRoster, openRoster } from "./read-roster.ts";
import { needsNobody, type StagedLayout } from "./roster-columns.ts";
import { insertImport } from "./roster-imports.queries.ts";
import { insertFile } from "./staged-rows.queries.ts";
import { tidyPaste } from "./tidy-paste.ts";

const PIECE = 1024 * 1024;

/**
 * Takes in a file, or a list that was pasted. Nothing of the roster changes: it is kept, sealed, until a worker has
 * compared it and a person has looked. What cannot be read is refused here, beside the field.
 */
export async function stageImport(
  work: Work,
  villageId: VillageId,
  given: { file: { name: string; bytes: Buffer } | null; text: string },
): Promise<Outcome<RosterImportId>> {
  const pasted = given.file === null || given.file.bytes.length === 0;
  if (pasted && given.text.trim() === "") return invalid({ field: "file", message: "请选一个文件，或把名单贴在下面" });
  const bytes = pasted ? Buffer.from(tidyPaste(given.text)) : (given.file?.bytes as Buffer);
  const opened = await openRoster(bytes);
  if (!opened.ok) return invalid({ field: pasted ? "text" : "file", message: opened.refusal.message });
  const id = newId<RosterImportId>();
  const layout = propose(opened.value);
  const fileName = pasted ? "贴上的名单" : shorten(cleanText(given.file?.name ?? "名单"), 80);
  const top = work.sealer.bytes(Buffer.from(JSON.stringify(opened.value.top)));
  await insertImport(work.tx, { id, villageId, madeBy: work.actor.id, fileName, layout, top }, work.now);
  const pieces = [];
  for (let at = 0; at < bytes.length; at += PIECE) pieces.push(work.sealer.bytes(bytes.subarray(at, at + PIECE)));
  await insertFile(work.tx, { id, villageId }, pieces);
  if (layout.ready) work.ring({ queue: "import-roster", payload: { importId: id } });
  const detail = { bytes: bytes.length, kind: opened.value.sheet.kind };
  await audit(work, { chain: villageId, action: "roster.upload", subject: "roster_import", subjectId: id, detail });
  return ok(id);
}

function propose({ layout, top }: OpenRoster): StagedLayout {
  if (Object.keys(layout.places).length > 0) return { ...layout, ready: needsNobody(layout.places) };
  const places = guessColumns(top);
  // Whatever stands in the first line of a list without headings is a person.
  return Object.keys(places).length > 1
    ? { header: 0, titles: [], places, ready: false }
    : { ...layout, places, ready: false };
}
