import { createPostgresBackend, Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";
import twilio from "twilio";
import { createPool } from "../../src/db/connect.ts";
import { createLog } from "../../src/log.ts";
import { ACCOUNT, BODY, PHONE, REPORTS_TO, SIGNATURE } from "./forms.ts";
import { serve } from "./helper.ts";

/**
 * How most services send texts: a row and a BullMQ job per text, the carrier's own SDK as it comes, an UPDATE for each
 * answer. As many jobs at once as we have calls. Its clock runs from the moment all jobs are queued, which flatters it.
 */
const { BENCH_DATABASE, BENCH_QUEUE_DATABASE = "", BENCH_REDIS, BENCH_CARRIER, BENCH_AT_ONCE } = process.env;
const NAME = "usual-send";
const database = new pg.Pool({ connectionString: BENCH_DATABASE, max: 12 });
// Empty region and edge: the environment's would rewrite the host.
const client = twilio(ACCOUNT.sid, ACCOUNT.token, { region: "", edge: "" });
client.api.baseUrl = BENCH_CARRIER ?? "";

await database.query(`create table if not exists usual_texts (id bigint generated always as identity primary key,
  phone text not null, body text not null, status text not null default 'queued', sid text, updated_at timestamptz)`);

type Job = { id: string; phone: string; body: string };

async function send({ id, phone, body }: Job): Promise<void> {
  const message = await client.messages.create({
    to: phone,
    from: ACCOUNT.from,
    body,
    validityPeriod: 14_400,
    statusCallback: `${REPORTS_TO}/hooks/twilio/status?id=${id}`,
  });
  await database.query("update usual_texts set status = 'sent', sid = $2, updated_at = now() where id = $1", [
    id,
    message.sid,
  ]);
}

const options = { concurrency: Number(BENCH_AT_ONCE), autorun: false };
const redis = BENCH_REDIS ? new Redis(BENCH_REDIS, { maxRetriesPerRequest: null }) : null;
const pool = createPool({
  url: BENCH_QUEUE_DATABASE,
  max: 10,
  name: "usual",
  searchPath: "bullmq",
  log: createLog("warn"),
});
const queue = redis
  ? new Queue(NAME, { connection: redis })
  : new Queue(NAME, { connection: pool }, createPostgresBackend);
const startWorker = () =>
  redis
    ? new Worker(NAME, (job) => send(job.data), { ...options, connection: redis })
    : new Worker(NAME, (job) => send(job.data), { ...options, connection: pool }, createPostgresBackend);

serve<{ texts: number }>("", async ({ texts }) => {
  const { rows } = await database.query<Job>(
    `insert into usual_texts (phone, body) select $1, $2 from generate_series(1, $3::int) returning id, phone, body`,
    [PHONE, `【${SIGNATURE}】${BODY}`, texts],
  );
  for (let i = 0; i < rows.length; i += 500) {
    const jobs = rows.slice(i, i + 500).map((data) => ({ name: "send", data, opts: JOB }));
    await queue.addBulk(jobs);
  }
  const worker = startWorker();
  const started = performance.now();
  await new Promise<void>((done, fail) => {
    let left = texts;
    worker.on("completed", () => --left === 0 && done());
    worker.on("failed", (_job, error) => fail(error));
    void worker.run();
  });
  const seconds = (performance.now() - started) / 1000;
  await worker.close();
  return texts / seconds;
});
const JOB = { attempts: 3, backoff: { type: "exponential", delay: 1000 }, removeOnComplete: true };
