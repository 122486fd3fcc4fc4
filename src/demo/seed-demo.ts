import type { Context } from "../context.ts";
import { isSeeded, markSeeded } from "../db/installation.queries.ts";
import { ifUnlocked, onceUnlocked } from "../db/lock.ts";
import { asSystem } from "../db/tenancy.ts";
import { after, type Clock } from "../lib/clock.ts";
import { ROLE_NAMES } from "../lib/roles.ts";
import { listChannels } from "../message/channel.queries.ts";
import type { WorkDeps } from "../queue/work.ts";
import { SWEEPING } from "../run-sweeps.ts";
import { hashPassword, inventPassword } from "../staff/password.ts";
import { setPassword } from "../staff/staff.queries.ts";
import type { Village } from "../village/village.queries.ts";
import { ACCOUNTS, type Account } from "./accounts.ts";
import { AGE } from "./calendar.ts";
import { type DemoActors, hasHistory, waitingActors } from "./demo.queries.ts";
import { fillRoster, makeOrganisation } from "./make-organisation.ts";
import { noteHouseholds } from "./note-households.ts";
import { playHistory } from "./play-history.ts";
import { makeRoster } from "./roster.ts";
import { showContacts } from "./sheets.ts";
import { shelvePolicies } from "./shelve-policies.ts";

/**
 * Makes the demo village on an installation's first start, and returns how to sign in, which nobody can read again.
 * Each step may be cut short by a crash, and the next start goes on from there: the organisation is one commit, the
 * roster may be imported twice, the history is begun once, and only the last commit sets the passwords and marks the
 * work as done: there are no passwords before they can be shown.
 */
export async function seedDemo(ctx: Context): Promise<string | null> {
  // The demo's numbers are nobody's only in the simulator: a real carrier would text people.
  if (ctx.config.carrier !== "simulator") return null;
  let signIns: string | null = null;
  await ifUnlocked(ctx.pools.system, "cunwu demo", async () => {
    if (!(await isSeeded(ctx.db.system))) signIns = await seed(ctx);
  });
  return signIns;
}

async function seed(ctx: Context): Promise<string | null> {
  const now = ctx.clock.now();
  const { system } = ctx.db;
  const founding = quietly(ctx.work, { now: () => after(now, -AGE) });
  if (!(await waitingActors(system))) {
    const made = await makeOrganisation(founding, ctx.sealer);
    if (!made.ok) {
      ctx.log.warn({ reason: made.refusal.message }, "no demo village: something of its name is there already");
      await markSeeded(system, now);
      return null;
    }
  }
  const actors = await waitingActors(system);
  if (!actors) throw new Error("the demo's accounts were not made");
  const accounts = inventPasswords();
  const village = await fillRoster(founding, ctx.sealer, actors, makeRoster());
  await shelvePolicies(founding, actors, village);
  await noteHouseholds(founding, actors.cunwu, village);
  await showContacts(founding, actors, village);
  try {
    // A worker that swept meanwhile would close, remind of and launch what the next scene is about: weeks have passed.
    await onceUnlocked(ctx.pools.system, SWEEPING, async () => {
      if (!(await hasHistory(system, village.id))) await writeHistory(ctx, village, actors, now);
    });
  } catch (error) {
    // Half a past is no reason to refuse a start.
    ctx.log.error({ err: error }, "the demo's history stays incomplete");
  }
  return await openDoors(ctx, village, actors, await accounts, now);
}

/** Nothing may be really sent of what is past. */
const quietly = (work: WorkDeps, clock: Clock): WorkDeps => ({
  ...work,
  clock,
  bells: { ring: async () => undefined },
});

async function writeHistory(ctx: Context, village: Village, actors: DemoActors, now: Date): Promise<void> {
  const channel = (await listChannels(ctx.db.system)).find((one) => one.id === ctx.channelId);
  if (!channel) throw new Error("the channel in use is not there");
  const stage = {
    work: quietly(ctx.work, ctx.clock),
    sealer: ctx.sealer,
    village,
    channel,
    accountSid: ctx.secrets.accountSid,
    actors,
    people: makeRoster(),
  };
  await playHistory(stage, now);
}

type AccountWithPassword = Account & { password: string; hash: string };

/** Hashing takes a while, so it is begun before the history and done beside it. */
const inventPasswords = (): Promise<AccountWithPassword[]> =>
  Promise.all(
    ACCOUNTS.map(async (account) => {
      const password = inventPassword();
      return { ...account, password, hash: await hashPassword(password) };
    }),
  );

async function openDoors(
  ctx: Context,
  village: Village,
  actors: DemoActors,
  accounts: readonly AccountWithPassword[],
  now: Date,
): Promise<string> {
  await asSystem(ctx.db.system, async (tx) => {
    for (const { login, hash } of accounts) await setPassword(tx, actors[login].id, hash, false, now);
    await markSeeded(tx, now);
  });
  return [
    `演示村“${village.name}”建好了。用下面的账号登录，密码只显示这一次：`,
    ...accounts.map(({ role, login, password, name }) =>
      [" ", ROLE_NAMES[role].padEnd(5, "\u3000"), login.padEnd(8), password, name].join(" "),
    ),
  ].join("\n");
}
