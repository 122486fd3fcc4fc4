import type pg from "pg";
import { newId } from "../../src/lib/ids.ts";
import type { Row } from "./harness.ts";
import { startHooks } from "./intake.ts";
import type { Flood, Steady } from "./load.ts";
import { quietly } from "./seed.ts";

const PATIENCE_MS = 100;
const SHARE = 0.8;

/** The carrier's reports, signature checked, stored, applied and committed before the answer, against one INSERT. */
export const callbacksRow: Row = {
  name: "status callbacks",
  unit: "reports/s",
  references: [{ name: "bare Fastify, one INSERT, no signature", target: { atLeast: 1 } }],
  async prepare({ callbacks, steady }) {
    const hooks = await startHooks();
    const { pool } = hooks.ground;
    // Today's ids but for their last part, so that they fall into this month's partitions.
    const ids = newId().slice(0, -12);
    let next = 0;
    const ask = (to: string, count: number): Flood => {
      const first = next;
      next += count;
      return { to, what: "status", first, count, ids };
    };
    const flood = async (): Promise<number> => {
      const asked = ask(hooks.ours.url, callbacks);
      await seedAccepted(pool, asked);
      const rate = await hooks.load.ask<number>(asked);
      await checkDelivered(pool, asked);
      return rate;
    };
    return {
      ours: flood,
      references: [() => hooks.load.ask(ask(hooks.bare.url, callbacks))],
      async notes(ours) {
        const rate = ours * SHARE;
        const asked: Steady = { ...ask(hooks.ours.url, 2 * Math.round((rate * steady) / 2)), rate };
        await seedAccepted(pool, asked);
        const { p50, p99 } = await hooks.load.ask<{ p50: number; p99: number }>(asked);
        await checkDelivered(pool, asked);
        const verdict = `target < ${PATIENCE_MS} ms${p99 < PATIENCE_MS ? "" : ", missed"}`;
        return [
          `at ${Math.round(rate)} a second, 80 % of that, an answer takes ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (${verdict})`,
        ];
      },
      done: hooks.done,
    };
  },
};

const ofTheseIds = `$1 || lpad(to_hex(i), 12, '0')`;

/** Texts that the carrier has taken and not yet spoken of; two reports will come of each. */
async function seedAccepted(pool: pg.Pool, { ids, first, count }: Flood): Promise<void> {
  const values = [ids, first / 2, (first + count) / 2 - 1, newId(), newId(), newId()];
  await quietly(pool, async (client) => {
    await client.query(
      `insert into messages (id, village_id, channel_id, broadcast_id, lane, purpose, phone_hash, phone, segments,
                             once_key, state, attempt, called_at, accepted_at, carrier_message_id, created_at, state_at)
       select (${ofTheseIds})::uuid, $4, $5, $6, 2, 'broadcast', sha256(int8send(i)), sha256(int8send(i)), 1,
              sha256(int8send(i)), 'accepted', 1, now(), now(), 'SM' || lpad(to_hex(i), 32, '0'), now(), now()
         from generate_series($2::bigint, $3::bigint) i`,
      values,
    );
    await client.query(
      `insert into attempts (message_id, attempt, village_id, channel_id, called_at, ended_at, outcome,
                             carrier_message_id)
       select (${ofTheseIds})::uuid, 1, $4, $5, now(), now(), 'accepted', 'SM' || lpad(to_hex(i), 32, '0')
         from generate_series($2::bigint, $3::bigint) i`,
      values.slice(0, 5),
    );
  });
  await pool.query("vacuum analyze messages, attempts");
}

async function checkDelivered(pool: pg.Pool, { ids, first, count }: Flood): Promise<void> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::int as n from generate_series($2::bigint, $3::bigint) i
       join messages m on m.id = (${ofTheseIds})::uuid where m.state = 'delivered'`,
    [ids, first / 2, (first + count) / 2 - 1],
  );
  if (rows[0]?.n !== count / 2) throw new Error(`${rows[0]?.n} of ${count / 2} texts were delivered`);
}
