import type { SheetRow } from "../lib/sheet/sheet.ts";

/** The columns of a roster, with the headings they go by: DESIGN's two languages first, then what offices write. */
const TITLES = {
  household: ["household", "户号", "户编号", "户编码", "门牌号", "门牌", "家庭编号", "户口编号", "房号", "户主编号"],
  name: ["name", "姓名", "名字", "村民姓名", "成员姓名", "家庭成员", "家庭成员姓名"],
  phone: [
    ...["phone", "手机号", "手机", "电话", "手机号码", "联系电话", "联系方式", "电话号码", "移动电话", "本人手机号"],
    ...["联系手机", "mobile", "tel"],
  ],
  group: ["group", "村民小组", "小组", "组", "组别", "所在小组", "所属小组", "生产队", "村组"],
  grid: ["grid", "网格", "所属网格", "所在网格", "网格名称", "网格号"],
  tags: ["tags", "身份", "标签", "身份标签", "人员类别", "人员身份"],
  cadre: ["cadre", "联户干部", "包户干部", "包联干部", "联系干部", "联户人", "包户人", "网格员"],
} as const;

export type RosterColumn = keyof typeof TITLES;
export const ROSTER_COLUMNS = Object.keys(TITLES) as readonly RosterColumn[];
export const COLUMN_NAMES: Record<RosterColumn, string> = {
  household: "户号",
  name: "姓名",
  phone: "手机号",
  group: "村民小组",
  grid: "网格",
  tags: "身份",
  cadre: "联户干部",
};

/** Which cell of a row holds what; a column that a file lacks is absent. */
export type Places = Partial<Record<RosterColumn, number>>;
/** `header`: the spreadsheet's number of the row with the headings; 0 where the people begin at once. */
export type Layout = { header: number; titles: readonly string[]; places: Places };
/** `ready`: enough is known of it, or a person has said so. */
export type StagedLayout = Layout & { ready: boolean };

/** A title, a date and "单位：…" may stand above the headings. */
export const HEADER_WITHIN = 10;

/** A roster without phones is possible, but more often its heading was not understood: a person is asked. */
export const needsNobody = (places: Places): boolean => isComplete(places) && places.phone !== undefined;
export const isComplete = (places: Places): boolean => places.household !== undefined && places.name !== undefined;

/** The row that reads most like headings. With none that does, the first is taken for it and nothing is recognised. */
export function findLayout(rows: readonly SheetRow[]): Layout {
  let best: Layout = { header: rows[0]?.row ?? 1, titles: rows[0]?.cells ?? [], places: {} };
  for (const { row, cells } of rows.slice(0, HEADER_WITHIN)) {
    const places = recognise(cells);
    if (Object.keys(places).length > Object.keys(best.places).length) best = { header: row, titles: cells, places };
  }
  return best;
}

/** The first column of several with the same meaning counts. */
export function recognise(titles: readonly string[]): Places {
  const places: Places = {};
  titles.forEach((title, place) => {
    const plain = plainTitle(title);
    for (const column of ROSTER_COLUMNS) {
      if (places[column] === undefined && (TITLES[column] as readonly string[]).includes(plain)) places[column] = place;
    }
  });
  return places;
}

/** Without spaces, width, stars and what stands in brackets: "＊手机号 （必填）：" is 手机号. */
const plainTitle = (title: string): string =>
  title
    .normalize("NFKC")
    .replace(/\([^)]*\)|\[[^\]]*\]|【[^】]*】/g, "")
    .replace(/[\s\u200b-\u200f\ufeff*:_.、，。/"'“”-]/g, "")
    .toLowerCase();
