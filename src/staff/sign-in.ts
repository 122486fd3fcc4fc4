import { randomBytes } from "node:crypto";
import type { Db } from "../db/connect.ts";
import { sayMoment } from "../lib/china-time.ts";
import { after, type Clock, DAY, HOUR, MINUTE } from "../lib/clock.ts";
import type { ActorId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { sha256 } from "../lib/seal.ts";
import { hashPassword, isPassword } from "./password.ts";
import {
  beginSignIn,
  clearFailures,
  countFailures,
  findSession,
  insertSession,
  noteFailure,
  type Session,
  touchSession,
} from "./session.queries.ts";

/** A session ends after half a day without use, and after a week in any case. */
const IDLE = 12 * HOUR;
const WHOLE = 7 * DAY;
const TOUCH_EVERY = 5 * MINUTE;
/** One address may fail this often in ten minutes, whatever the accounts: a whole office may sit behind it. */
const SOURCE_LIMIT = 30;
const SOURCE_WINDOW = 10 * MINUTE;

export type SignInDeps = { system: Db; clock: Clock };
export type SignedIn = { token: string; staffId: ActorId };

export async function signIn(
  deps: SignInDeps,
  request: { login: string; password: string; source: string; device: string },
): Promise<Outcome<SignedIn>> {
  const now = deps.clock.now();
  const source = sha256(request.source);
  if ((await countFailures(deps.system, source, after(now, -SOURCE_WINDOW))) >= SOURCE_LIMIT) {
    return refusal("too_many_requests", "试得太多了，请过十分钟再来");
  }
  const account = await beginSignIn(deps.system, request.login.trim().toLowerCase(), now);
  if (account?.lockedUntil) {
    return refusal("too_many_requests", `密码错了太多次，请到 ${sayMoment(account.lockedUntil, now)} 以后再试`);
  }
  // An unknown account costs as much time as a known one.
  const right = await isPassword(request.password, account?.passwordHash ?? (await NOBODY));
  if (!account || !right || !account.active) {
    await noteFailure(deps.system, source, now);
    return refusal("unauthenticated", "登录名或密码不对");
  }
  await clearFailures(deps.system, account.id);
  const token = randomBytes(32).toString("base64url");
  await insertSession(deps.system, {
    id: sha256(token),
    staffId: account.id,
    device: request.device.slice(0, 200),
    now,
    expiresAt: after(now, IDLE),
  });
  return ok({ token, staffId: account.id });
}

const NOBODY = hashPassword(randomBytes(16).toString("hex"));

export async function resumeSession(deps: SignInDeps, token: string): Promise<Session | null> {
  const now = deps.clock.now();
  const id = sha256(token);
  const session = await findSession(deps.system, id, now);
  if (session && now.getTime() - session.seenAt.getTime() > TOUCH_EVERY) {
    await touchSession(deps.system, id, now, IDLE, WHOLE);
  }
  return session;
}
