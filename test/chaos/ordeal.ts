import { pick, randomFrom } from "../../src/demo/random.ts";
import { pause } from "../../src/lib/slots.ts";
import { runCli } from "../support/process.ts";
import type { Backend } from "../support/redis.ts";
import { type Client, type Notice, openSmallVillage, phonesOf, type SmallVillage } from "../support/small-village.ts";
import { type Arena, type Kind, openArena } from "./arena.ts";
import { type Repair, Repairs } from "./repairs.ts";
import { Witness } from "./witness.ts";

/**
 * Notices go out to every door, one after the other, through a hostile carrier, while at random everything is killed:
 * one kill for every so many texts, so that the kills are spread over the sending however fast the machine is. The last
 * notice goes out in peace: a text that the carrier never took is believed absent only once its list shows later ones.
 */
export type Plan = { backend: Backend; seed: string; doors: number; notices: number; kills: number; rate: number };

export type Outcome = {
  plan: Plan;
  due: number;
  accepted: number;
  lost: number;
  repeated: string[];
  unknown: number;
  /** What is left if it did not come to rest in time; empty as it should be. */
  unsettled: string;
  kills: Partial<Record<Kind, number>>;
  longest: Repair | undefined;
  unasked: string[];
  fates: Record<string, number>;
  seconds: number;
};

/** Each round of kills takes every kind, in an order of its own. */
const KINDS: Readonly<Record<Backend, readonly Kind[]>> = {
  postgres: ["worker", "worker", "worker", "web", "postgres"],
  redis: ["worker", "worker", "worker", "web", "postgres", "redis"],
};
/** More than a lease, two look-ups and a restart or two. */
const SETTLE_WITHIN = 180_000;
/** Nothing may stand still for so long while there are texts to send: then the run has failed. */
const STALLED_AFTER = 240_000;

export async function endure(plan: Plan, say: (line: string) => void = () => undefined): Promise<Outcome> {
  const began = performance.now();
  const arena = await openArena(plan);
  const witness = new Witness(arena.carrier);
  const repairs = new Repairs(arena, witness);
  try {
    const village = await openSmallVillage(
      arena.webs[0] ?? "",
      (args) => runCli(args, arena.env),
      phonesOf(plan.doors),
    );
    const ids = await draftNotices(village, arena, plan.notices);
    say(`${plan.backend}: ${plan.doors} doors, ${ids.length} notices; it begins`);
    await arena.carrier.control({ hostile: true });
    const kills = await killWhileSending(plan, { arena, village, witness, repairs, say }, ids.slice(0, -1));
    await arena.carrier.control({ hostile: false });
    await approve(village, arena, ids.at(-1) ?? "");
    const due = plan.doors * ids.length;
    const unsettled = await untilSettled(arena, repairs);
    await witness.look();
    const states = await countStates(arena);
    return {
      plan,
      due,
      accepted: witness.distinct,
      lost: due - witness.distinct,
      repeated: witness.repeated(),
      unknown: states.unknown ?? 0,
      unsettled,
      kills,
      longest: repairs.longest(),
      unasked: arena.unasked,
      fates: (await arena.carrier.log(Number.MAX_SAFE_INTEGER)).fates,
      seconds: Math.round((performance.now() - began) / 1000),
    };
  } finally {
    await repairs.stop();
    await arena.stop();
  }
}

async function draftNotices(village: SmallVillage, arena: Arena, notices: number): Promise<string[]> {
  const { clerk } = village.at(arena.webs[0] ?? "");
  const ids: string[] = [];
  for (let nth = 1; nth <= notices; nth++) {
    const notice = { column: "村务公开", body: `第${nth}条通知，请互相转告。` };
    const { status, body } = await clerk<Notice>("POST", "/villages/guojia/broadcasts", notice);
    if (status !== 201) throw new Error(`no draft: ${status} ${JSON.stringify(body)}`);
    ids.push(body.id);
  }
  return ids;
}

