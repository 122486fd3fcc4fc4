import type { FastifyInstance } from "fastify";
import { type BroadcastId, isUuid, newId, type TemplateId } from "../../lib/ids.ts";
import { type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { may } from "../../lib/roles.ts";
import { cutBubble } from "../../message/cut-bubble.ts";
import type { Work } from "../../queue/work.ts";
import { listColumns, type Village } from "../../village/village.queries.ts";
import { visitVillage } from "../../village/visit-village.ts";
import { type Fields, type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../../web/page.ts";
import { EVERYONE } from "../broadcast.ts";
import { saveDraft } from "../compose/save-draft.ts";
import { fillBlanks, findBlanks, ROSTER_BLANKS } from "../personal/blanks.ts";
import { previewPersonal } from "../personal/personal.ts";
import { addMissingTemplates, missingTemplates } from "./founding.ts";
import { listTemplates, listVersions } from "./template.queries.ts";
import { TABLE_BLANKS } from "./template.ts";
import { addTemplate, changeTemplate, isOwnTemplate, shelveTemplate, visitTemplate } from "./write-template.ts";

/** The library of templates: by column, edited with what the longest text would look like, begun from in one tap. */
export function templateRoutes(app: FastifyInstance, deps: PageDeps): void {
  const url = "/v/:code/templates";
  pageRoute(app, deps, { url, access: "template.read", show: showTemplates });
  pageRoute(app, deps, { url: `${url}/new`, access: "template.edit", show: showTemplate });
  pageRoute(app, deps, { url: `${url}/:id`, access: "template.edit", show: showTemplate });
  const form = (
    end: string,
    access: "template.edit" | "broadcast.draft",
    act: (work: Work, village: Village, id: TemplateId, fields: Fields) => Promise<Outcome<string>>,
  ) =>
    pageForm(app, deps, {
      url: url + end,
      access,
      page: access === "template.edit" ? showTemplate : showTemplates,
      async act(work, params, fields) {
        const village = await visitVillage(work, params);
        if (!village.ok) return village;
        if (end !== "" && !isUuid(params.id ?? "")) return refusal("not_found", "没有这个模板");
        return await act(work, village.value, params.id as TemplateId, fields);
      },
    });
  form("", "template.edit", async (work, village, _, fields) => {
    const added = await addTemplate(work, village, readWords(fields));
    return added.ok ? ok(`/v/${village.code}/templates/${added.value}?done=template_kept`) : added;
  });
  pageForm(app, deps, {
    url: `${url}/founding`,
    access: "template.edit",
    page: showTemplates,
    async act(work, params) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      await addMissingTemplates(work, village.value);
      return ok(`/v/${village.value.code}/templates?done=templates_found`);
    },
  });
  form("/:id", "template.edit", async (work, village, id, fields) => {
    const changed = await changeTemplate(work, village, id, readWords(fields));
    return changed.ok ? ok(`/v/${village.code}/templates/${id}?done=template_kept`) : changed;
  });
  form("/:id/active", "template.edit", async (work, village, id, { active }) => {
    const shelved = await shelveTemplate(work, village, id, active === "1");
    return shelved.ok
      ? ok(`/v/${village.code}/templates?done=template_${active === "1" ? "restored" : "retired"}`)
      : shelved;
  });
  form("/:id/notice", "broadcast.draft", async (work, village, id) => {
    const template = await visitTemplate(work, village, id);
    if (!template.ok) return template;
    const { column, body } = template.value;
    const key = { id: newId<BroadcastId>(work.now.getTime()), version: null, kind: "notice" as const };
    const saved = await saveDraft(work, village, { ...key, origin: { templateId: id } }, { column, body });
    return saved.ok ? ok(`/v/${village.code}/notices/${key.id}/write`) : saved;
  });
}

const readWords = ({ column = "", name = "", body = "" }: Fields) => ({ column, name, body });

async function showTemplates({ work, params }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const templates = await listTemplates(work.tx, village.value);
  const inUse = templates.filter((one) => one.retiredAt === null);
  const columns = [
    ...new Set([
      ...(await listColumns(work.tx, village.value.id)).map((one) => one.name),
      ...inUse.map((one) => one.column),
    ]),
  ];
  const item = (one: (typeof templates)[number]) => ({
    ...one,
    own: may(work.actor.role, "template.edit") && isOwnTemplate(work, one),
  });
  return ok({
    view: "templates",
    title: inUse.length === 0 ? "还没有通知模板" : `有 ${inUse.length} 个通知模板`,
    tab: "notices",
    village: village.value,
    data: {
      shelves: columns
        .map((column) => ({ column, items: inUse.filter((one) => one.column === column).map(item) }))
        .filter(({ items }) => items.length > 0),
      retired: templates.filter((one) => one.retiredAt !== null).map(item),
      missing: may(work.actor.role, "template.edit") ? (await missingTemplates(work, village.value)).length : 0,
    },
  });
}

async function showTemplate({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const id = params.id ? (params.id as TemplateId) : null;
  if (id !== null && !isUuid(id)) return refusal("not_found", "没有这个模板");
  const known = id === null ? null : await visitTemplate(work, village.value, id);
  if (known && !known.ok) return known;
  const template = known?.value ?? null;
  if (template && !isOwnTemplate(work, template)) return refusal("forbidden", "这个模板不归您改");
  const words = problem?.fields.body === undefined ? template : readWords(problem.fields);
  const everywhere = work.actor.role === "township";
  return ok({
    view: "template",
    title: template ? `改模板“${template.name}”` : everywhere ? "给全乡镇各村加一个模板" : "加一个模板",
    tab: "notices",
    village: village.value,
    data: {
      id,
      active: template?.retiredAt === null,
      form: words ?? { column: "", name: "", body: "" },
      columns: (await listColumns(work.tx, village.value.id)).map(({ name }) => ({ value: name, label: name })),
      blanks: [...ROSTER_BLANKS, ...Object.keys(TABLE_BLANKS)].map((name) => `{{${name}}}`),
      looks: template ? await showLooks(work, village.value, template.column, template.body) : null,
      versions: id === null ? [] : await listVersions(work.tx, id),
    },
  });
}

/** What the first household would read, and the longest text of all; what a table brings is as long as it may be. */
async function showLooks(work: Work, village: Village, columnName: string, body: string) {
  const columns = await listColumns(work.tx, village.id);
  const columnId = (columns.find(({ name }) => name === columnName) ?? columns[0])?.id;
  if (!columnId) return null;
  const filled = fillBlanks(body, TABLE_BLANKS).text;
  const sketch = { id: null, villageId: village.id, columnId, kind: "notice" as const, body: filled };
  const { shown, worst } = await previewPersonal(work, { ...sketch, options: null, audience: EVERYONE });
  const look = (one: typeof shown) =>
    one && { household: one.household, segments: one.segments, parts: cutBubble(one.text) };
  return { personal: findBlanks(body).length > 0, shown: look(shown), worst: look(worst) };
}
