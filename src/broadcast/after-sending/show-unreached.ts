import type { Outcome } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { may } from "../../lib/roles.ts";
import { CAUSE_WORDS, CAUSES, type Cause } from "../../message/causes.ts";
import { sayReason } from "../../message/reasons.ts";
import { MOST_DRAWN } from "../../roster/draw-doors.ts";
import type { Page, Visit } from "../../web/page.ts";
import { listDoors } from "../audience/recipients.queries.ts";
import { groupDoors } from "../sending/live-view.ts";
import { visitNotice } from "../visit-notice.ts";
import { readUnreached, type Unreached } from "./list-visits.ts";
import { isTold, TELLING_WORDS } from "./visit.ts";

/** Beside the picture, and of one cause: a phone must be able to load it. The visiting list and the API have them all. */
const SHOWN = 200;
const SHOWN_OF_A_CAUSE = 100;

/** 这些户没收到: every door that no text reached, by its cause, on the village's picture and on the way to a visit. */
export async function showUnreached({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const found = await visitNotice(work, params);
  if (!found.ok) return found;
  const { village, broadcast } = found.value;
  const doors = await readUnreached(work, broadcast);
  const groups = groupByCause(doors);
  const shown = Math.min(SHOWN_OF_A_CAUSE, Math.floor(SHOWN / groups.length));
  const open = doors.filter((door) => !door.listed).length;
  const launched = broadcast.launchedAt !== null;
  const { role } = work.actor;
  return ok({
    view: "unreached",
    title: launched ? (doors.length === 0 ? "没有哪户没收到" : `${doors.length} 户没收到`) : "这条通知还没有发出",
    tab: "notices",
    village,
    data: {
      notice: { id: broadcast.id, column: broadcast.column },
      doors: doors.length,
      groups: groups.map((group) => ({
        ...group,
        // Whoever typed his choice and was refused finds it again; a notice that was taken back is nobody's errand.
        chosen: problem ? problem.fields[`cause-${group.cause}`] === "1" : group.cause !== "canceled",
        more: Math.max(0, group.items.length - shown),
        items: group.items.slice(0, shown).map((door) => ({
          number: door.number,
          name: door.name ?? "",
          about: [door.grid, door.cadre && `联户干部 ${door.cadre}`, door.state && sayReason(door.state, door.reason)]
            .filter(Boolean)
            .join(" · "),
          standing: door.how ? TELLING_WORDS[door.how] : door.listed ? "已列入清单" : "",
          tone: isTold(door.how) ? "done" : door.how ? "soon" : "wait",
        })),
      })),
      open,
      listed: doors.length - open,
      grids: launched ? groupDoors(await listDoors(work.tx, broadcast, MOST_DRAWN)) : [],
      can: {
        list: may(role, "broadcast.control") && open > 0,
        again: may(role, "broadcast.draft") && doors.length > 0 && broadcast.kind !== "poll" && !broadcast.personal,
      },
    },
  });
}

/** The causes that there are, worst first, each with its doors. */
export const groupByCause = (doors: readonly Unreached[]) =>
  CAUSES.map((cause) => {
    const items = doors.filter((door) => door.cause === cause);
    return { cause, ...CAUSE_WORDS[cause], n: items.length, open: items.filter((door) => !door.listed).length, items };
  }).filter(({ n }) => n > 0);

/** The causes that somebody ticked on the page. */
export const readCauses = (fields: Readonly<Record<string, string>>): Cause[] =>
  CAUSES.filter((cause) => fields[`cause-${cause}`] === "1");
