import { pause } from "../../src/lib/slots.ts";
import { launch, settle } from "./broadcast.ts";
import { environmentOf, type Ground, startDesk, startGround } from "./ground.ts";
import type { Row } from "./harness.ts";
import { startHelper, startWorker } from "./helper.ts";

const MEMORY_MB = 250;

/** A million recipients in one commit, from the approval to the launch's commit, against the INSERT alone. */
export const launchRow: Row = {
  name: "launch of a large broadcast",
  unit: "s",
  references: [{ name: "bare INSERT … SELECT of the same rows, same indexes", target: { atMost: 3 } }],
  async prepare({ recipients }) {
    const ground = await startGround();
    const carrier = await startHelper("carrier-server.ts");
    // Next to nothing leaves: only the launch is measured.
    const setting = { ground, carrierUrl: carrier.url, rate: 0.01, concurrency: 512 };
    const ctx = await startDesk(setting);
    const cast = await settle(ctx, ground, recipients);
    const worker = await startWorker(environmentOf(setting));
    await makeTwin(ground);
    let peak = 0;
    return {
      async ours() {
        await clear(ground);
        const { approved } = await launch(ctx, ground, cast);
        const seconds = (performance.now() - approved) / 1000;
        peak = Math.max(peak, worker.peakMemory());
        await keep(ground, recipients);
        // Its texts first: a sweep would take along the million texts of a notice that is canceled.
        await clear(ground);
        await ground.pool.query("update broadcasts set state = 'canceled' where state = 'sending'");
        return seconds;
      },
      references: [() => insertAgain(ground, recipients)],
      notes: async () => [
        `${recipients} recipients; the worker held ${Math.round(peak)} MB at most ` +
          `(target < ${MEMORY_MB} MB${peak < MEMORY_MB ? "" : ", missed"})`,
      ],
      async done() {
        await worker.stop();
        await ctx.close();
        carrier.stop();
        await ground.leave();
      },
    };
  },
};

/** The same columns, checks, indexes and fill factor; no foreign keys and no walls between villages. */
async function makeTwin({ pool }: Ground): Promise<void> {
  await pool.query("create table twin (like messages including all) with (fillfactor = 75)");
  await pool.query("create table launched (like messages including defaults including generated)");
}

/** The worker's sweeps read these tables all the time: whoever is about to lock the other out waits shortly, again. */
async function clear({ pool }: Ground): Promise<void> {
  const truncate = "set local lock_timeout = '300ms'; truncate messages, claims, twin cascade";
  for (let tries = 0; ; tries++) {
    const failed = await pool.query(truncate).then(
      () => null,
      (error: unknown) => error,
    );
    if (failed === null) break;
    if (tries === 50) throw failed;
    await pause(100);
  }
  await pool.query("checkpoint");
}

/** What the launch made, set aside for the reference to insert again. */
async function keep({ pool }: Ground, recipients: number): Promise<void> {
  await pool.query("truncate launched");
  const { rowCount } = await pool.query(`insert into launched (${COLUMNS}) select ${COLUMNS} from messages`);
  if (rowCount !== recipients) throw new Error(`${rowCount} of ${recipients} recipients were launched`);
  await pool.query("analyze launched");
}

async function insertAgain(ground: Ground, recipients: number): Promise<number> {
  await clear(ground);
  const started = performance.now();
  const { rowCount } = await ground.pool.query(`insert into twin (${COLUMNS}) select ${COLUMNS} from launched`);
  if (rowCount !== recipients) throw new Error(`${rowCount} of ${recipients} rows were inserted again`);
  return (performance.now() - started) / 1000;
}

/** Those that a launch writes. */
const COLUMNS = `id, village_id, channel_id, broadcast_id, household_id, lane, purpose, phone_hash, phone, segments,
                 once_key, state, reason, created_at, state_at`;
