import type { FastifyInstance } from "fastify";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import type { Work } from "../queue/work.ts";
import { listHandlers } from "../staff/staff.queries.ts";
import type { Village } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Fields, type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { addUnit, changeUnitName, giveGrid, mergeUnits, UNIT_WORDS } from "./change-groups.ts";
import { listUnits } from "./groups.queries.ts";

/** The village's 村民小组 and grids: how many doors each, whose they are, and their names. */
export function groupRoutes(app: FastifyInstance, deps: PageDeps): void {
  const url = "/v/:code/people/groups";
  pageRoute(app, deps, { url, access: "roster.read", show: showGroups });
  const changes: Record<
    string,
    { done: string; act(work: Work, village: Village, fields: Fields): Promise<Outcome<null>> }
  > = {
    new: { done: "unit_added", act: addUnit },
    name: { done: "unit_renamed", act: changeUnitName },
    merge: { done: "units_merged", act: mergeUnits },
    cadre: { done: "grid_cadre_set", act: giveGrid },
  };
  for (const [path, { done, act }] of Object.entries(changes)) {
    pageForm(app, deps, {
      url: `${url}/${path}`,
      access: "roster.edit",
      page: showGroups,
      async act(work, params, fields) {
        const village = await visitVillage(work, params);
        if (!village.ok) return village;
        const changed = await act(work, village.value, fields);
        return changed.ok ? ok(`/v/${params.code}/people/groups?done=${done}`) : changed;
      },
    });
  }
}

async function showGroups({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const { groups, grids } = await listUnits(work.tx, village.value.id);
  const staff = await listHandlers(work.tx, village.value.id);
  const choices = (units: readonly { id: string; name: string }[]) =>
    units.map(({ id, name }) => ({ value: id, label: name }));
  return ok({
    view: "groups",
    title: groups.length + grids.length > 0 ? `${groups.length} 个小组，${grids.length} 个网格` : "还没有分小组和网格",
    tab: "people",
    village: village.value,
    data: {
      kinds: [
        { kind: "group", word: UNIT_WORDS.group, units: groups, choices: choices(groups) },
        { kind: "grid", word: UNIT_WORDS.grid, units: grids, choices: choices(grids) },
      ],
      staff: staff.map((one) => ({ value: one.id, label: one.post ? `${one.name}（${one.post}）` : one.name })),
      form: problem?.fields.form ?? "",
      can: { edit: may(work.actor.role, "roster.edit") },
    },
  });
}
