import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { expect } from "vitest";
import { workOutAccess } from "../../src/db/roles.ts";

/**
 * What the tables say, whatever the processes say: the simulator's own list of texts that reached it, and the states
 * of ours. For tests that kill things.
 */
export type Ledger = {
  /** How many texts with this body reached each phone; phones without one are missing. */
  texted(body: string): Promise<Map<string, number>>;
  states(): Promise<Record<string, number>>;
  /** The workers that hold claims at this moment. */
  workers(): Promise<string[]>;
  query<Row extends pg.QueryResultRow>(statement: string): Promise<Row[]>;
  close(): Promise<void>;
};

export async function openLedger(systemUrl: string): Promise<Ledger> {
  const client = new pg.Client({ connectionString: systemUrl, application_name: "cunwu test" });
  client.on("error", () => undefined);
  await client.connect();
  const query = async <Row extends pg.QueryResultRow>(statement: string, values: unknown[] = []) =>
    (await client.query<Row>(statement, values)).rows;
  return {
    async texted(body) {
      const rows = await query<{ recipient: string; n: number }>(
        `select recipient, count(*)::int as n from simulator.messages
          where direction = 'outbound-api' and body like '%' || $1 || '%' group by recipient`,
        [body],
      );
      return new Map(rows.map((row) => [row.recipient, row.n]));
    },
    async states() {
      const rows = await query<{ state: string; n: number }>(
        "select state, count(*)::int as n from messages group by state",
      );
      return Object.fromEntries(rows.map((row) => [row.state, row.n]));
    },
    workers: async () =>
      (await query<{ worker: string }>("select distinct worker from claims")).map((row) => row.worker),
    query,
    close: () => client.end(),
  };
}

/** The tables of the embedded database that runs in this folder. */
export async function openFolder(dir: string): Promise<Ledger> {
  const read = async (file: string) => JSON.parse(await readFile(join(dir, file), "utf8")) as Record<string, string>;
  const { databaseUrl = "" } = await read("running.json");
  const { dataKey = "" } = await read("secrets.json");
  const access = workOutAccess({ databaseUrl, dataKey: Buffer.from(dataKey, "base64"), given: {} });
  return await openLedger(access.system.url);
}

/** Looks again and again until it holds, then returns what it saw; else fails with the last look. */
export async function eventually<T>(what: string, look: () => Promise<T>, holds: (seen: T) => boolean, ms = 60_000) {
  const deadline = performance.now() + ms;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() > deadline)
      throw new Error(`${what}: not within ${ms} ms; last seen ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** No phone twice, none left out. */
function expectEachOnce(texted: Map<string, number>, doors: number): void {
  expect([...texted].filter(([, n]) => n !== 1)).toEqual([]);
  expect(texted.size).toBe(doors);
}

/** Until the newest notice is sent, every doubt is settled and nothing is in anybody's hands; then each has it once. */
export async function untilEachOnce(ledger: Ledger, body: string, doors: number): Promise<void> {
  await eventually(
    `"${body}" sent and settled`,
    async () => {
      const [row] = await ledger.query<{ notice: string; claims: number }>(
        "select state as notice, (select count(*) from claims)::int as claims from broadcasts order by id desc limit 1",
      );
      return { ...row, ...(await ledger.states()) } as Record<string, string | number>;
    },
    ({ notice, claims, pending, claimed, unknown }) =>
      notice === "sent" && claims === 0 && !pending && !claimed && !unknown,
  );
  expectEachOnce(await ledger.texted(body), doors);
}

export const untilTexted = (ledger: Ledger, body: string, phones: number): Promise<number> =>
  eventually(
    `${phones} texted`,
    async () => (await ledger.texted(body)).size,
    (n) => n >= phones,
  );
