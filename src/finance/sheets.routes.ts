import type { FastifyInstance } from "fastify";
import { localDate } from "../lib/china-time.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { findSheetOfMonth, type ListedSheet, listSheets } from "./sheet.queries.ts";
import { monthBefore, type Sheet, sayMonth } from "./sheet.ts";
import { describeYear } from "./sheet-view.ts";
import { startSheet } from "./write-sheet.ts";

/** A village's money: its months, begun here, and the year on paper. */
export function sheetsRoutes(app: FastifyInstance, deps: PageDeps): void {
  pageRoute(app, deps, { url: "/v/:code/sheets", access: "sheet.read", show: showSheets });
  pageRoute(app, deps, { url: "/v/:code/sheets/year", access: "sheet.read", show: printYear });
  pageForm(app, deps, {
    url: "/v/:code/sheets",
    access: "sheet.edit",
    page: showSheets,
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const started = await startSheet(work, village.value, fields.month ?? "");
      return started.ok ? ok(`/v/${params.code}/sheets/${started.value}?done=sheet_started`) : started;
    },
  });
}

const readYear = (text: string | undefined, now: Date): number =>
  Number(/^20\d\d$/.exec(text ?? "")?.[0] ?? localDate(now).slice(0, 4));

async function showSheets({ work, params, query, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const all = await listSheets(work.tx, village.value.id);
  const years = [...new Set(all.map((one) => Number(one.month.slice(0, 4))))];
  const asked = readYear(query.year, work.now);
  const year = query.year || years.includes(asked) ? asked : (years[0] ?? asked);
  const now = localDate(work.now).slice(0, 7);
  const last = monthBefore(now);
  // Last month's sheet is what is wanted; where it is begun, this month's.
  const wanted = all.some((one) => one.month === last) ? now : last;
  return ok({
    view: "sheets",
    title: titleOf(await findSheetOfMonth(work.tx, village.value.id, last), last),
    tab: "more",
    village: village.value,
    data: {
      year,
      years,
      ...describeYear(ofYear(all, year)),
      open: all.filter((one) => one.state !== "posted").map((one) => ({ ...one, words: sayMonth(one.month) })),
      form: { month: problem?.fields.month ?? wanted },
      can: { edit: may(work.actor.role, "sheet.edit") },
    },
  });
}

const ofYear = (all: readonly ListedSheet[], year: number) => all.filter((one) => one.month.startsWith(`${year}-`));

const titleOf = (sheet: Sheet | undefined, last: string): string => {
  const words = `${Number(last.slice(5))}月的账`;
  if (!sheet) return `${words}还没做`;
  return sheet.state === "posted"
    ? `${words}已公布`
    : sheet.state === "locked"
      ? `${words}已定稿，还没公布`
      : `${words}还在填`;
};

async function printYear({ work, params, query }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const year = readYear(query.year, work.now);
  const posted = (await listSheets(work.tx, village.value.id, year)).filter((one) => one.state === "posted");
  return ok({
    view: "sheets-year",
    title: `${village.value.name} ${year} 年集体收支`,
    tab: "more",
    village: village.value,
    data: { year, ...describeYear(posted), paper: "a4" },
  });
}
