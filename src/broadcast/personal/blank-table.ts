import { audit } from "../../db/audit.queries.ts";
import type { Work } from "../../queue/work.ts";
import { listAudience } from "../audience/audience.queries.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import { findBlanks, ROSTER_BLANKS } from "./blanks.ts";
import { MAX_TABLE_ROWS } from "./value-table.ts";

/** The blanks of a text that its table must fill: all but those that the roster knows. */
export const tableNames = (body: string): string[] =>
  findBlanks(body).filter((name) => !(ROSTER_BLANKS as readonly string[]).includes(name));

/**
 * The table that a draft wants, with the numbers and names of its doors, to be filled in by somebody who has the sums:
 * nobody has to type door numbers, and the names are held against the roster when it comes back.
 */
export async function tableToFill(work: Work, draft: Broadcast): Promise<string[][]> {
  const { id, villageId, audience, columnId, kind, body } = draft;
  const doors = await listAudience(
    work.tx,
    {
      ...{ villageId, columnId, emergency: kind === "emergency" },
      audience: { ...audience, scope: "households" },
      blanks: { broadcastId: null, names: [] },
    },
    { limit: MAX_TABLE_ROWS, offset: 0 },
  );
  const names = tableNames(body);
  await audit(work, {
    chain: villageId,
    action: "broadcast.values_sheet",
    subject: "broadcast",
    subjectId: id,
    detail: { doors: doors.length },
  });
  return [
    ["户号", "姓名", ...names],
    ...doors.map(({ household, name }) => [household, name ?? "", ...names.map(() => "")]),
  ];
}
