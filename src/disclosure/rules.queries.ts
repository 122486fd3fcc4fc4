import type { Db, Tx } from "../db/connect.ts";
import { type ActorId, newId, type TownshipId, type VillageId } from "../lib/ids.ts";
import type { IsoDay } from "../lib/iso-day.ts";
import type { GroundChange, ItemChange, Rule, RuleLevel } from "./rules.ts";

/** A village and the township above it, which speaks for the county too. */
export type RulePlace = { id: VillageId; townshipId: TownshipId | null };

/** Every change that counts for a village, whoever made it. */
export async function listRules(db: Db, place: RulePlace): Promise<Rule[]> {
  return (await db
    .selectFrom("disclosure_rules as r")
    .innerJoin("actors as a", "a.id", "r.set_by")
    .select(["r.level", "r.item", "r.from_on as fromOn", "r.change", "a.name as by"])
    .where((eb) =>
      eb.or([
        eb("r.village_id", "=", place.id),
        ...(place.townshipId === null ? [] : [eb("r.township_id", "=", place.townshipId)]),
      ]),
    )
    .orderBy("r.from_on")
    .execute()) as Rule[];
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
