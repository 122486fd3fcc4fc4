import type { FastifyInstance, FastifyReply } from "fastify";
import { Type } from "typebox";
import { type BroadcastId, isUuid } from "../../lib/ids.ts";
import { type Outcome, REFUSAL_STATUS, type Refusal, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { writeXlsx } from "../../lib/xlsx.ts";
import { inWork, type Work, type WorkDeps } from "../../queue/work.ts";
import { apiRoute } from "../../web/api.ts";
import { actorOf } from "../../web/guard.ts";
import { type Page, type PageDeps, pageForm, pageRoute, readFields, type Visit } from "../../web/page.ts";
import { acceptUploads } from "../../web/upload.ts";
import { type Kept, visitKept } from "../compose/compose.ts";
import { attachValues } from "./attach-values.ts";
import { tableNames, tableToFill } from "./blank-table.ts";
import { MOST_VALUE_BYTES, readPasted, readValueFile } from "./read-values.ts";
import { describePersonal } from "./show-personal.ts";
import type { TableRow } from "./value-table.ts";
import { findTable } from "./values.queries.ts";

const TableView = Type.Object({
  names: Type.Array(Type.String({ description: "of the blanks that it fills" })),
  taken: Type.Integer({ description: "households" }),
  problems: Type.Array(Type.Object({ row: Type.Integer(), household: Type.String(), message: Type.String() })),
});

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const TheFile = { schema: Type.Unsafe<Buffer>({ description: "the file itself; multipart with one file does too" }) };
const TableBody = Type.Unsafe<Buffer | { table: string }>({
  content: {
    "application/json": {
      schema: Type.Object(
        { table: Type.String({ description: "CSV or tab-separated, with a heading; one column is 户号" }) },
        { additionalProperties: false },
      ),
    },
    "text/csv": TheFile,
    [XLSX]: TheFile,
  },
});

/** What stands in the blanks of each household's text: the table that goes with a draft, and what comes of it. */
export function valueRoutes(app: FastifyInstance, deps: PageDeps & WorkDeps): void {
  const access = "broadcast.draft";
  const url = "/v/:code/notices/:id/values";
  pageRoute(app, deps, { url, access, show: showValues });
  pageForm(app, deps, {
    url,
    access,
    page: showValues,
    act: (work, params, fields) => attachTo(work, params, readPasted(fields.table ?? "")),
  });
  acceptUploads(app, MOST_VALUE_BYTES, (scope) => {
    pageForm(scope, deps, {
      url: `${url}/file`,
      access,
      page: showValues,
      async act(work, params, _, __, ___, upload) {
        const done = await attachTo(work, params, await readValueFile(upload?.bytes ?? null));
        return done.ok ? done : besideFile(done.refusal);
      },
    });
    apiRoute(scope, deps, {
      method: "POST",
      url: "/broadcasts/:id/values",
      access,
      summary:
        "Attach the table that fills a draft's blanks, in place of the one before (JSON, text/csv or XLSX); good rows are taken",
      params: Type.Object({ id: Type.String() }),
      body: TableBody,
      answer: TableView,
      async handle(work, { params, body }) {
        if (!isUuid(params.id)) return refusal("not_found", "没有这条通知");
        const rows = Buffer.isBuffer(body) ? await readValueFile(body) : readPasted(body?.table ?? "");
        return rows.ok ? await attachValues(work, params.id as BroadcastId, rows.value) : rows;
      },
    });
  });
  app.get(
    `${url}/to-fill.xlsx`,
    { config: { access, kind: "page" } },
    async (request, reply): Promise<FastifyReply> => {
      const made = await inWork(deps, actorOf(request), async (work) => {
        const found = await visitKept(work, readFields(request.params));
        return found.ok ? ok(await tableToFill(work, found.value.draft)) : found;
      });
      if (!made.ok) return reply.server.errorPage(reply, REFUSAL_STATUS[made.refusal.code], made.refusal.message);
      return reply
        .type(XLSX)
        .header("content-disposition", 'attachment; filename="to-fill.xlsx"')
        .send(writeXlsx(made.value, "每户填的内容"));
    },
  );
}

async function attachTo(
  work: Work,
  params: Record<string, string>,
  rows: Outcome<TableRow[]>,
): Promise<Outcome<string>> {
  const found = await visitKept(work, params);
  if (!found.ok) return found;
  const attached = rows.ok ? await attachValues(work, found.value.draft.id, rows.value) : rows;
  return attached.ok ? ok(`${found.value.base}/values?done=values_attached`) : attached;
}

/** What is wrong with a table stands beside the field that it came from. */
function besideFile({ errors, ...refused }: Refusal): Outcome<never> {
  const named = errors?.map((one) => ({ ...one, field: one.field === "table" ? "file" : one.field }));
  return { ok: false, refusal: named ? { ...refused, errors: named } : refused };
}

async function showValues({ work, params, query, problem }: Visit): Promise<Outcome<Page | string>> {
  const found = await visitKept(work, params);
  if (!found.ok) return found;
  const { village, draft, frozen, base } = found.value satisfies Kept;
  if (frozen) return ok(`${base}?done=frozen`);
  const names = tableNames(draft.body);
  return ok({
    view: "notice-values",
    title: names.length === 0 ? "每户的内容从名册里填" : `每户要填：${names.join("、")}`,
    tab: "notices",
    village,
    data: {
      base,
      names,
      table: await findTable(work.tx, draft.id),
      pasted: problem?.fields.table ?? "",
      door: (query.door ?? "").trim(),
      personal: await describePersonal(work, draft, (query.door ?? "").trim() || null),
    },
  });
}
