import type { FastifyInstance, FastifyReply } from "fastify";
import { writeCsv } from "../lib/csv.ts";
import { type Outcome, REFUSAL_STATUS } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { writeXlsx } from "../lib/xlsx.ts";
import { inWork, type Work } from "../queue/work.ts";
import { visitVillage } from "../village/visit-village.ts";
import { actorOf } from "../web/guard.ts";
import { type Fields, type PageDeps, pageForm, pageRoute, readFields } from "../web/page.ts";
import { acceptUploads } from "../web/upload.ts";
import { bringBack } from "./bring-back.ts";
import { nameColumns } from "./name-columns.ts";
import { tableOfRejected, tableOfSample } from "./rejected-table.ts";
import { MAX_FILE } from "./roster-import.ts";
import type { RosterImport } from "./roster-imports.queries.ts";
import { settleLeavers } from "./settle-leavers.ts";
import { showImport } from "./show-import.ts";
import { showUpload } from "./show-upload.ts";
import { stageImport } from "./stage-import.ts";
import { dropImport, startImport } from "./start-import.ts";
import { visitImport } from "./visit-import.ts";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** A roster from a file: upload, name its columns if they are not known, look, say yes, see it done. */
export function importRoutes(app: FastifyInstance, deps: PageDeps): void {
  const access = "roster.edit";
  pageRoute(app, deps, { url: "/v/:code/roster", access, show: showUpload });
  acceptUploads(app, MAX_FILE, (scope) =>
    pageForm(scope, deps, {
      url: "/v/:code/roster",
      access,
      page: showUpload,
      async act(work, params, fields, _visitor, _asked, upload) {
        const village = await visitVillage(work, params);
        if (!village.ok) return village;
        const staged = await stageImport(work, village.value.id, { file: upload, text: fields.text ?? "" });
        return staged.ok ? ok(`/v/${params.code}/roster/${staged.value}?done=roster_uploaded`) : staged;
      },
    }),
  );
  pageRoute(app, deps, { url: "/v/:code/roster/:id", access, show: showImport });

  const form = (
    name: string,
    act: (work: Work, item: RosterImport, fields: Fields) => Promise<Outcome<null>>,
    next: (item: string, fields: Fields) => string,
  ) =>
    pageForm(app, deps, {
      url: `/v/:code/roster/:id/${name}`,
      access,
      page: showImport,
      async act(work, params, fields) {
        const visited = await visitImport(work, params);
        if (!visited.ok) return visited;
        const done = await act(work, visited.value.item, fields);
        return done.ok ? ok(next(`/v/${params.code}/roster/${params.id}`, fields)) : done;
      },
    });
  form("columns", nameColumns, (page) => `${page}?done=columns_named`);
  form("start", startImport, (page) => page);
  form("back", bringBack, (page) => `${page}?done=brought_back`);
  form("drop", dropImport, (page) => `${page.slice(0, page.lastIndexOf("/"))}?done=import_dropped`);
  form(
    "leavers",
    settleLeavers,
    (page, { after }) => `${page}?show=left&after=${Number(after) || 0}&done=leavers_settled`,
  );

  downloads(app, deps);
}

/** Files to mend and send again, and one to fill in. */
function downloads(app: FastifyInstance, deps: PageDeps): void {
  const send = (reply: FastifyReply, format: "csv" | "xlsx", name: string, table: (string | number)[][]) =>
    reply
      .type(format === "csv" ? "text/csv; charset=utf-8" : XLSX)
      .header("content-disposition", `attachment; filename="${name}.${format}"`)
      .send(format === "csv" ? writeCsv(table) : writeXlsx(table, "名册"));
  for (const format of ["csv", "xlsx"] as const) {
    app.get(
      `/v/:code/roster/:id/rejected.${format}`,
      { config: { access: "roster.edit", kind: "page" } },
      async (request, reply): Promise<FastifyReply> => {
        const made = await inWork(deps, actorOf(request), async (work) => {
          const visited = await visitImport(work, readFields(request.params));
          if (!visited.ok) return visited;
          return ok(await tableOfRejected(work, visited.value.item));
        });
        if (!made.ok) return reply.server.errorPage(reply, REFUSAL_STATUS[made.refusal.code], made.refusal.message);
        return send(reply, format, "to-mend", made.value);
      },
    );
  }
  app.get(
    "/v/:code/roster/sample.xlsx",
    { config: { access: "roster.edit", kind: "page" } },
    async (request, reply): Promise<FastifyReply> => {
      const village = await inWork(deps, actorOf(request), (work) => visitVillage(work, readFields(request.params)));
      if (!village.ok) return reply.server.errorPage(reply, 404, village.refusal.message);
      return send(reply, "xlsx", "roster", tableOfSample());
    },
  );
}
