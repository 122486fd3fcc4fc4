import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/ledger.ts";
import { endAll, runCli } from "../support/process.ts";
import { BACKENDS } from "../support/redis.ts";
import { openSmallVillage, phonesOf, type SmallVillage } from "../support/small-village.ts";
import { type Arena, type Kind, type Mortal, openArena } from "./arena.ts";
import { Witness } from "./witness.ts";

const DOORS = 150;
const RATE = 75;

/** What an operator does on a Tuesday: Redis or PostgreSQL is started again under a web and a worker that stay. */
describe.each(BACKENDS)("a notice is on its way over %s, and", { timeout: 90_000 }, (backend) => {
  let arena: Arena;
  let village: SmallVillage;
  let witness: Witness;
  let due = 0;

  beforeAll(async () => {
    arena = await openArena({ backend, seed: "restarts", rate: RATE, each: 1 });
    witness = new Witness(arena.carrier);
    village = await openSmallVillage(arena.webs[0] ?? "", (args) => runCli(args, arena.env), phonesOf(DOORS));
  });
  afterAll(async () => {
    await arena?.stop();
    await endAll();
  });

  const one = (kind: Kind): Mortal => {
    const found = arena.mortals.find((mortal) => mortal.kind === kind);
    if (!found) throw new Error(`no ${kind}`);
    return found;
  };
  const send = async (body: string) => {
    await village.send(body);
    due += DOORS;
  };
  /** A third of the newest notice is out: there are texts in every state. */
  const untilUnderWay = () =>
    eventually(
      "under way",
      async () => (await witness.look()).taken,
      (taken) => taken >= due - (2 / 3) * DOORS,
    );
  const untilUpAgain = (kind: Kind) => eventually(`${kind} up`, async () => one(kind).up(), Boolean);
  /** Everything has left once, nothing twice, no doubt is left, and neither web nor worker had to be started again. */
  const expectAllOnce = async () => {
    await eventually(
      "all sent and settled",
      async () => {
        const [left] = await arena.query<{ texts: number; notices: number; claims: number }>(
          `select (select count(*) from messages where state in ('pending', 'claimed', 'unknown'))::int as texts,
                  (select count(*) from broadcasts where state <> 'sent')::int as notices,
                  (select count(*) from claims)::int as claims`,
        );
        return left;
      },
      (left) => left !== undefined && left.texts + left.notices + left.claims === 0,
    );
    await witness.look();
    expect([witness.distinct, witness.repeated(), arena.unasked]).toEqual([due, [], []]);
  };

  describe.runIf(backend === "redis")("Redis", () => {
    /** Nobody in the office waits for it: the row is committed, the bell is rung when it is back. */
    const awayDuring = async (body: () => Promise<void>) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      await one("redis").restart(promise);
      await body();
      expect(one("redis").up()).toBe(false);
      resolve();
      await untilUpAgain("redis");
    };

    test("is away when a web rings for the first time", async () => {
      await awayDuring(() => send("头一条。"));
      await expectAllOnce();
    });

    test("is stopped and comes back empty: meanwhile the notice is sent, and another one is approved", async () => {
      await send("第一条。");
      await untilUnderWay();
      await awayDuring(async () => {
        await eventually(
          "sent without Redis",
          async () => (await witness.look()).taken,
          (taken) => taken === due,
        );
        await send("第二条。");
      });
      await expectAllOnce();
    });

    test("is emptied, and emptied again, while everybody is connected", async () => {
      await send("第三条。");
      await untilUnderWay();
      const client = new Redis(arena.env.REDIS_URL ?? "");
      for (let times = 0; times < 5; times++) {
        await client.flushall();
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await send("第四条。");
      await client.flushall();
      client.disconnect();
      await expectAllOnce();
    });
  });

  test("PostgreSQL is restarted in order", async () => {
    await send("第五条。");
    await untilUnderWay();
    await one("postgres").restart();
    await untilUpAgain("postgres");
    await expectAllOnce();
    await send("第六条。");
    await expectAllOnce();
  });

  test("PostgreSQL is killed, with all its processes, and started again", async () => {
    await send("第七条。");
    await untilUnderWay();
    await one("postgres").kill();
    await untilUpAgain("postgres");
    await expectAllOnce();
    await send("第八条。");
    await expectAllOnce();
  });
});
