import { audit } from "../db/audit.queries.ts";
import type { Work } from "../queue/work.ts";
import { COLUMN_NAMES, ROSTER_COLUMNS } from "./roster-columns.ts";
import type { RosterImport } from "./roster-imports.queries.ts";
import type { RejectedDetail } from "./staged-detail.ts";
import { listStaged } from "./staged-rows.queries.ts";

const AT_ONCE = 5000;
const WRONG = "哪里不对";

/** The rows that were not taken, with the file's own columns and one more: mended, it can be sent again as it is. */
export async function tableOfRejected(work: Work, { id, villageId, layout }: RosterImport): Promise<string[][]> {
  const rows: RejectedDetail[] = [];
  for (let after = 0; ; ) {
    const page = await listStaged(work.tx, id, "rejected", after, AT_ONCE);
    rows.push(...page.map((row) => JSON.parse(work.sealer.openBytes(row.detail).toString()) as RejectedDetail));
    after = page.at(-1)?.row ?? 0;
    if (page.length < AT_ONCE) break;
  }
  // A file that was sent a second time has the column already.
  const kept = layout.titles.map((title, place) => ({ title, place })).filter(({ title }) => title.trim() !== WRONG);
  const width = Math.max(0, ...rows.map((row) => row.cells.length));
  const columns = layout.header === 0 ? nameless(layout.places, width) : kept;
  const table = rows.map(({ cells, problems }) => [
    ...columns.map(({ place }) => cells[place] ?? ""),
    problems.map((problem) => problem.message).join("；"),
  ]);
  const subject = { subject: "roster_import", subjectId: id };
  await audit(work, { chain: villageId, action: "roster.rejected_file", ...subject, detail: { rows: rows.length } });
  return [[...columns.map(({ title }) => title), WRONG], ...table];
}

const nameless = (places: RosterImport["layout"]["places"], width: number) =>
  Array.from({ length: width }, (_, place) => {
    const column = ROSTER_COLUMNS.find((one) => places[one] === place);
    return { title: column ? COLUMN_NAMES[column] : `第${place + 1}列`, place };
  });

/** To be filled in: the headings and two people. The numbers belong to nobody (a test range of the operators). */
export const tableOfSample = (): string[][] => [
  ROSTER_COLUMNS.map((column) => COLUMN_NAMES[column]),
  ["1组01号", "丁秀兰", "19900000001", "一组", "第一网格", "高龄老人；低保", "郭志勇"],
  ["1组01号", "郭小军", "", "一组", "第一网格", "外出务工", "郭志勇"],
];
