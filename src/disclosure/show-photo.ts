import { audit } from "../db/audit.queries.ts";
import type { DisclosureId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { findEntry } from "./find-entry.ts";
import { deletePhoto, setPublic } from "./photo.queries.ts";

/** Lets everybody see a photo on the village's public page, or only staff again. */
export async function openPhoto(
  work: Work,
  village: Village,
  item: string,
  period: string,
  open: boolean,
): Promise<Outcome<string>> {
  const id = await idOf(work, village, item, period);
  if (!id.ok) return id;
  if (!(await setPublic(work.tx, village.id, id.value, open))) return refusal("not_found", "还没有照片");
  await note(work, village, id.value, open ? "disclosure.photo_public" : "disclosure.photo_staff");
  return ok(open ? "photo_public" : "photo_staff");
}

export async function dropPhoto(work: Work, village: Village, item: string, period: string): Promise<Outcome<string>> {
  const id = await idOf(work, village, item, period);
  if (!id.ok) return id;
  await deletePhoto(work.tx, village.id, id.value);
  await note(work, village, id.value, "disclosure.photo_drop");
  return ok("photo_dropped");
}

async function idOf(work: Work, village: Village, item: string, period: string): Promise<Outcome<DisclosureId>> {
  const entry = await findEntry(work, village, item, period);
  if (!entry.ok) return entry;
  return entry.value.row ? ok(entry.value.row.id) : refusal("not_found", "还没有照片");
}

const note = (work: Work, village: Village, id: DisclosureId, action: string) =>
  audit(work, { chain: village.id, action, subject: "disclosure", subjectId: id });
