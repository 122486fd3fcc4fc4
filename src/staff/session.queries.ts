import { sql } from "kysely";
import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, TownshipId, VillageId } from "../lib/ids.ts";
import type { Actor, Role } from "../lib/roles.ts";

type ActorRow = {
  id: ActorId;
  kind: "staff" | "api_key";
  role: Role;
  name: string;
  township: TownshipId | null;
  villages: VillageId[];
};

/** The actor columns of a query over `actors a`, with the villages he may see. */
const actorColumns = sql<ActorRow>`a.id, a.kind, a.role, a.name, a.township_id as township,
  case when a.village_id is not null then array[a.village_id]
       when a.township_id is not null then array(select v.id from villages v where v.township_id = a.township_id)
       else '{}'::uuid[] end as villages`;

const toActor = ({ id, kind, role, name, township, villages }: ActorRow): Actor => ({
  id,
  kind,
  role,
  name,
  township,
  villages,
});

export type Session = { actor: Actor; mustChangePassword: boolean; seenAt: Date };

export async function findSession(db: Db, id: Buffer, now: Date): Promise<Session | null> {
  const { rows } = await sql<ActorRow & { must_change_password: boolean; seen_at: Date }>`
    select ${actorColumns}, s.must_change_password, x.seen_at
      from sessions x join staff s on s.id = x.staff_id join actors a on a.id = s.id
     where x.id = ${id} and x.expires_at > ${now} and a.active`.execute(db);
  const row = rows[0];
  return row ? { actor: toActor(row), mustChangePassword: row.must_change_password, seenAt: row.seen_at } : null;
}

export async function findByApiKey(db: Db, keyHash: Buffer, now: Date): Promise<Actor | null> {
  const { rows } = await sql<ActorRow>`
    with used as (
      update api_keys set last_used_at = ${now}
       where key_hash = ${keyHash} and revoked_at is null
         and (last_used_at is null or last_used_at < ${now}::timestamptz - interval '1 minute')
    )
    select ${actorColumns} from api_keys k join actors a on a.id = k.id
     where k.key_hash = ${keyHash} and k.revoked_at is null and a.active`.execute(db);
  return rows[0] ? toActor(rows[0]) : null;
}

/** In whose name a worker goes on with what he began; switched off since or not. */
export async function findActor(db: Db, id: ActorId): Promise<Actor | null> {
  const { rows } = await sql<ActorRow>`select ${actorColumns} from actors a where a.id = ${id}`.execute(db);
  return rows[0] ? toActor(rows[0]) : null;
}

export type NewSession = { id: Buffer; staffId: ActorId; device: string; now: Date; expiresAt: Date };

export async function insertSession(db: Db, session: NewSession): Promise<void> {
  await db
    .insertInto("sessions")
    .values({
      id: session.id,
      staff_id: session.staffId,
      created_at: session.now,
      seen_at: session.now,
      expires_at: session.expiresAt,
      device: session.device,
    })
    .execute();
}

/** Keeps a session alive while it is used, but never beyond its last day. */
export async function touchSession(db: Db, id: Buffer, now: Date, idleMs: number, wholeMs: number): Promise<void> {
  await sql`update sessions set seen_at = ${now}, expires_at = least(
      ${now}::timestamptz + make_interval(secs => ${idleMs / 1000}::float8),
      created_at + make_interval(secs => ${wholeMs / 1000}::float8)) where id = ${id}`.execute(db);
}

export async function deleteSession(db: Db, id: Buffer): Promise<void> {
  await db.deleteFrom("sessions").where("id", "=", id).execute();
}

/** Signs a person out everywhere but here. */
export async function deleteSessionsOf(db: Db, staffId: ActorId, except: Buffer): Promise<void> {
  await db.deleteFrom("sessions").where("staff_id", "=", staffId).where("id", "!=", except).execute();
}

export type OwnPassword = { hash: string; login: string; mustChange: boolean };
export const readPassword = (db: Db, id: ActorId): Promise<OwnPassword | undefined> =>
  db
    .selectFrom("staff")
    .select(["password_hash as hash", "login", "must_change_password as mustChange"])
    .where("id", "=", id)
    .executeTakeFirst();

export const countSessions = async (db: Db, staffId: ActorId, now: Date): Promise<number> =>
  Number(
    (
      await db
        .selectFrom("sessions")
        .select((eb) => eb.fn.countAll<string>().as("n"))
        .where("staff_id", "=", staffId)
        .where("expires_at", ">", now)
        .executeTakeFirstOrThrow()
    ).n,
  );

export type SignInAccount = {
  id: ActorId;
  passwordHash: string;
  active: boolean;
  failures: number;
  lockedUntil: Date | null;
};

/**
 * Counts a try before its password is looked at, so that a hundred tries at once are a hundred tries. From the fifth
 * on the account rests: one minute, then twice as long each time, at most an hour.
 */
export async function beginSignIn(db: Db, login: string, now: Date): Promise<SignInAccount | undefined> {
  const { rows } = await sql<SignInAccount>`
    update staff s set
      failed_sign_ins = case when before.resting then s.failed_sign_ins else s.failed_sign_ins + 1 end,
      locked_until = case
        when before.resting then s.locked_until
        when s.failed_sign_ins + 1 >= 5
          then ${now}::timestamptz + least(interval '1 hour', interval '1 minute' * power(2, s.failed_sign_ins - 4))
        end
      from (select id, coalesce(locked_until > ${now}, false) as resting from staff where login = ${login} for update) before,
           actors a
     where s.id = before.id and a.id = s.id
    returning s.id, s.password_hash as "passwordHash", a.active, s.failed_sign_ins as failures,
              case when before.resting then s.locked_until end as "lockedUntil"`.execute(db);
  return rows[0];
}

export async function clearFailures(db: Db, id: ActorId): Promise<void> {
  await db.updateTable("staff").set({ failed_sign_ins: 0, locked_until: null }).where("id", "=", id).execute();
}

/** Failures from one network address, over all accounts. */
export async function noteFailure(db: Db, source: Buffer, now: Date): Promise<void> {
  await db.insertInto("sign_in_failures").values({ source, at: now }).execute();
}

export const countFailures = async (db: Db, source: Buffer, since: Date): Promise<number> =>
  Number(
    (
      await db
        .selectFrom("sign_in_failures")
        .select((eb) => eb.fn.countAll<string>().as("n"))
        .where("source", "=", source)
        .where("at", ">", since)
        .executeTakeFirstOrThrow()
    ).n,
  );

/** Housekeeping: what nobody needs any more. */
export async function forgetOld(tx: Tx, now: Date): Promise<void> {
  await tx.deleteFrom("sessions").where("expires_at", "<", now).execute();
  await sql`delete from sign_in_failures where at < ${now}::timestamptz - interval '1 day'`.execute(tx);
  await sql`delete from idempotency_keys where created_at < ${now}::timestamptz - interval '24 hours'`.execute(tx);
}
