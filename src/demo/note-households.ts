import type { VillagerId } from "../lib/ids.ts";
import { ok } from "../lib/result.ts";
import type { Actor } from "../lib/roles.ts";
import { inWork, type WorkDeps } from "../queue/work.ts";
import { findDoorNumbered } from "../roster/change-household.queries.ts";
import { findHome } from "../roster/find-household.ts";
import { recordConsent } from "../roster/record-consent.ts";
import { saveDoor } from "../roster/save-door.ts";
import type { Village } from "../village/village.queries.ts";

const KNOWN = [
  { door: "2组12号", note: "一个人住，耳背，有事最好上门说。", basis: "visit", givenOn: "2026-03-08" },
  { door: "1组01号", note: "独居，女儿在镇上。", basis: "office", givenOn: "2026-03-12" },
] as const;

/** What the clerk has written down of a few doors: how their numbers came, and what a visitor should know. */
export async function noteHouseholds(deps: WorkDeps, clerk: Actor, village: Village): Promise<void> {
  for (const { door, note, basis, givenOn } of KNOWN) {
    const noted = await inWork(deps, clerk, async (work) => {
      const id = await findDoorNumbered(work.tx, village.id, door);
      const home = await findHome(work, { code: village.code, id: id ?? "" }, { toChange: true });
      if (!home.ok) return home;
      const { household, residents } = home.value;
      if (household.note !== "") return ok(null);
      const { groupId, gridId, cadreId } = household;
      const saved = await saveDoor(work, home.value, {
        ...{ number: door, note, group: groupId ?? "", grid: gridId ?? "", cadre: cadreId ?? "" },
      });
      const person = residents[0]?.id as VillagerId;
      return saved.ok ? await recordConsent(work, home.value, { person, basis, givenOn }) : saved;
    });
    if (!noted.ok) throw new Error(`the demo's door ${door} was not noted: ${noted.refusal.message}`);
  }
}
