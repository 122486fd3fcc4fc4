import type { FastifyInstance } from "fastify";
import { localDate } from "../lib/china-time.ts";
import { maskPhone } from "../lib/phone.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import type { Sealer } from "../lib/seal.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { confirmNumber } from "./confirm-number.ts";
import { isAsked, readDoorFilter, writeDoorQuery } from "./door-filter.ts";
import { ALL_DOORS, countDoors, findDoors, type ListedDoor, listDoors, listTraits, NONE } from "./doors.queries.ts";
import { drawGrids, MOST_DRAWN } from "./draw-doors.ts";
import { countRoster, listHouseholdPeople } from "./roster.queries.ts";
import { DOOR_TROUBLE_WORDS, sayTrouble } from "./standing.ts";

const PAGE = 40;
/** On paper at once; a larger list is narrowed by group or grid first. */
const MOST_PRINTED = 3000;

/** The village's doors: who can be reached, by grid, and who lives there. */
export function peopleRoutes(app: FastifyInstance, deps: PageDeps & { sealer: Sealer }): void {
  const show = (visit: Visit) => showPeople(visit, deps.sealer);
  pageRoute(app, deps, { url: "/v/:code/people", access: "roster.read", show });
  pageRoute(app, deps, {
    url: "/v/:code/people/print",
    access: "roster.read",
    show: (visit) => printPeople(visit, deps.sealer),
  });
  pageForm(app, deps, {
    url: "/v/:code/people/:id/number",
    access: "roster.edit",
    page: show,
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const done = await confirmNumber(work, village.value.id, params.id ?? "");
      const after = fields.after ? `&after=${encodeURIComponent(fields.after)}` : "";
      return done.ok ? ok(`/v/${params.code}/people?done=number_confirmed${after}`) : done;
    },
  });
}

async function showPeople({ work, params, query }: Visit, sealer: Sealer): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const { id } = village.value;
  const counts = await countRoster(work.tx, id);
  const asked = isAsked(query);
  const filter = await readDoorFilter(work, village.value, query);
  const after = query.after ?? null;
  const page = { limit: PAGE + 1, after };
  const { found, doors } = !filter.ok
    ? { found: null, doors: [] }
    : asked
      ? await findDoors(work.tx, id, work.now, { ...page, filter: filter.value })
      : { found: null, doors: await listDoors(work.tx, id, work.now, page) };
  const items = doors.slice(0, PAGE);
  const drawn =
    asked || counts.households > MOST_DRAWN
      ? []
      : await listDoors(work.tx, id, work.now, { limit: MOST_DRAWN, after: null });
  const wrong = await countDoors(work.tx, id, work.now, { ...ALL_DOORS, trouble: "wrong_person" });
  return ok({
    view: "people",
    title: titleOf(counts, found),
    tab: "people",
    village: village.value,
    data: {
      counts,
      asked: query,
      narrowed: asked,
      refused: filter.ok ? null : filter.refusal.message,
      options: optionsOf(await listTraits(work.tx, id)),
      query: writeDoorQuery(query),
      grids: drawGrids(drawn),
      after: after ?? "",
      wrongPersons: wrong,
      can: { edit: may(work.actor.role, "roster.edit") },
      next: doors.length > PAGE ? writeDoorQuery(query, { after: items.at(-1)?.number ?? "" }) : null,
      items: await describeDoors(work.tx, items, sealer),
    },
  });
}

const titleOf = (counts: { households: number; reachable: number }, found: number | null): string =>
  counts.households === 0
    ? "名册还是空的"
    : found === null
      ? `${counts.households} 户，${counts.reachable} 户能收到短信`
      : `找到 ${found} 户`;

async function describeDoors(
  tx: Parameters<typeof listHouseholdPeople>[0],
  rows: readonly ListedDoor[],
  sealer: Sealer,
) {
  const people = await listHouseholdPeople(
    tx,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({
    ...{ id: row.id, number: row.number, group: row.group, grid: row.grid, cadre: row.cadre, declined: row.declined },
    people: people.get(row.id) ?? [],
    phone: row.phone ? maskPhone(sealer.openPhone(row.phone)) : null,
    trouble: sayTrouble(row),
    since: row.since,
    /** It was off the last time: no state that lasts. */
    once: row.trouble === "off",
    advice: row.trouble && row.standing !== "opted_out" ? DOOR_TROUBLE_WORDS[row.trouble].advice : null,
    stopped: row.standing !== "reachable",
    wrongPerson: row.problem === "wrong_person",
  }));
}

const named = (names: readonly string[]) => names.map((name) => ({ value: name, label: name }));
const orNone = (names: readonly string[], none: string) => [...named(names), { value: NONE, label: none }];

const optionsOf = (traits: Awaited<ReturnType<typeof listTraits>>) => ({
  group: orNone(traits.groups, "没有分组"),
  grid: orNone(traits.grids, "没有分网格"),
  cadre: orNone(traits.cadres, "没有联户干部"),
  tag: named(traits.tags),
  show: [
    { value: "reachable", label: "能收到" },
    { value: "no_phone", label: "没有手机号" },
    { value: "bad_number", label: "号码有问题" },
    { value: "opted_out", label: "已退订" },
    { value: "not_reached", label: "30天没收到过" },
    ...Object.entries(DOOR_TROUBLE_WORDS).map(([value, { word }]) => ({ value, label: word })),
  ],
});

/** The same doors as on the page, for taking along: masked numbers, and room for the new ones. */
async function printPeople({ work, params, query }: Visit, sealer: Sealer): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const filter = await readDoorFilter(work, village.value, query);
  if (!filter.ok) return filter;
  const rows = await listDoors(work.tx, village.value.id, work.now, {
    filter: filter.value,
    limit: MOST_PRINTED + 1,
    after: null,
  });
  return ok({
    view: "people-print",
    title: `${village.value.name}入户清单`,
    tab: "people",
    village: village.value,
    data: {
      items: await describeDoors(work.tx, rows.slice(0, MOST_PRINTED), sealer),
      cut: rows.length > MOST_PRINTED ? MOST_PRINTED : null,
      query: writeDoorQuery(query),
      printedOn: localDate(work.now),
    },
  });
}
