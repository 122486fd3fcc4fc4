import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, DisclosureId, SuggestionId, VillageId } from "../lib/ids.ts";
import type { SuggestionState } from "../suggestion/suggestion.ts";

export type Objection = {
  id: SuggestionId;
  number: number;
  text: string;
  state: SuggestionState;
  openedAt: Date;
  answeredAt: Date | null;
  /** A member of staff took it for an objection; the others answer a notice of this publication. */
  marked: boolean;
};

/** Cases that answer one of its notices, and cases that staff marked. Sealed ones are nobody's objections here. */
export async function listObjections(db: Db, villageId: VillageId, id: DisclosureId): Promise<Objection[]> {
  const rows = await db
    .selectFrom("suggestions as s")
    .leftJoin("broadcasts as b", "b.id", "s.about_broadcast_id")
    .leftJoin("disclosure_objections as o", (on) =>
      on.onRef("o.suggestion_id", "=", "s.id").on("o.disclosure_id", "=", id),
    )
    .select([
      "s.id",
      "s.number",
      "s.text",
      "s.state",
      "s.opened_at as openedAt",
      "s.answered_at as answeredAt",
      "o.suggestion_id as markedId",
    ])
    .where("s.village_id", "=", villageId)
    .where("s.sealed", "=", false)
    .where((eb) => eb.or([eb("b.disclosure_id", "=", id), eb("o.disclosure_id", "=", id)]))
    .orderBy("s.id")
    .execute();
  return rows.map(({ markedId, ...row }) => ({ ...row, marked: markedId !== null }));
}

export const findByNumber = (db: Db, villageId: VillageId, number: number): Promise<{ id: SuggestionId } | undefined> =>
  db
    .selectFrom("suggestions")
    .select("id")
    .where("village_id", "=", villageId)
    .where("number", "=", number)
    .where("sealed", "=", false)
    .executeTakeFirst();

export async function putObjection(
  tx: Tx,
  mark: { disclosureId: DisclosureId; suggestionId: SuggestionId; villageId: VillageId; by: ActorId },
  now: Date,
): Promise<void> {
  await tx
    .insertInto("disclosure_objections")
    .values({
      disclosure_id: mark.disclosureId,
      suggestion_id: mark.suggestionId,
      village_id: mark.villageId,
      marked_by: mark.by,
      marked_at: now,
    })
    .onConflict((oc) => oc.columns(["disclosure_id", "suggestion_id"]).doNothing())
    .execute();
}
