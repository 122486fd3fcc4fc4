import type { FastifyInstance } from "fastify";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { findPeople } from "../roster/find-people.queries.ts";
import type { Village } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Fields, type Page, pageForm, pageFragment, pageRoute, type Visit } from "../web/page.ts";
import type { CaseDeps } from "./cases.routes.ts";
import { recordOral } from "./record-oral.ts";
import { HEARD_WORDS } from "./suggestion.ts";

/** One short form for what elders without phones say. */
export function oralRoutes(app: FastifyInstance, deps: CaseDeps): void {
  const access = "suggestion.record";
  pageRoute(app, deps, { url: "/v/:code/cases/new", access, show: showForm });
  pageForm(app, deps, {
    url: "/v/:code/cases/new",
    access,
    page: showForm,
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const { who = "", villager, text = "", heard = "" } = fields;
      const recorded = await recordOral(work, village.value, { who, villager, text, heard });
      return recorded.ok ? ok(`/v/${params.code}/cases/${recorded.value}?done=recorded`) : recorded;
    },
  });
  pageFragment(app, deps, {
    url: "/v/:code/cases/new/people",
    access,
    async show(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      return ok({ view: "parts/people-found", data: await search(work, village.value, fields) });
    },
  });
}

async function showForm({ work, params, query, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const form = problem?.fields ?? { who: query.who ?? "" };
  return ok({
    view: "oral",
    title: "替没有手机的老人登记",
    tab: "cases",
    village: village.value,
    data: {
      form,
      found: await search(work, village.value, form),
      heard: Object.entries(HEARD_WORDS).map(([value, label]) => ({ value, label })),
    },
  });
}

async function search(work: Work, village: Village, { who = "", villager = "" }: Fields) {
  const people = await findPeople(work.tx, village.id, who);
  return {
    who,
    people: people.map(({ id, name, household, phone }) => ({ id, name, household, hasPhone: phone !== null })),
    chosen: people.some((one) => one.id === villager) ? villager : people.length === 1 ? people[0]?.id : null,
  };
}
