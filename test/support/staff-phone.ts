import type { Context } from "../../src/context.ts";
import type { PhoneNumber } from "../../src/lib/phone.ts";
import type { Actor } from "../../src/lib/roles.ts";
import { inWork } from "../../src/queue/work.ts";
import { recordPhone } from "../../src/staff/record-phone.ts";
import { expectOk } from "./given.ts";

/** `+8619900000501`: a number for the n-th member of staff, apart from the villagers'. */
export const staffPhone = (n: number): PhoneNumber => `+861990000${String(500 + n).padStart(4, "0")}` as PhoneNumber;

/** Puts this phone on record for an account of a village; without one, takes it off. */
export async function givenPhone(ctx: Context, actor: Actor, phone: string): Promise<void> {
  const account = { id: actor.id, villageId: actor.villages[0] ?? null, townshipId: null };
  expectOk(await inWork(ctx.work, actor, (work) => recordPhone(work, ctx.sealer, account, phone)));
}