/** At whichever web answers, until it is known to be approved: the answer may be lost, the approval not. */
async function approve(village: SmallVillage, arena: Arena, id: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const { secretary } = village.at(arena.webs[tries % arena.webs.length] ?? "");
    if (await ask(secretary, "POST", `/broadcasts/${id}/approval`, (answer) => answer.status === 200)) return;
    if (await ask(secretary, "GET", `/broadcasts/${id}`, ({ body }) => APPROVED.has(body.state))) return;
    if (tries > 600) throw new Error(`broadcast ${id} cannot be approved`);
    await pause(200);
  }
}
const APPROVED: ReadonlySet<string> = new Set(["scheduled", "sending", "sent"]);

type Asked = { status: number; body: Notice };
const ask = (client: Client, method: "GET" | "POST", path: string, holds: (answer: Asked) => boolean) =>
  client<Notice>(method, path).then(holds, () => false);

type Tools = {
  arena: Arena;
  village: SmallVillage;
  witness: Witness;
  repairs: Repairs;
  say(line: string): void;
};

async function killWhileSending(plan: Plan, tools: Tools, ids: readonly string[]): Promise<Outcome["kills"]> {
  const { arena, village, witness, repairs, say } = tools;
  const random = randomFrom(`${plan.seed} kills`);
  const kills: Outcome["kills"] = {};
  let round: Kind[] = [];
  const total = plan.doors * ids.length;
  let approved = 0;
  let killed = 0;
  let last = { taken: 0, at: performance.now() };
  while (killed < plan.kills || approved < ids.length) {
    // The next notice is launched before the last one has run out, so that there is always something to send.
    if (approved < ids.length && witness.distinct >= plan.doors * (approved - 0.5)) {
      await approve(village, arena, ids[approved++] ?? "");
    }
    if (killed < plan.kills && witness.distinct >= ((killed + 0.5) / (plan.kills + 1)) * total) {
      await pause(random() * 300);
      if (round.length === 0) round = [...KINDS[plan.backend]];
      const kind = pick(random, round);
      round.splice(round.indexOf(kind), 1);
      const mortal = await upOne(arena, kind, random);
      repairs.killed(mortal);
      await mortal.kill();
      kills[kind] = (kills[kind] ?? 0) + 1;
      if (++killed % 10 === 0) say(`${plan.backend}: ${killed} kills, ${witness.distinct} of ${total} texts taken`);
    }
    await pause(50);
    if (witness.distinct > last.taken) last = { taken: witness.distinct, at: performance.now() };
    if (performance.now() - last.at > STALLED_AFTER) throw new Error(`it stands still at ${last.taken} of ${total}`);
  }
  return kills;
}

async function upOne(arena: Arena, kind: Kind, random: () => number) {
  for (const until = performance.now() + STALLED_AFTER; ; ) {
    const up = arena.mortals.filter((mortal) => mortal.kind === kind && mortal.up());
    if (up.length > 0) return pick(random, up);
    if (performance.now() > until) throw new Error(`no ${kind} comes up again`);
    await pause(50);
  }
}

const countStates = async (arena: Arena): Promise<Record<string, number>> => {
  const rows = await arena.query<{ state: string; n: number }>(
    `select state, count(*)::int as n from messages group by state
     union all select 'claims', count(*)::int from claims
     union all select 'notices not sent', count(*)::int from broadcasts where state <> 'sent'`,
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.n]));
};

const RESTLESS = ["pending", "claimed", "unknown", "claims", "notices not sent"] as const;

/** Returns what is not at rest, in words, if patience runs out. */
async function untilSettled(arena: Arena, repairs: Repairs): Promise<string> {
  const until = performance.now() + SETTLE_WITHIN;
  for (;;) {
    const states = await countStates(arena).catch(() => ({ "notices not sent": -1 }) as Record<string, number>);
    const left = RESTLESS.filter((state) => states[state]).map((state) => `${states[state]} ${state}`);
    if (repairs.open() > 0) left.push(`${repairs.open()} kills not repaired`);
    if (left.length === 0) return "";
    if (performance.now() > until) return left.join(", ");
    await pause(200);
  }
}
