import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, TownshipId, VillageId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import { type Actor, MAY_APPOINT, type Role } from "../lib/roles.ts";

export type StaffMember = {
  id: ActorId;
  name: string;
  role: Role;
  post: string;
  login: string;
  active: boolean;
  lockedUntil: Date | null;
  village: string | null;
  phone: Buffer | null;
};

/** Everybody this actor may see; the row-level policy draws the line. */
export async function listStaff(db: Db, villageId: VillageId | null): Promise<StaffMember[]> {
  return await db
    .selectFrom("staff as s")
    .innerJoin("actors as a", "a.id", "s.id")
    .leftJoin("villages as v", "v.id", "a.village_id")
    .select([
      "a.id",
      "a.name",
      "a.role",
      "s.post",
      "s.login",
      "a.active",
      "s.locked_until as lockedUntil",
      "v.name as village",
      "s.phone",
    ])
    .$if(villageId !== null, (query) => query.where("a.village_id", "=", villageId))
    .orderBy("a.active", "desc")
    .orderBy("a.created_at")
    .execute();
}

export type NewStaff = {
  name: string;
  role: Role;
  login: string;
  post: string;
  passwordHash: string;
  mustChangePassword: boolean;
  phone: { hash: Buffer; sealed: Buffer } | null;
  villageId: VillageId | null;
  townshipId: TownshipId | null;
};

export async function insertStaff(tx: Tx, staff: NewStaff, now: Date): Promise<ActorId> {
  const id = newId<ActorId>(now.getTime());
  await tx
    .insertInto("actors")
    .values({
      id,
      kind: "staff",
      role: staff.role,
      name: staff.name,
      village_id: staff.villageId,
      township_id: staff.townshipId,
      created_at: now,
    })
    .execute();
  await tx
    .insertInto("staff")
    .values({
      id,
      login: staff.login,
      password_hash: staff.passwordHash,
      password_changed_at: now,
      must_change_password: staff.mustChangePassword,
      phone_hash: staff.phone?.hash ?? null,
      phone: staff.phone?.sealed ?? null,
      post: staff.post,
      locked_until: null,
    })
    .execute();
  return id;
}

/**
 * One's own phone as it stands on record; an API key has none. Locks the row, so that two requests of one person are
 * counted one after the other.
 */
export async function lockOwnPhone(tx: Tx, id: ActorId): Promise<{ hash: Buffer; sealed: Buffer } | null> {
  const row = await tx
    .selectFrom("staff")
    .select(["phone_hash as hash", "phone as sealed"])
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  return row?.hash && row.sealed ? { hash: row.hash, sealed: row.sealed } : null;
}

/** The phone on record of somebody who works here; null if he has none, or has left. */
export async function findPhone(db: Db, id: ActorId): Promise<{ hash: Buffer; sealed: Buffer } | null> {
  const row = await db
    .selectFrom("staff as s")
    .innerJoin("actors as a", "a.id", "s.id")
    .select(["s.phone_hash as hash", "s.phone as sealed"])
    .where("s.id", "=", id)
    .where("a.active", "=", true)
    .executeTakeFirst();
  return row?.hash && row.sealed ? { hash: row.hash, sealed: row.sealed } : null;
}

export const findName = async (db: Db, id: ActorId): Promise<string> =>
  (await db.selectFrom("actors").select("name").where("id", "=", id).executeTakeFirstOrThrow()).name;

export async function isLoginTaken(db: Db, login: string): Promise<boolean> {
  return (await db.selectFrom("staff").select("id").where("login", "=", login).executeTakeFirst()) !== undefined;
}

/** The account behind an id, if this actor may administer it. */
export async function findManaged(
  db: Db,
  actor: Actor,
  id: ActorId,
): Promise<{ id: ActorId; name: string; login: string; role: Role; villageId: VillageId | null } | undefined> {
  return await db
    .selectFrom("staff as s")
    .innerJoin("actors as a", "a.id", "s.id")
    .select(["a.id", "a.name", "s.login", "a.role", "a.village_id as villageId"])
    .where("a.id", "=", id)
    .where("a.role", "in", [...MAY_APPOINT[actor.role]])
    .executeTakeFirst();
}

export async function setPassword(
  tx: Tx,
  id: ActorId,
  passwordHash: string,
  mustChange: boolean,
  now: Date,
): Promise<void> {
  await tx
    .updateTable("staff")
    .set({
      password_hash: passwordHash,
      password_changed_at: now,
      must_change_password: mustChange,
      failed_sign_ins: 0,
      locked_until: null,
    })
    .where("id", "=", id)
    .execute();
}

export async function setPhone(tx: Tx, id: ActorId, phone: { hash: Buffer; sealed: Buffer } | null): Promise<void> {
  await tx
    .updateTable("staff")
    .set({ phone_hash: phone?.hash ?? null, phone: phone?.sealed ?? null })
    .where("id", "=", id)
    .execute();
}

/** The name of another account in use of this village that has the phone on record. */
export async function findPhoneHolder(
  db: Db,
  villageId: VillageId,
  phoneHash: Buffer,
  besides: ActorId | null,
): Promise<string | undefined> {
  const row = await db
    .selectFrom("staff as s")
    .innerJoin("actors as a", "a.id", "s.id")
    .select("a.name")
    .where("a.village_id", "=", villageId)
    .where("a.active", "=", true)
    .where("s.phone_hash", "=", phoneHash)
    .$if(besides !== null, (query) => query.where("a.id", "<>", besides as ActorId))
    .executeTakeFirst();
  return row?.name;
}

/** One's own phone as it stands on record. */
export async function findOwnPhone(db: Db, id: ActorId): Promise<Buffer | null> {
  const row = await db.selectFrom("staff").select("phone").where("id", "=", id).executeTakeFirst();
  return row?.phone ?? null;
}

export async function setActive(tx: Tx, id: ActorId, active: boolean): Promise<void> {
  await tx.updateTable("actors").set({ active }).where("id", "=", id).execute();
}

/** Who can be given a case: the village's own staff that may answer it. */
export async function listHandlers(
  db: Db,
  villageId: VillageId,
): Promise<{ id: ActorId; name: string; role: Role; post: string }[]> {
  return await db
    .selectFrom("actors as a")
    .innerJoin("staff as s", "s.id", "a.id")
    .select(["a.id", "a.name", "a.role", "s.post"])
    .where("a.village_id", "=", villageId)
    .where("a.active", "=", true)
    .where("a.role", "in", ["secretary", "cadre"])
    .orderBy("a.role", "desc")
    .orderBy("a.created_at")
    .execute();
}
