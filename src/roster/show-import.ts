import { maskPhone, parsePhone } from "../lib/phone.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { shorten } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import type { Page, Visit } from "../web/page.ts";
import { looksPartial, titleOf } from "./import-words.ts";
import { LEFT_REASONS, LEFT_WORDS } from "./left.ts";
import { openTop } from "./name-columns.ts";
import { COLUMN_NAMES, HEADER_WITHIN, ROSTER_COLUMNS, recognise } from "./roster-columns.ts";
import type { Found } from "./roster-import.ts";
import type { RosterImport } from "./roster-imports.queries.ts";
import { placeCells } from "./show-rejected.ts";
import type { ChangedDetail, ErasedDetail, RejectedDetail } from "./staged-detail.ts";
import { countUndecided, listLeavers, listStaged } from "./staged-rows.queries.ts";
import { visitImport } from "./visit-import.ts";

/** At first a handful of each; all of one kind, page by page, when somebody asks. */
const FIRST = 10;
const PAGE = 100;
const KINDS = ["rejected", "changed", "left"] as const;
type Kind = (typeof KINDS)[number];

/** One import, from its columns to its result: each state is another question. */
export async function showImport(visit: Visit): Promise<Outcome<Page>> {
  const { work, params, query } = visit;
  const visited = await visitImport(work, params);
  if (!visited.ok) return visited;
  const { village, item } = visited.value;
  const naming =
    item.state === "uploaded" ? !item.layout.ready : item.state === "previewed" && query.show === "columns";
  const shown = naming ? {} : await showRows(work, item, query);
  return ok({
    view: naming ? "roster-columns" : "roster-import",
    title: naming ? "每一列是什么" : titleOf(item),
    tab: "people",
    village,
    data: {
      item: { id: item.id, state: item.state, fileName: item.fileName, who: item.who, problem: item.problem },
      found: item.found,
      ...(naming ? describeColumns(work, item, visit) : {}),
      busy: item.state === "running" || (item.state === "uploaded" && !naming),
      progress: { read: item.readRows, of: item.rows ?? 0 },
      result: { imported: item.imported, updated: item.updated, unchanged: item.unchanged },
      ...shown,
    },
  });
}

function describeColumns(work: Work, item: RosterImport, { problem, query }: Visit) {
  const top = openTop(work, item);
  const typed = problem?.fields ?? {};
  const asked = Number(typed.header ?? query.header ?? item.layout.header);
  const header = asked === 0 || top.some((one) => one.row === asked) ? asked : item.layout.header;
  const titles = top.find((one) => one.row === header)?.cells ?? [];
  const places = header === item.layout.header ? item.layout.places : recognise(titles);
  const people = top.filter((one) => one.row > header).slice(0, 3);
  const width = Math.max(titles.length, ...people.map((one) => one.cells.length));
  return {
    header: String(header),
    headers: [
      { value: "0", label: "没有表头，第一行就是人" },
      ...top.slice(0, HEADER_WITHIN).map(({ row, cells }) => ({
        value: String(row),
        label: `第 ${row} 行：${cells
          .filter((cell) => cell !== "")
          .slice(0, 4)
          .join("、")
          .slice(0, 24)}`,
      })),
    ],
    columns: Array.from({ length: width }, (_, place) => ({
      field: `column-${place}`,
      title: titles[place] || `第 ${place + 1} 列`,
      samples: people.map((one) => showSample(one.cells[place] ?? "")).filter((cell) => cell !== ""),
      value: typed[`column-${place}`] ?? ROSTER_COLUMNS.find((column) => places[column] === place) ?? "",
    })).filter((one) => one.samples.length > 0 || one.value !== ""),
    options: [
      { value: "", label: "不用这一列" },
      ...ROSTER_COLUMNS.map((column) => ({ value: column, label: COLUMN_NAMES[column] })),
    ],
  };
}

/** Enough to tell what a column holds; a phone is told by its shape. */
function showSample(cell: string): string {
  const phone = parsePhone(cell);
  return phone.ok ? maskPhone(phone.value) : shorten(cell, 20);
}

async function showRows(work: Work, item: RosterImport, query: Readonly<Record<string, string>>) {
  if (item.state !== "previewed" && item.state !== "done") return { only: null };
  const found = item.found as Found;
  const only = KINDS.find((kind) => kind === query.show) ?? null;
  const after = Number(/^\d{1,7}$/.exec(query.after ?? "")?.[0] ?? 0);
  const open = <Detail>(detail: Buffer) => JSON.parse(work.sealer.openBytes(detail).toString()) as Detail;
  const page = async <Row extends { row: number }>(
    kind: Kind,
    list: (after: number, limit: number) => Promise<Row[]>,
  ) => {
    if (only !== null && only !== kind) return { rows: [], next: null };
    const limit = only === kind ? PAGE : FIRST;
    const rows = await list(only === kind ? after : 0, limit + 1);
    return { rows: rows.slice(0, limit), next: rows.length > limit ? (rows[limit - 1]?.row ?? null) : null };
  };
  const staged = (kind: "rejected" | "changed") =>
    page(kind, (from, limit) => listStaged(work.tx, item.id, kind, from, limit));
  const rejected = await staged("rejected");
  const changed = item.state === "done" ? { rows: [], next: null } : await staged("changed");
  const erased = await listStaged(work.tx, item.id, "erased", 0, PAGE);
  const left = await page("left", (from, limit) => listLeavers(work.tx, item.id, from, limit));
  return {
    only,
    after,
    partial: looksPartial(found),
    undecided: await countUndecided(work.tx, item.id),
    rejected: {
      ...rejected,
      rows: rejected.rows.map(({ row, detail }) => ({ row, ...placeCells(item.layout, open<RejectedDetail>(detail)) })),
    },
    changed: { ...changed, rows: changed.rows.map(({ row, detail }) => ({ row, ...open<ChangedDetail>(detail) })) },
    erased: erased.map(({ row, detail, ignored }) => ({ row, ...open<ErasedDetail>(detail), back: ignored })),
    left: {
      ...left,
      rows: left.rows.map((one) => ({ ...one, words: one.leftReason ? LEFT_WORDS[one.leftReason] : null })),
    },
    reasons: LEFT_REASONS.map((value) => ({ value, label: LEFT_WORDS[value] })),
  };
}
