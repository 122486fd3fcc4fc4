import { audit } from "../../db/audit.queries.ts";
import type { BroadcastId, HouseholdId } from "../../lib/ids.ts";
import { foldName, nearest } from "../../lib/nearest.ts";
import { invalid, type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { Work } from "../../queue/work.ts";
import { looseNumber, sayDoor } from "../audience/audience.ts";
import { lockBroadcast } from "../broadcast.queries.ts";
import { changeDraft } from "../change-broadcast.queries.ts";
import { noteEvent } from "../events.queries.ts";
import { readValueTable, type TableRow, type ValueProblem, type ValueRow } from "./value-table.ts";
import { type AttachedTable, findTable, type KnownDoor, listDoorsToMatch, replaceTable } from "./values.queries.ts";

/** More trouble than this is one trouble: a wrong table. */
const MOST_SHOWN = 200;

/**
 * Attaches the table that fills a draft's blanks, in place of the one before. Good rows are taken; a door that the roster
 * does not have, or whose person is another one, is told with its row, and gets no text.
 */
export async function attachValues(
  work: Work,
  id: BroadcastId,
  sheet: readonly TableRow[],
): Promise<Outcome<AttachedTable>> {
  const broadcast = await lockBroadcast(work.tx, id);
  if (!broadcast) return refusal("not_found", "没有这条通知");
  if (broadcast.state !== "draft" && broadcast.state !== "returned") {
    return refusal("move_not_allowed", "这条通知已经提交，不能再换表格；要改请先退回");
  }
  const table = readValueTable(sheet);
  if (!table.ok) return table;
  const { villageId } = broadcast;
  const matched = matchDoors(table.value.rows, await listDoorsToMatch(work.tx, villageId));
  const problems = [...table.value.problems, ...matched.problems].sort((a, b) => a.row - b.row);
  if (matched.rows.length === 0) {
    const first = problems[0];
    return invalid({
      field: "table",
      message: `没有一行能用${first ? `：第 ${first.row} 行${first.household === "" ? "" : `（${first.household}）`}${first.message}` : ""}`,
    });
  }
  const shown = problems.slice(0, MOST_SHOWN);
  await replaceTable(
    work.tx,
    {
      broadcastId: id,
      villageId,
      names: table.value.names,
      rows: matched.rows,
      problems: shown,
      attachedBy: work.actor.id,
    },
    work.now,
  );
  // What stands in the blanks are words too: nobody fills in the sums and then approves them himself.
  await changeDraft(work.tx, id, { version: broadcast.version + 1, drafted_by: work.actor.id });
  await noteEvent(work.tx, { broadcastId: id, villageId, actorId: work.actor.id, kind: "values" }, work.now);
  await audit(work, {
    chain: villageId,
    action: "broadcast.values",
    subject: "broadcast",
    subjectId: id,
    detail: { taken: matched.rows.length, problems: problems.length },
  });
  const attached = await findTable(work.tx, id);
  return attached ? ok(attached) : refusal("not_found", "没有这条通知");
}

type Matched = { rows: { householdId: HouseholdId; values: Record<string, string> }[]; problems: ValueProblem[] };

/** Doors by their numbers; `１２号` is door 12, a spreadsheet makes 12 of 012, and 1组3号 is 1组03号. */
function matchDoors(rows: readonly ValueRow[], known: readonly KnownDoor[]): Matched {
  const exact = new Map(known.map((door) => [door.number, door]));
  const loose = new Map<string, KnownDoor | null>();
  for (const door of known) loose.set(looseNumber(door.number), loose.has(looseNumber(door.number)) ? null : door);
  const numbers = known.map((door) => door.number);
  const taken = new Map<HouseholdId, number>();
  const matched: Matched = { rows: [], problems: [] };
  for (const { row, household, person, values } of rows) {
    const wrong = (message: string) => matched.problems.push({ row, household, message });
    const door = exact.get(household) ?? loose.get(looseNumber(household)) ?? null;
    if (!door) {
      const near = matched.problems.length < 50 ? nearest(household, numbers) : null;
      wrong(`名册里没有这个户号${near === null ? "" : `，是不是 ${near}？`}，这一行没用`);
    } else if (person !== null && !door.people.some((name) => foldName(name) === foldName(person))) {
      wrong(`名册里 ${sayDoor(door.number)}没有“${person}”，怕是错行了，这一行没用，请核对`);
    } else if (taken.has(door.id)) {
      wrong(`与第 ${taken.get(door.id)} 行是同一户，这一行没用`);
    } else {
      taken.set(door.id, row);
      matched.rows.push({ householdId: door.id, values });
    }
  }
  return matched;
}
