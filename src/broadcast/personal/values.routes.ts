import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { type BroadcastId, isUuid } from "../../lib/ids.ts";
import { type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { Work, WorkDeps } from "../../queue/work.ts";
import { apiRoute } from "../../web/api.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../../web/page.ts";
import { type Kept, visitKept } from "../compose/compose.ts";
import { attachValues, readPasted } from "./attach-values.ts";
import { findBlanks, ROSTER_BLANKS } from "./blanks.ts";
import { describePersonal } from "./show-personal.ts";
import { type AttachedTable, findTable } from "./values.queries.ts";

const TableView = Type.Object({
  names: Type.Array(Type.String({ description: "of the blanks that it fills" })),
  taken: Type.Integer({ description: "households" }),
  problems: Type.Array(Type.Object({ row: Type.Integer(), household: Type.String(), message: Type.String() })),
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
    async act(work, params, fields) {
      const found = await visitKept(work, params);
      if (!found.ok) return found;
      const attached = await attachPasted(work, found.value.draft.id, fields.table ?? "");
      return attached.ok ? ok(`${found.value.base}/values?done=values_attached`) : attached;
    },
  });
  apiRoute(app, deps, {
    method: "POST",
    url: "/broadcasts/:id/values",
    access,
    summary: "Attach the table that fills a draft's blanks, in place of the one before; good rows are taken",
    params: Type.Object({ id: Type.String() }),
    body: Type.Object(
      { table: Type.String({ description: "CSV or tab-separated, with a heading; one column is 户号" }) },
      { additionalProperties: false },
    ),
    answer: TableView,
    async handle(work, { params, body }) {
      if (!isUuid(params.id)) return refusal("not_found", "没有这条通知");
      return await attachPasted(work, params.id as BroadcastId, body.table);
    },
  });
}

async function attachPasted(work: Work, id: BroadcastId, text: string): Promise<Outcome<AttachedTable>> {
  const sheet = readPasted(text);
  return sheet.ok ? await attachValues(work, id, sheet.value) : sheet;
}

async function showValues({ work, params, query, problem }: Visit): Promise<Outcome<Page | string>> {
  const found = await visitKept(work, params);
  if (!found.ok) return found;
  const { village, draft, frozen, base } = found.value satisfies Kept;
  if (frozen) return ok(`${base}?done=frozen`);
  const names = findBlanks(draft.body).filter((name) => !(ROSTER_BLANKS as readonly string[]).includes(name));
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
