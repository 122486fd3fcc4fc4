import type { Db, Tx } from "../db/connect.ts";
import { type ActorId, newId, type TownshipId, type VillageId } from "../lib/ids.ts";
import type { IsoDay } from "../lib/iso-day.ts";
import type { GroundChange, ItemChange, Rule, RuleLevel } from "./rules.ts";

/** A village and the township above it, which speaks for the county too. */
export type RulePlace = { id: VillageId; townshipId: TownshipId | null };

/** Every change that counts for a village, whoever made it. */
export const listRules = async (db: Db, place: RulePlace): Promise<Rule[]> =>
  (await listRulesOf(db, [place])).get(place.id) ?? [];

/** The same for several villages, in one query. */
export async function listRulesOf(db: Db, places: readonly RulePlace[]): Promise<Map<VillageId, Rule[]>> {
  const townships = places.flatMap(({ townshipId }) => townshipId ?? []);
  const rows = await db
    .selectFrom("disclosure_rules as r")
    .innerJoin("actors as a", "a.id", "r.set_by")
    .select(["r.level", "r.item", "r.from_on as fromOn", "r.change", "a.name as by"])
    .select(["r.village_id as villageId", "r.township_id as townshipId"])
    .where((eb) =>
      eb.or([
        eb("r.village_id", "=", eb.fn.any(eb.val(places.map(({ id }) => id)))),
        eb("r.township_id", "=", eb.fn.any(eb.val(townships))),
      ]),
    )
    .orderBy("r.from_on")
    .execute();
  return new Map(
    places.map((place) => [
      place.id,
      rows.flatMap(({ villageId, townshipId, ...rule }) =>
        villageId === place.id || (townshipId !== null && townshipId === place.townshipId) ? [rule as Rule] : [],
      ),
    ]),
  );
}

export type NewRule = {
  level: RuleLevel;
  item: string;
  fromOn: IsoDay;
  change: ItemChange | GroundChange;
  by: ActorId;
};

/** The same level, item and day again: the later word counts. */
export async function putRule(tx: Tx, place: RulePlace, rule: NewRule, now: Date): Promise<void> {
  const own = rule.level === "village";
  const row = { change: JSON.stringify(rule.change), set_by: rule.by, set_at: now };
  await tx
    .insertInto("disclosure_rules")
    .values({
      id: newId(now.getTime()),
      level: rule.level,
      village_id: own ? place.id : null,
      township_id: own ? null : place.townshipId,
      item: rule.item,
      from_on: rule.fromOn,
      ...row,
    })
    .onConflict((oc) => oc.columns(["level", "township_id", "village_id", "item", "from_on"]).doUpdateSet(row))
    .execute();
}
