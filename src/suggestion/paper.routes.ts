import type { FastifyInstance, FastifyReply } from "fastify";
import { localDate } from "../lib/china-time.ts";
import { writeCsv } from "../lib/csv.ts";
import type { Outcome } from "../lib/refusal.ts";
import { REFUSAL_STATUS } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Sealer } from "../lib/seal.ts";
import { endOfWorkday } from "../lib/workdays.ts";
import { writeXlsx } from "../lib/xlsx.ts";
import { inWork } from "../queue/work.ts";
import { visitVillage } from "../village/visit-village.ts";
import { actorOf } from "../web/guard.ts";
import { type Page, pageRoute, readFields, type Visit } from "../web/page.ts";
import type { CaseDeps } from "./cases.routes.ts";
import { exportLedger, readFilter } from "./export-ledger.ts";
import { countByCategory, readMonth } from "./monthly.queries.ts";

const FORMATS = {
  csv: { type: "text/csv; charset=utf-8", write: (table: Parameters<typeof writeCsv>[0]) => writeCsv(table) },
  xlsx: {
    type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write: (table: Parameters<typeof writeXlsx>[0]) => writeXlsx(table, "意见台账"),
  },
} as const;

/** The ledger on paper and as a file: the same cases that the page shows for the same address. */
export function paperRoutes(app: FastifyInstance, deps: CaseDeps): void {
  for (const format of ["csv", "xlsx"] as const) {
    app.get(
      `/v/:code/cases/export.${format}`,
      { config: { access: "suggestion.export", kind: "page" } },
      async (request, reply): Promise<FastifyReply> => {
        const query = readFields(request.query);
        const made = await inWork(deps, actorOf(request), async (work) => {
          const village = await visitVillage(work, readFields(request.params));
          if (!village.ok) return village;
          const filter = readFilter(query, work.now, endOfWorkday(work.now, 0));
          const wish = { format, phones: query.phones === "full" };
          const exported = await exportLedger(work, village.value, filter, wish, deps.sealer);
          if (!exported.ok) return exported;
          const name = `${village.value.code}-${localDate(work.now)}.${format}`;
          return ok({ name, table: exported.value.table });
        });
        if (!made.ok) return reply.server.errorPage(reply, REFUSAL_STATUS[made.refusal.code], made.refusal.message);
        return reply
          .type(FORMATS[format].type)
          .header("content-disposition", `attachment; filename="${made.value.name}"`)
          .header("cache-control", "no-store")
          .send(FORMATS[format].write(made.value.table));
      },
    );
  }
  pageRoute(app, deps, {
    url: "/v/:code/cases/print",
    access: "suggestion.export",
    show: (visit) => printLedger(visit, deps.sealer),
  });
  pageRoute(app, deps, { url: "/v/:code/cases/monthly", access: "suggestion.read", show: printMonth });
}

async function printLedger({ work, params, query }: Visit, sealer: Sealer): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const filter = readFilter(query, work.now, endOfWorkday(work.now, 0));
  const made = await exportLedger(work, village.value, filter, { format: "print", phones: false }, sealer);
  if (!made.ok) return made;
  return ok({
    view: "ledger-print",
    title: `${village.value.name}意见建议办理台账`,
    tab: "cases",
    village: village.value,
    data: { table: made.value.table, printedOn: localDate(work.now), count: made.value.rows.length },
  });
}

async function printMonth({ work, params, query }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const month = readMonth(query.month, work.now);
  return ok({
    view: "monthly-print",
    title: `${village.value.name} ${month.words} 六大类台账月报`,
    tab: "cases",
    village: village.value,
    data: { month, lines: await countByCategory(work.tx, village.value.id, month), printedOn: localDate(work.now) },
  });
}
