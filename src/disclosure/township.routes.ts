import type { FastifyInstance } from "fastify";
import { localDate } from "../lib/china-time.ts";
import { addDays } from "../lib/iso-day.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { listVillages } from "../village/village.queries.ts";
import { type Page, type PageDeps, pageRoute, type Visit } from "../web/page.ts";
import { describeEntry } from "./describe-entry.ts";
import { listDisclosures, startOf } from "./disclosure.queries.ts";
import { isPressing } from "./obligation.ts";
import { type Entry, makeCalendar, sinceOf } from "./read-calendar.ts";
import { listRulesOf } from "./rules.queries.ts";

/** What the last months asked for, and the next weeks will. */
const BACK_DAYS = 180;
const AHEAD_DAYS = 30;
const SHOWN = 5;

/** The villages that somebody supervises, in the order of their codes: where something is owed, and what. No ranking. */
export function disclosureTownshipRoutes(app: FastifyInstance, deps: PageDeps): void {
  pageRoute(app, deps, { url: "/disclosure", access: "disclosure.read", show: showTownship });
}

async function showTownship({ work }: Visit): Promise<Outcome<Page>> {
  const villages = await listVillages(work.tx);
  const ids = villages.map((one) => one.id);
  const rows = await listDisclosures(work.tx, ids);
  const starts = await startOf(work.tx, ids);
  const rulesOf = await listRulesOf(work.tx, villages);
  const today = localDate(work.now);
  const range = { from: addDays(today, -BACK_DAYS), until: addDays(today, AHEAD_DAYS) };
  const lines = [];
  for (const village of villages) {
    const rules = rulesOf.get(village.id) ?? [];
    const own = rows.filter((row) => row.villageId === village.id);
    const entries = makeCalendar(
      village,
      { rules, rows: own, since: sinceOf(starts, village.id, work.now) },
      range,
      work.now,
    );
    lines.push({ code: village.code, name: village.name, ...describeVillage(entries, work.now) });
  }
  const owing = lines.filter((line) => line.overdue > 0).length;
  return ok({
    view: "disclosure-township",
    title: owing > 0 ? `${owing} 个村有超期没公开的` : "各村该公开的都公开了",
    data: { lines, days: BACK_DAYS },
  });
}

function describeVillage(entries: readonly Entry[], now: Date) {
  const count = (...statuses: readonly string[]) => entries.filter((one) => statuses.includes(one.status)).length;
  return {
    overdue: count("overdue"),
    soon: count("soon", "half"),
    done: count("done"),
    doneLate: count("done_late"),
    pressing: entries
      .filter((one) => isPressing(one.status))
      .slice(0, SHOWN)
      .map((one) => describeEntry(one, now)),
  };
}
