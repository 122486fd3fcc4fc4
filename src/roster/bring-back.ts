import { audit } from "../db/audit.queries.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import type { RosterImport } from "./roster-imports.queries.ts";
import { markBack } from "./staged-rows.queries.ts";

/**
 * Of the people in a file who had asked to be taken out, those who now ask to be written down (`back-<row>`). Whoever is
 * not ticked stays out.
 */
export async function bringBack(
  work: Work,
  item: RosterImport,
  typed: Readonly<Record<string, string>>,
): Promise<Outcome<null>> {
  if (item.state !== "previewed") return refusal("move_not_allowed", "这份名单不在等确认，请刷新看看");
  const rows = Object.keys(typed).flatMap((field) => /^back-(\d{1,7})$/.exec(field)?.[1] ?? []);
  const people = await markBack(work.tx, item.id, rows.map(Number));
  const subject = { subject: "roster_import", subjectId: item.id };
  await audit(work, { chain: item.villageId, action: "roster.bring_back", ...subject, detail: { people } });
  return ok(null);
}
