import type { Db, Tx } from "../db/connect.ts";
import { type ActorId, newId, type VillageId } from "../lib/ids.ts";
import type { Basis } from "./consent.ts";

export type Consent = {
  hash: Buffer;
  basis: Basis;
  told: string;
  givenOn: string;
  recordedBy: string;
  recordedAt: Date;
};

/** How these numbers were given, the newest first. */
export const listConsents = (db: Db, villageId: VillageId, hashes: readonly Buffer[]): Promise<Consent[]> =>
  db
    .selectFrom("phone_consents as c")
    .innerJoin("actors as a", "a.id", "c.recorded_by")
    .select([
      "c.phone_hash as hash",
      "c.basis",
      "c.told",
      "c.given_on as givenOn",
      "a.name as recordedBy",
      "c.recorded_at as recordedAt",
    ])
    .where("c.village_id", "=", villageId)
    .where("c.phone_hash", "=", (eb) => eb.fn.any(eb.val([...hashes])))
    .orderBy("c.id", "desc")
    .execute();

export async function insertConsent(
  tx: Tx,
  villageId: VillageId,
  consent: { hash: Buffer; basis: Basis; told: string; givenOn: string; recordedBy: ActorId },
  now: Date,
): Promise<void> {
  await tx
    .insertInto("phone_consents")
    .values({
      id: newId(now.getTime()),
      village_id: villageId,
      phone_hash: consent.hash,
      basis: consent.basis,
      told: consent.told,
      given_on: consent.givenOn,
      recorded_by: consent.recordedBy,
      recorded_at: now,
    })
    .execute();
}

export type OptOutLine = {
  id: string;
  hash: Buffer;
  column: string | null;
  source: "villager" | "carrier" | "staff";
  at: Date;
  setBy: string | null;
  note: string;
  endedAt: Date | null;
  endedBy: string | null;
  endedNote: string;
};

/** Every word these phones have said about being texted, or that was written down for them; the newest first. */
export const listOptOuts = (db: Db, villageId: VillageId, hashes: readonly Buffer[]): Promise<OptOutLine[]> =>
  db
    .selectFrom("opt_outs as o")
    .leftJoin("columns as c", "c.id", "o.column_id")
    .leftJoin("actors as s", "s.id", "o.set_by")
    .leftJoin("actors as e", "e.id", "o.ended_by")
    .select([
      "o.id",
      "o.phone_hash as hash",
      "c.name as column",
      "o.source",
      "o.at",
      "s.name as setBy",
      "o.note",
      "o.ended_at as endedAt",
      "e.name as endedBy",
      "o.ended_note as endedNote",
    ])
    .where("o.village_id", "=", villageId)
    .where("o.phone_hash", "=", (eb) => eb.fn.any(eb.val([...hashes])))
    .orderBy("o.at", "desc")
    .orderBy("o.id", "desc")
    .execute();
