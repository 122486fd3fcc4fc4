import type { FastifyInstance } from "fastify";
import { findBroadcastOfSheet } from "../broadcast/broadcast.queries.ts";
import { isUuid } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { openSheet, orTrouble } from "../lib/sheet/open-sheet.ts";
import type { SheetRow } from "../lib/sheet/sheet.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Fields, type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { acceptUploads, type Upload } from "../web/upload.ts";
import { makeNotice, unlockSheet } from "./lock-sheet.ts";
import { correctSheet, postSheet } from "./post-sheet.ts";
import { readTable, writePasted } from "./read-table.ts";
import { findBefore, findCorrectionOf, listEntries } from "./sheet.queries.ts";
import type { EntryId, Sheet } from "./sheet.ts";
import { CATEGORY_OPTIONS, describeSheet, KIND_OPTIONS, VIA_OPTIONS } from "./sheet-view.ts";
import {
  addEntries,
  changeEntry,
  discardSheet,
  readRows,
  removeEntries,
  sayBalances,
  takeDraft,
  visitSheet,
} from "./write-sheet.ts";

/** One month: filled in by hand or by table, checked, made into a notice, put up, and put right. */
export function sheetRoutes(app: FastifyInstance, deps: PageDeps): void {
  const url = "/v/:code/sheets/:id";
  pageRoute(app, deps, { url, access: "sheet.read", show: showSheet });
  pageRoute(app, deps, { url: `${url}/table`, access: "sheet.edit", show: (visit) => showTable(visit) });
  pageRoute(app, deps, { url: `${url}/entries/:entry`, access: "sheet.edit", show: showEntry });
  pageRoute(app, deps, {
    url: `${url}/print`,
    access: "sheet.read",
    show: (visit) => showSheet(visit, "sheet-print"),
  });

  type Deed = (work: Work, village: Village, sheet: Sheet, fields: Fields, params: Fields) => Promise<Outcome<string>>;
  const form = (path: string, page: (visit: Visit) => Promise<Outcome<Page>>, take: typeof visitSheet, deed: Deed) =>
    pageForm(app, deps, {
      url: url + path,
      access: "sheet.edit",
      page,
      async act(work, params, fields) {
        const village = await visitVillage(work, params);
        if (!village.ok) return village;
        const sheet = await take(work, village.value, params.id);
        return sheet.ok ? await deed(work, village.value, sheet.value, fields, params) : sheet;
      },
    });
  const here = (village: Village, id: string, done: string) => `/v/${village.code}/sheets/${id}?done=${done}`;

  form("/entries", showSheet, takeDraft, async (work, village, sheet, fields) => {
    const rows = readRows(fields, sheet.month);
    if (!rows.ok) return rows;
    const added = await addEntries(work, sheet, rows.value);
    const more = fields.next === "more" ? `&rows=${MORE_ROWS}` : "";
    return added.ok ? ok(here(village, sheet.id, "entries_added") + more) : added;
  });
  form("/table", showTable, takeDraft, async (work, village, sheet, fields) => {
    const rows = readTable(fields.table ?? "", sheet.month);
    if (!rows.ok) return rows;
    if (fields.instead === "1") await removeEntries(work, sheet, null);
    const added = await addEntries(work, sheet, rows.value);
    return added.ok ? ok(here(village, sheet.id, "entries_added")) : added;
  });
  acceptUploads(app, MOST_BYTES, (scope) =>
    pageForm(scope, deps, {
      url: `${url}/file`,
      access: "sheet.edit",
      page: (visit) => showTable(visit),
      async act(work, params, _, __, ___, upload) {
        const file = await readFile(upload);
        return file.ok ? await showTable({ work, params, query: {}, problem: null }, file.value) : file;
      },
    }),
  );
  form("/entries/:entry", showEntry, takeDraft, async (work, village, sheet, fields, { entry = "" }) => {
    if (!isUuid(entry)) return refusal("not_found", "没有这一笔");
    if (fields.next === "remove") await removeEntries(work, sheet, entry as EntryId);
    else {
      const changed = await changeEntry(work, sheet, entry as EntryId, fields);
      if (!changed.ok) return changed;
    }
    return ok(here(village, sheet.id, fields.next === "remove" ? "entry_removed" : "entry_changed"));
  });
  form("/balances", showSheet, takeDraft, async (work, village, sheet, { opening = "", closing = "" }) => {
    const said = await sayBalances(work, sheet, { opening, closing });
    return said.ok ? ok(here(village, sheet.id, "balances_set")) : said;
  });
  form("/discarding", showSheet, takeDraft, async (work, village, sheet) => {
    await discardSheet(work, sheet);
    return ok(`/v/${village.code}/sheets?done=sheet_discarded`);
  });
  form("/notice", showSheet, visitSheet, async (work, village, sheet) => {
    const made = await makeNotice(work, village, sheet);
    return made.ok ? ok(`/v/${village.code}/notices/${made.value}/write?done=notice_made`) : made;
  });
  form("/unlocking", showSheet, visitSheet, async (work, village, sheet) => {
    const unlocked = await unlockSheet(work, sheet);
    return unlocked.ok ? ok(here(village, sheet.id, "sheet_unlocked")) : unlocked;
  });
  form("/posting", showSheet, visitSheet, async (work, village, sheet, { postedOn = "" }) => {
    const posted = await postSheet(work, village, sheet, postedOn);
    return posted.ok ? ok(here(village, sheet.id, "sheet_posted")) : posted;
  });
  form("/correction", showSheet, visitSheet, async (work, village, sheet) => {
    const begun = await correctSheet(work, village, sheet);
    return begun.ok ? ok(here(village, begun.value, "correction_begun")) : begun;
  });
}

