import type { Tx } from "../db/connect.ts";
import type { HouseholdId, VillageId } from "../lib/ids.ts";
import { openTexts } from "./merge.queries.ts";
import { countDoors, findSimilar } from "./similar.ts";

/** For the receipt: the doors that wait for the same thing, this one among them; null for few. */
export const countSharing = async (
  tx: Tx,
  villageId: VillageId,
  said: { text: string; householdId: HouseholdId | null },
): Promise<number | null> => countDoors(findSimilar(said.text, null, await openTexts(tx, villageId)), said.householdId);
