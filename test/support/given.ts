import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import type { Context } from "../../src/context.ts";
import type { BroadcastId, TownshipId, VillageId } from "../../src/lib/ids.ts";
import { type Actor, OPERATOR, type Role } from "../../src/lib/roles.ts";
import { inWork } from "../../src/queue/work.ts";
import { importRoster } from "../../src/roster/import-roster.ts";
import { hashPassword } from "../../src/staff/password.ts";
import { insertStaff } from "../../src/staff/staff.queries.ts";
import { createTownship, createVillage } from "../../src/village/create-village.ts";
import type { Village } from "../../src/village/village.queries.ts";

/** `+8613800000007`: a plausible number for the n-th door. */
export const phoneOf = (n: number): string => `+86138${String(n).padStart(8, "0")}`;

export const PASSWORD = "correct-horse-battery";
let passwordHash: Promise<string> | null = null;

export type Cast = {
  village: Village;
  clerk: Actor;
  secretary: Actor;
  /** Somebody else who may approve. */
  actor(role: Role, name?: string, phone?: string): Promise<Actor>;
  townshipId: string | null;
};

/** A village with a clerk, a secretary and so many doors with a phone each. */
export async function givenVillage(
  ctx: Context,
  options: { code?: string; households?: number; township?: string; firstPhone?: number } = {},
): Promise<Cast> {
  const code = options.code ?? "guojia";
  const { village, townshipId } = await inWork(ctx.work, OPERATOR, async (work) => {
    const township = options.township
      ? expectOk(await createTownship(work, { code: options.township, name: options.township }))
      : null;
    const made = await createVillage(work, {
      code,
      name: `${code}村`,
      signature: "郭家村村委会",
      sendingHours: "any",
      ...(options.township ? { township: options.township } : {}),
    });
    return { village: expectOk(made), townshipId: township?.id ?? null };
  });
  const actor = (role: Role, name: string = role, phone?: string) =>
    givenStaff(ctx, village.id, role, `${code}-${phone?.slice(-4) ?? name}`.toLowerCase(), name, phone);
  const clerk = await actor("clerk", "clerk");
  const secretary = await actor("secretary", "刘建国");
  if (options.households) await givenRoster(ctx, clerk, village.id, options.households, options.firstPhone ?? 1);
  return { village, clerk, secretary, actor, townshipId };
}

export async function givenStaff(
  ctx: Context,
  villageId: VillageId,
  role: Role,
  login: string,
  name: string,
  phone?: string,
): Promise<Actor> {
  passwordHash ??= hashPassword(PASSWORD);
  const hash = await passwordHash;
  const id = await inWork(ctx.work, OPERATOR, (work) =>
    insertStaff(
      work.tx,
      {
        name,
        role,
        login: login.replace(/[^a-z0-9._-]/g, "x"),
        post: role === "secretary" ? "书记" : "",
        passwordHash: hash,
        mustChangePassword: false,
        phone: phone ? sealPhone(ctx, phone) : null,
        villageId,
        townshipId: null,
      },
      work.now,
    ),
  );
  return { id, kind: "staff", role, name, villages: [villageId], township: null };
}

const sealPhone = ({ sealer }: Context, phone: string) => ({
  hash: sealer.hashPhone(phone as never),
  sealed: sealer.phone(phone as never),
});

/** The supervisor of the township that the village was made with. */
export async function givenSupervisor(ctx: Context, cast: Cast, login = "dudao", phone?: string): Promise<Actor> {
  passwordHash ??= hashPassword(PASSWORD);
  const hash = await passwordHash;
  const township = cast.townshipId as TownshipId;
  const person = { name: "督导员", role: "township" as const, login, post: "", passwordHash: hash };
  const id = await inWork(ctx.work, OPERATOR, (work) =>
    insertStaff(
      work.tx,
      {
        ...person,
        mustChangePassword: false,
        phone: phone ? sealPhone(ctx, phone) : null,
        villageId: null,
        townshipId: township,
      },
      work.now,
    ),
  );
  return { id, kind: "staff", role: "township", name: person.name, villages: [cast.village.id], township };
}

export async function givenRoster(
  ctx: Context,
  clerk: Actor,
  villageId: VillageId,
  households: number,
  firstPhone = 1,
): Promise<void> {
  const rows = Array.from({ length: households }, (_, i) => `${i + 1},村民${i + 1},${phoneOf(firstPhone + i)}`);
  const file = Buffer.from(`户号,姓名,手机号\n${rows.join("\n")}\n`);
  expectOk(await inWork(ctx.work, clerk, (work) => importRoster(work, ctx.sealer, villageId, file)));
}

/** A notice written by the clerk and approved by the secretary; it goes as soon as somebody answers the bell. */
export async function givenApproved(
  ctx: Context,
  cast: Cast,
  body = "明天上午九点开村民代表会。",
): Promise<BroadcastId> {
  const id = expectOk(
    await inWork(ctx.work, cast.clerk, (work) =>
      draftBroadcast(work, cast.village, { column: "村务公开", body, repeatAnyway: true }, true),
    ),
  );
  return expectOk(await inWork(ctx.work, cast.secretary, (work) => approveBroadcast(work, id)));
}

export function expectOk<T>(outcome: { ok: true; value: T } | { ok: false; refusal: unknown }): T {
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.refusal)}`);
  return outcome.value;
}
