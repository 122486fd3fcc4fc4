import type { FastifyInstance } from "fastify";
import { maskPhone } from "../lib/phone.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import type { Sealer } from "../lib/seal.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type DoorSquare, doorGrid } from "../web/charts.ts";
import { escapeHtml } from "../web/escape.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { confirmNumber } from "./confirm-number.ts";
import { countRoster, type ListedHousehold, listHouseholdPeople, listHouseholds } from "./roster.queries.ts";

const PAGE = 100;
/** The picture shows the village at a glance; a larger one is read from the list. */
const MOST_DOORS = 2000;

/** The village's doors: who can be reached, by grid, and who lives there. */
export function peopleRoutes(app: FastifyInstance, deps: PageDeps & { sealer: Sealer }): void {
  const show = (visit: Visit) => showPeople(visit, deps.sealer);
  pageRoute(app, deps, { url: "/v/:code/people", access: "roster.read", show });
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
  const counts = await countRoster(work.tx, village.value.id);
  const doors = await listHouseholds(work.tx, village.value.id, MOST_DOORS, null);
  const after = query.after ?? null;
  const rows = await listHouseholds(work.tx, village.value.id, PAGE + 1, after);
  const people = await listHouseholdPeople(
    work.tx,
    rows.map((row) => row.id),
  );
  return ok({
    view: "people",
    title: counts.households === 0 ? "名册还是空的" : `${counts.households} 户，${counts.reachable} 户能收到短信`,
    tab: "people",
    village: village.value,
    data: {
      counts,
      grids: groupByGrid(doors),
      after: after ?? "",
      wrongPersons: doors.filter((door) => door.problem === "wrong_person").length,
      mayEdit: may(work.actor.role, "roster.edit"),
      next: rows.length > PAGE ? (rows[PAGE - 1]?.number ?? null) : null,
      items: rows.slice(0, PAGE).map((row) => ({
        id: row.id,
        number: row.number,
        group: row.group,
        grid: row.grid,
        cadre: row.cadre,
        people: people.get(row.id) ?? [],
        phone: row.phone ? maskPhone(sealer.openPhone(row.phone)) : null,
        trouble: sayTrouble(row),
        wrongPerson: row.problem === "wrong_person",
        declined: row.declined,
      })),
    },
  });
}

const PROBLEM_WORDS = {
  wrong_person: "回信说发错了人，已停发",
  invalid: "号码有问题",
  blocked: "被运营商拦截或在运营商那里退订",
} as const;

function sayTrouble(row: ListedHousehold): string | null {
  if (row.problem === "wrong_person") return PROBLEM_WORDS.wrong_person;
  if (row.optedOut) return "已退订";
  if (row.problem !== null) return PROBLEM_WORDS[row.problem];
  return row.phone ? null : "没有手机号";
}

const drawDoor = (door: ListedHousehold): DoorSquare => ({
  title: `${door.number} ${sayTrouble(door) ?? "能收到"}`,
  kind: door.phone === null ? "none" : sayTrouble(door) === null ? "delivered" : "lost",
});

function groupByGrid(doors: readonly ListedHousehold[]) {
  const grids = new Map<string, ListedHousehold[]>();
  for (const door of doors) grids.set(door.grid ?? "未分网格", [...(grids.get(door.grid ?? "未分网格") ?? []), door]);
  return [...grids].map(([name, members]) => {
    const reachable = members.filter((door) => sayTrouble(door) === null).length;
    const label = `${name}一户一格：${reachable} / ${members.length} 户能收到`;
    return {
      name,
      cadre: members[0]?.cadre ?? null,
      all: members.length,
      reachable,
      svg: doorGrid(members.map(drawDoor), label, escapeHtml),
    };
  });
}
