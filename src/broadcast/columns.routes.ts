import type { FastifyInstance } from "fastify";
import type { ColumnId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import type { Work } from "../queue/work.ts";
import { countDeclined } from "../village/columns.queries.ts";
import { CLASS_WORDS, COLUMN_CLASSES, type ColumnAudience, isOptional, mayBeOptional } from "../village/columns.ts";
import { addColumn, addMissingColumns, missingColumns, raiseColumn, setColumn } from "../village/set-column.ts";
import { listAllColumns } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Fields, type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { sayDoors } from "./audience/audience.ts";
import { checkAudience } from "./audience/check-audience.ts";

/** What a village publishes under: writers of notices read the rules, the secretary sets them. */
export function columnRoutes(app: FastifyInstance, deps: PageDeps): void {
  const url = "/v/:code/columns";
  pageRoute(app, deps, { url, access: "broadcast.read", show: showColumns });
  pageForm(app, deps, {
    url,
    access: "column.edit",
    page: showColumns,
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const added = await addColumn(work, village.value, { name: fields.name ?? "", class: fields.class ?? "" });
      return added.ok ? ok(`/v/${params.code}/columns?done=column_added`) : added;
    },
  });
  pageForm(app, deps, {
    url: `${url}/founding`,
    access: "column.edit",
    page: showColumns,
    async act(work, params) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const added = await addMissingColumns(work, village.value);
      return added.ok ? ok(`/v/${params.code}/columns?done=columns_found`) : added;
    },
  });
  pageRoute(app, deps, { url: `${url}/:id`, access: "column.edit", show: showColumn });
  pageForm(app, deps, { url: `${url}/:id`, access: "column.edit", page: showColumn, act: changeColumn });
}

async function changeColumn(work: Work, params: Fields, fields: Fields): Promise<Outcome<string>> {
  const found = await visitVillage(work, params);
  if (!found.ok) return found;
  const village = found.value;
  const id = params.id as ColumnId;
  const back = ok(`/v/${params.code}/columns?done=column_set`);
  if (fields.then === "up") {
    const raised = await raiseColumn(work, village, id);
    return raised.ok ? back : raised;
  }
  if (fields.then === "retire" || fields.then === "resume") {
    const set = await setColumn(work, village, id, { retired: fields.then === "retire" });
    return set.ok ? back : set;
  }
  const audience = readAudience(fields);
  const checked = audience && (await checkAudience(work, village.id, audience));
  if (checked && !checked.ok) return checked;
  const set = await setColumn(work, village, id, {
    name: fields.name ?? "",
    mayDecline: fields.mayDecline === "1",
    audience: checked ? (checked.value as ColumnAudience) : null,
  });
  return set.ok ? back : set;
}

/** Names with commas between; all empty: everybody. */
function readAudience(fields: Fields): ColumnAudience | null {
  const names = (field: string) => (fields[field] ?? "").split(/[,，、；;\s]+/u).filter((name) => name !== "");
  const lists = { groups: names("groups"), grids: names("grids"), tags: names("tags") };
  const filled = Object.entries(lists).filter(([, list]) => list.length > 0);
  if (filled.length === 0) return null;
  return { scope: fields.scope === "villagers" ? "villagers" : "households", ...Object.fromEntries(filled) };
}

async function showColumns({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const [columns, declined] = [
    await listAllColumns(work.tx, village.value.id),
    await countDeclined(work.tx, village.value.id),
  ];
  return ok({
    view: "columns",
    title: `${columns.filter((one) => one.retiredAt === null).length} 个栏目`,
    tab: "more",
    village: village.value,
    data: {
      items: columns.map((column) => ({
        id: column.id,
        name: column.name,
        retired: column.retiredAt !== null,
        about: [
          CLASS_WORDS[column.class] === column.name ? "" : CLASS_WORDS[column.class],
          column.audience ? `先选${sayDoors(column.audience)}` : "发给全村",
          isOptional(column) ? "村民可以退订" : "村民不能单独退订",
        ]
          .filter(Boolean)
          .join(" · "),
        declined: declined.get(column.id) ?? 0,
      })),
      missing: (await missingColumns(work, village.value)).map((one) => one.name),
      classes: COLUMN_CLASSES.map((value) => ({ value, label: CLASS_WORDS[value] })),
      form: problem?.fields ?? { name: "", class: "life" },
      edit: may(work.actor.role, "column.edit"),
    },
  });
}

async function showColumn({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const column = (await listAllColumns(work.tx, village.value.id)).find((one) => one.id === params.id);
  if (!column) return refusal("not_found", "没有这个栏目");
  const { audience } = column;
  return ok({
    view: "column",
    title: `栏目：${column.name}`,
    tab: "more",
    village: village.value,
    data: {
      column: { id: column.id, retired: column.retiredAt !== null, optional: mayBeOptional(column.class) },
      form: problem?.fields ?? {
        name: column.name,
        mayDecline: column.mayDecline ? "1" : "",
        scope: audience?.scope ?? "households",
        groups: (audience?.groups ?? []).join("、"),
        grids: (audience?.grids ?? []).join("、"),
        tags: (audience?.tags ?? []).join("、"),
      },
      declined: (await countDeclined(work.tx, village.value.id)).get(column.id) ?? 0,
    },
  });
}
