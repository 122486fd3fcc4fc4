import { afterAll, describe, expect, test } from "vitest";
import { endAll } from "../support/process.ts";
import { BACKENDS } from "../support/redis.ts";
import { endure } from "./ordeal.ts";

/** `npm run chaos` in small: the same processes, the same carrier, fewer texts. The seed is printed if it fails. */
describe("a hostile carrier, and everything else killed at random while it sends", () => {
  afterAll(endAll);

  test.concurrent.each(BACKENDS)(
    "loses and repeats nothing on BullMQ over %s",
    { timeout: 240_000 },
    async (backend) => {
      const seed = process.env.CHAOS_SEED ?? String(Date.now() % 100_000);
      const { fates, longest, kills, ...seen } = await endure({
        backend,
        seed,
        doors: 75,
        notices: 4,
        kills: 5,
        rate: 60,
      });
      console.log(`chaos over ${backend}:`, { seed, kills, longest, seconds: seen.seconds, fates });
      expect(seen).toMatchObject({ due: 300, accepted: 300, lost: 0, repeated: [], unknown: 0 });
      expect([seen.unsettled, seen.unasked]).toEqual(["", []]);
    },
  );
});
