import type { FastifyInstance } from "fastify";
import { maskPhone } from "../lib/phone.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Sealer } from "../lib/seal.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type DoorSquare, doorGrid } from "../web/charts.ts";
import { escapeHtml } from "../web/escape.ts";
import { type Page, type PageDeps, pageRoute, type Visit } from "../web/page.ts";
import { countRoster, type ListedHousehold, listHouseholdPeople, listHouseholds } from "./roster.queries.ts";

const PAGE = 100;
/** The picture shows the village at a glance; a larger one is read from the list. */
const MOST_DOORS = 2000;

/** The village's doors: who can be reached, by grid, and who lives there. */
export function peopleRoutes(app: FastifyInstance, deps: PageDeps & { sealer: Sealer }): void {
  pageRoute(app, deps, {
    url: "/v/:code/people",
    access: "roster.read",
    show: (visit) => showPeople(visit, deps.sealer),
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
      next: rows.length > PAGE ? (rows[PAGE - 1]?.number ?? null) : null,
      items: rows.slice(0, PAGE).map((row) => ({
        number: row.number,
        group: row.group,
        grid: row.grid,
        cadre: row.cadre,
        people: people.get(row.id) ?? [],
        phone: row.phone ? maskPhone(sealer.openPhone(row.phone)) : null,
        trouble: sayTrouble(row),
      })),
    },
  });
}

const sayTrouble = (row: ListedHousehold): string | null =>
  row.optedOut
    ? "已退订"
    : row.problem === "invalid"
      ? "号码有问题"
      : row.problem === "blocked"
        ? "被运营商拦截"
        : row.phone
          ? null
          : "没有手机号";

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
