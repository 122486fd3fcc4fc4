import { type DisclosureNote, noteDisclosure } from "../disclosure/post-disclosure.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import type { Sheet } from "./sheet.ts";

/** 村财务收支明细, entry by entry (src/disclosure/catalogue.ts). */
const ITEM = "F01";

/**
 * Tells the disclosure calendar what became of a month's sheet. Where the calendar asks once a quarter, the quarter's
 * last month answers; a month that it does not ask for (before the village began here) is no trouble.
 */
export async function tellCalendar(
  work: Work,
  sheet: Sheet,
  facts: Pick<DisclosureNote, "boardPostedOn" | "broadcastId">,
): Promise<Outcome<null>> {
  const [year, month] = sheet.month.split("-").map(Number) as [number, number];
  const periods = [sheet.month, ...(month % 3 === 0 ? [`${year}-Q${month / 3}`] : [])];
  for (const period of periods) {
    const note = { villageId: sheet.villageId, item: ITEM, period, sheetId: sheet.id, ...facts };
    const noted = await noteDisclosure(work, note);
    if (noted.ok) return ok(null);
    if (noted.refusal.code !== "not_found") return noted;
  }
  return ok(null);
}
