import type { Outcome } from "../refusal.ts";
import { refusal } from "../refusal.ts";
import { ok } from "../result.ts";
import { openCsv } from "./csv.ts";
import { sniff } from "./kind.ts";
import { type Sheet, SheetTrouble } from "./sheet.ts";
import { openXlsx } from "./xlsx.ts";

/** Opens whatever was chosen, or says in words why it is no table and what to do instead. */
export async function openSheet(file: Buffer): Promise<Outcome<Sheet>> {
  const kind = sniff(file);
  if (kind.kind === "wrong") return refusal("validation_failed", kind.message);
  if (kind.kind === "text") return ok(openCsv(file, kind));
  return await orTrouble(async () => ok(await openXlsx(file)));
}

/** Turns trouble out of the middle of a file into the refusal it is. */
export async function orTrouble<T>(body: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof SheetTrouble) return { ok: false, refusal: error.refusal };
    throw error;
  }
}