/** A month's table is a few kilobytes. */
const MOST_BYTES = 1024 * 1024;
const MOST_LINES = 1000;

/** What is in a file, to be looked at before it counts. */
async function readFile(upload: Upload | null): Promise<Outcome<string>> {
  const wrong = (message: string) => invalid({ field: "file", message });
  if (!upload || upload.bytes.length === 0) return wrong("请选一个文件");
  const opened = await openSheet(upload.bytes);
  if (!opened.ok) return wrong(opened.refusal.message);
  return await orTrouble(async () => {
    const rows: SheetRow[] = [];
    for await (const batch of opened.value.rows()) {
      rows.push(...batch);
      if ((rows.at(-1)?.row ?? 0) > MOST_LINES) return wrong(`一个月的账不会超过 ${MOST_LINES} 行，请看看是不是选错了`);
    }
    return ok(writePasted(rows));
  });
}

const ROWS = 3;
const MORE_ROWS = 10;
const MOST_ROWS = 40;

async function showSheet(
  { work, params, query, problem }: Visit,
  view: "sheet" | "sheet-print" = "sheet",
): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const found = await visitSheet(work, village.value, params.id);
  if (!found.ok) return found;
  const sheet = found.value;
  const entries = await listEntries(work.tx, sheet.id);
  const before = await findBefore(work.tx, village.value.id, sheet.month);
  const notice = await findBroadcastOfSheet(work.tx, sheet.id);
  const correction = await findCorrectionOf(work.tx, sheet.id);
  const correctedBy = correction?.state === "posted" ? correction.id : null;
  const described = describeSheet(sheet, entries, before, notice, correctedBy, work.actor, work.now);
  const typed = problem?.fields ?? {};
  const filled = Object.keys(typed).filter((name) => name.startsWith("amount-")).length;
  const wanted = typed.next === "more" ? filled + MORE_ROWS : filled || Number(query.rows ?? ROWS) || ROWS;
  return ok({
    view,
    title: view === "sheet" ? titleOf(described) : `${village.value.name}集体收支公开表`,
    tab: "more",
    village: village.value,
    data: {
      sheet: described,
      rows: Math.min(Math.max(wanted, ROWS), MOST_ROWS),
      balances: {
        opening: typed.opening ?? (sheet.opening === null ? "" : described.opening),
        closing: typed.closing ?? (sheet.closing === null ? "" : described.closing),
      },
      ...OPTIONS,
      paper: query.paper === "a3" ? "a3" : "a4",
      begun: correction && !correctedBy ? correction.id : null,
    },
  });
}

const OPTIONS = { categories: CATEGORY_OPTIONS, kinds: KIND_OPTIONS, vias: VIA_OPTIONS };

const titleOf = (sheet: ReturnType<typeof describeSheet>): string => {
  const name = `${sheet.month}的${sheet.corrects ? "更正账" : "账"}`;
  if (!sheet.draft) return sheet.correctedBy ? `${name}，后来更正过` : `${name}${sheet.state}`;
  if (sheet.entries.length === 0) return `${name}，还没有记`;
  return sheet.ready ? `${name}平了` : `${name}还没平`;
};

async function showTable({ work, params, problem }: Visit, read: string | null = null): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const sheet = await takeDraft(work, village.value, params.id);
  if (!sheet.ok) return sheet;
  const entries = await listEntries(work.tx, sheet.value.id);
  return ok({
    view: "sheet-table",
    title: "把表格贴进来",
    tab: "more",
    village: village.value,
    data: { id: sheet.value.id, already: entries.length, table: read ?? problem?.fields.table ?? "", read },
  });
}

async function showEntry({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const sheet = await takeDraft(work, village.value, params.id);
  if (!sheet.ok) return sheet;
  const entry = (await listEntries(work.tx, sheet.value.id)).find((one) => one.id === params.entry);
  if (!entry) return refusal("not_found", "没有这一笔，可能已经删掉了");
  return ok({
    view: "sheet-entry",
    title: "改这一笔",
    tab: "more",
    village: village.value,
    data: {
      id: sheet.value.id,
      entry: entry.id,
      form: problem?.fields ?? { ...entry, amount: (entry.amount / 100).toFixed(2), via: entry.via ?? "" },
      ...OPTIONS,
    },
  });
}
