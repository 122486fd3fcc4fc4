import { type FieldError, invalid, type Outcome } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { cleanText } from "../../lib/text.ts";
import { blankName, ROSTER_BLANKS } from "./blanks.ts";

/** One row of a sheet; `row` is the number the spreadsheet shows, the heading being row 1. */
export type TableRow = { row: number; cells: readonly string[] };

/** `person`: the name that the table has for the door, to be held against the roster. */
export type ValueRow = { row: number; household: string; person: string | null; values: Record<string, string> };

/** What a person should look at, and what to do; `household`: as written. */
export type ValueProblem = { row: number; household: string; message: string };

/** `names`: of the blanks that the table fills, in its order. */
export type ValueTable = { names: string[]; rows: ValueRow[]; problems: ValueProblem[] };

const DOOR_HEADINGS = ["户号", "户编号", "门牌号", "household"];
const PERSON = "姓名";
export const MAX_TABLE_ROWS = 100_000;
const MAX_NAMES = 20;
/** More is not a value but a text; it belongs on the board. */
const LONGEST_VALUE = 60;

/**
 * Reads the table that goes with a text: one row a door, one column a blank, one of them the door's number. What the
 * roster knows (小组 and so on) is not taken from here. Two rows for one door that differ are both left out: nobody can
 * know which one is right.
 */
export function readValueTable(sheet: readonly TableRow[]): Outcome<ValueTable> {
  const wrong = (message: string) => invalid({ field: "table", message } satisfies FieldError);
  const [heading, ...body] = sheet.filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  if (!heading) return wrong("表格是空的：第一行写“户号”和要填的名称，比如“金额”，下面每户一行");
  const titles = heading.cells.map(blankName);
  const door = titles.findIndex((title) => DOOR_HEADINGS.includes(title));
  if (door === -1) return wrong("第一行要有“户号”这一列，还有要填的名称，比如“金额”");
  const places = titles.flatMap((name, place) => (place !== door && name !== "" ? [{ name, place }] : []));
  const twice = places.find(({ name }, i) => places.findIndex((other) => other.name === name) !== i);
  if (twice) return wrong(`有两列都叫“${twice.name}”，请改一列的名称`);
  const wanted = places.filter(({ name }) => !(ROSTER_BLANKS as readonly string[]).includes(name));
  if (wanted.length === 0) return wrong("除了“户号”，还要有至少一列要填的内容，比如“金额”");
  if (wanted.length > MAX_NAMES) return wrong(`最多 ${MAX_NAMES} 列，请删掉用不着的列`);
  if (body.length > MAX_TABLE_ROWS) return wrong(`最多 ${MAX_TABLE_ROWS} 行`);
  if (body.length === 0) return wrong("只有一行名称，下面还没有一户的内容");

  const person = places.find(({ name }) => name === PERSON);
  const problems: ValueProblem[] = [];
  const rows = body.flatMap(({ row, cells }): ValueRow[] => {
    const cell = (place: number) => plain(cells[place] ?? "");
    const household = cell(door);
    if (household === "") {
      problems.push({ row, household, message: "没有填户号，这一行没用" });
      return [];
    }
    const values: Record<string, string> = {};
    for (const { name, place } of wanted) {
      const value = cell(place);
      const long = Array.from(value).length > LONGEST_VALUE;
      if (value !== "" && !long) values[name] = value;
      else {
        const why = long ? `“${name}”太长，最多 ${LONGEST_VALUE} 个字` : `“${name}”空着`;
        problems.push({ row, household, message: `${why}，改好再传一次，不然不发给这一户` });
      }
    }
    if (Object.keys(values).length === 0) return [];
    return [{ row, household, person: person ? cell(person.place) || null : null, values }];
  });
  return ok({ names: wanted.map(({ name }) => name), ...withoutTwins(rows, problems) });
}

/** A cell as it will stand in a text: one line, no spaces around it. */
const plain = (cell: string): string => cleanText(cell).replace(/\s+/gu, " ").trim();

function withoutTwins(rows: readonly ValueRow[], problems: ValueProblem[]): Pick<ValueTable, "rows" | "problems"> {
  const first = new Map<string, ValueRow>();
  const disputed = new Set<string>();
  for (const row of rows) {
    const twin = first.get(row.household);
    if (!twin) {
      first.set(row.household, row);
      continue;
    }
    const same = JSON.stringify(twin.values) === JSON.stringify(row.values);
    if (!same) disputed.add(row.household);
    problems.push({
      row: row.row,
      household: row.household,
      message: same
        ? `与第 ${twin.row} 行一样，只算一次`
        : `与第 ${twin.row} 行是同一户，内容却不同，两行都没用，请留一行再传一次`,
    });
  }
  return {
    rows: [...first.values()].filter((row) => !disputed.has(row.household)),
    problems: problems.sort((a, b) => a.row - b.row),
  };
}
