import { type DoorSquare, doorGrid } from "../web/charts.ts";
import { escapeHtml } from "../web/escape.ts";
import type { ListedDoor } from "./doors.queries.ts";
import { sayTrouble } from "./standing.ts";

/** As many doors as a picture shows at a glance; a larger village is read from its numbers. */
export const MOST_DRAWN = 400;

const drawDoor = (door: ListedDoor): DoorSquare => ({
  title: `${door.number} ${sayTrouble(door) ?? "能收到"}`,
  kind: door.standing === "no_phone" ? "none" : door.standing === "reachable" ? "delivered" : "lost",
});

export type DrawnGrid = { name: string | null; cadre: string | null; all: number; reachable: number; svg: string };

/** 一村一图: a square for each door, by grid. */
export function drawGrids(doors: readonly ListedDoor[]): DrawnGrid[] {
  const grids = Map.groupBy(doors, (door) => door.grid);
  return [...grids].map(([name, members]) => {
    const reachable = members.filter((door) => door.standing === "reachable").length;
    const label = `${name ?? "未分网格"}一户一格：${reachable} / ${members.length} 户能收到`;
    const svg = doorGrid(members.map(drawDoor), label, escapeHtml);
    return { name, cadre: members[0]?.cadre ?? null, all: members.length, reachable, svg };
  });
}
