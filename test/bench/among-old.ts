import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { sendBroadcast, settle } from "./broadcast.ts";
import { environmentOf, type Ground, startDesk, startGround } from "./ground.ts";
import { type Row, Skipped } from "./harness.ts";
import { type Helper, startHelper, startWorker } from "./helper.ts";
import { quietly } from "./seed.ts";

/** Ten million old texts with their attempts take about 10 GB, and the log of making them a little more. */
const NEEDED_BYTES_PER_TEXT = 1500;
/** Texts of one old broadcast. */
const BROADCAST = 20_000;

/** Two installations alike but for their past; each has its own PostgreSQL and its own worker. */
export const amongOldRow: Row = {
  name: "cost of a text among old ones",
  unit: "µs/text",
  references: [{ name: "the same with an empty table", target: { atMost: 1.2 } }],
  async prepare({ oldTexts, amongOld }) {
    const { bavail, bsize } = await statfs(tmpdir());
    const needed = oldTexts * NEEDED_BYTES_PER_TEXT;
    if (bavail * bsize < needed) {
      throw new Skipped(
        `${Math.ceil(needed / 1e9)} GB are needed in ${tmpdir()}, ${Math.floor((bavail * bsize) / 1e9)} are free`,
      );
    }
    const carrier = await startHelper("carrier-server.ts");
    const old = await startInstallation(carrier, amongOld);
    const empty = await startInstallation(carrier, amongOld);
    const started = performance.now();
    await fill(old.ground, old.villageId, oldTexts);
    const seconds = Math.round((performance.now() - started) / 1000);
    return {
      ours: old.cost,
      references: [empty.cost],
      notes: async () => [`${oldTexts} old texts, made in ${seconds} s; ${amongOld} sent in each round`],
      async done() {
        await old.done();
        await empty.done();
        carrier.stop();
      },
    };
  },
};

async function startInstallation(carrier: Helper, doors: number) {
  const ground = await startGround();
  const setting = { ground, carrierUrl: carrier.url, rate: 100_000, concurrency: 512 };
  const ctx = await startDesk(setting);
  const cast = await settle(ctx, ground, doors);
  const worker = await startWorker(environmentOf(setting));
  return {
    ground,
    villageId: cast.village.id,
    cost: async () => 1e6 / (await sendBroadcast(ctx, ground, cast, doors)),
    async done() {
      await worker.stop();
      await ctx.close();
      await ground.leave();
    },
  };
}

/**
 * A past: broadcasts to the phones of today, delivered, a minute apart, with the attempts that sent them. Rows lie in
 * the order of their phones' hashes, as a launch leaves them.
 */
async function fill({ pool }: Ground, villageId: string, texts: number): Promise<void> {
  const past = `from generate_series($3::bigint, $4::bigint) i cross join lateral (
    select (lpad(to_hex($5::bigint + i), 12, '0') || '70008000' || lpad(to_hex(i), 12, '0'))::uuid as id,
           (select id from channels limit 1) as channel_id, sha256(int8send(1 + i * 7919 % ${BROADCAST})) as hash,
           'SM' || md5(int8send(i)::text) as sid, now() - interval '20 days' as at) t`;
  // An id of so many milliseconds ago dates the row, as the partitions want it.
  const since = Date.now() - 20 * 86_400_000;
  await quietly(pool, async (client) => {
    for (let first = 0; first < texts; first += BROADCAST) {
      const values = [villageId, "00000000-0000-7000-8000-", first, Math.min(first + BROADCAST, texts) - 1, since];
      await client.query(
        `insert into messages (id, village_id, channel_id, broadcast_id, lane, purpose, phone_hash, phone, segments,
                               once_key, state, attempt, called_at, accepted_at, carrier_message_id, created_at, state_at)
         select t.id, $1, t.channel_id, ($2 || lpad(to_hex($3::bigint), 12, '0'))::uuid, 2, 'broadcast', t.hash,
                t.hash || t.hash, 1, t.hash, 'delivered', 1, t.at, t.at, t.sid, t.at, t.at ${past} order by t.hash`,
        values,
      );
      await client.query(
        `insert into attempts (message_id, attempt, village_id, channel_id, called_at, ended_at, outcome,
                               carrier_message_id)
         select t.id, 1, $1, t.channel_id, t.at, t.at, 'accepted', t.sid ${past} where $2 <> ''`,
        values,
      );
    }
  });
  await pool.query("vacuum analyze messages");
  await pool.query("vacuum analyze attempts");
  await pool.query("checkpoint");
}
