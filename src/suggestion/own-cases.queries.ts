import type { Db } from "../db/connect.ts";
import type { HouseholdId, VillageId } from "../lib/ids.ts";
import { readCases, type Suggestion } from "./suggestion.queries.ts";
import { OPEN_STATES } from "./suggestion.ts";

/** Who asks: his phone, and the door it belongs to in this village. */
export type Asker = { villageId: VillageId; phoneHash: Buffer; householdId: HouseholdId | null };

/** What a phone or its door told the village; nothing that is sealed, and never another door's. */
const readOwn = (db: Db, { villageId, phoneHash, householdId }: Asker) =>
  readCases(db)
    .where("s.village_id", "=", villageId)
    .where("s.sealed", "=", false)
    .where((eb) =>
      eb.or([
        eb("s.phone_hash", "=", phoneHash),
        ...(householdId === null ? [] : [eb("s.household_id", "=", householdId)]),
      ]),
    );

/** The asker's open cases, the one promised first before the others, and the one that was answered last. */
export async function listOwnCases(db: Db, asker: Asker): Promise<{ open: Suggestion[]; answered: Suggestion | null }> {
  const open = await readOwn(db, asker)
    .where("s.state", "in", [...OPEN_STATES])
    .orderBy("s.due_at")
    .orderBy("s.id")
    .execute();
  const answered = await readOwn(db, asker)
    .where("s.state", "not in", [...OPEN_STATES])
    .where("s.answered_at", "is not", null)
    .orderBy("s.answered_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return { open, answered: answered ?? null };
}

/** Undefined also for a number that is another door's: to the asker there is no difference. */
export const findOwnCase = (db: Db, asker: Asker, number: number): Promise<Suggestion | undefined> =>
  readOwn(db, asker).where("s.number", "=", number).executeTakeFirst();

/** Sealed cases that this very phone wrote and that still wait for their answer. */
export const listOwnSealed = (db: Db, asker: Asker): Promise<Suggestion[]> =>
  readCases(db)
    .where("s.village_id", "=", asker.villageId)
    .where("s.sealed", "=", true)
    .where("s.phone_hash", "=", asker.phoneHash)
    .where("s.state", "in", [...OPEN_STATES])
    .orderBy("s.id")
    .execute();
