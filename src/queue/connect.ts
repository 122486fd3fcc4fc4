import { createPostgresBackend, type Job, type JobsOptions, Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import type pg from "pg";
import { createPool } from "../db/connect.ts";
import type { Log } from "../log.ts";
import { type Bell, type Payloads, QUEUE_NAMES, QUEUES, type QueueName } from "./queues.ts";

/**
 * BullMQ on PostgreSQL or on Redis. Nobody above this file can tell which: they ring, and workers answer.
 * A bell that cannot be rung is only logged: the row is committed, and a sweep will ring again.
 */
export interface Doorbells {
  /** Waits until Redis or PostgreSQL answers. */
  start(): Promise<void>;
  ring(bells: readonly Bell[]): Promise<void>;
  answer<Name extends QueueName>(
    name: Name,
    handle: (payload: Payloads[Name], signal: AbortSignal) => Promise<void>,
  ): void;
  /** Whether the queue can be reached now. */
  ping(): Promise<boolean>;
  /** Jobs that wait, per queue: for the metrics. */
  waiting(): Promise<Record<QueueName, number>>;
  /** Stops taking jobs, tells running ones to stop, and waits for them. */
  stopAnswering(): Promise<void>;
  close(): Promise<void>;
}

export function connectQueues(options: { redisUrl: string | undefined; postgresUrl: string; log: Log }): Doorbells {
  return options.redisUrl ? onRedis(options.redisUrl, options.log) : onPostgres(options.postgresUrl, options.log);
}

/** What both backends' queues and workers have in common, as far as we use them. */
type AnyQueue = {
  add(name: string, payload: unknown, options: JobsOptions): Promise<unknown>;
  upsertJobScheduler(
    id: string,
    times: { pattern: string; tz: string },
    job: { name: string; data: unknown; opts: JobsOptions },
  ): Promise<unknown>;
  removeJobScheduler(id: string): Promise<unknown>;
  getWaitingCount(): Promise<number>;
  on(event: "error", heard: (error: Error) => void): unknown;
  close(): Promise<void>;
};
type AnyWorker = {
  on(event: "error", heard: (error: Error) => void): unknown;
  on(event: "failed", heard: (job: Job | undefined, error: Error) => void): unknown;
  close(): Promise<void>;
};

type Parts = {
  log: Log;
  queue(name: QueueName): AnyQueue;
  worker(name: QueueName, run: (job: Job) => Promise<void>): AnyWorker;
  start(): Promise<void>;
  ping(): Promise<unknown>;
  end(): Promise<void>;
};

function onRedis(url: string, log: Log): Doorbells {
  // Producers fail fast — a sweep repeats their bell — while workers wait for Redis to come back.
  const connect = (maxRetriesPerRequest: number | null) => {
    const redis = new Redis(url, { maxRetriesPerRequest, enableOfflineQueue: maxRetriesPerRequest === null });
    redis.on("error", (error) => log.warn({ error: error.message }, "redis connection lost"));
    return redis;
  };
  const producing = connect(1);
  const working = connect(null);
  const prefix = "cunwu";
  return doorbells({
    log,
    queue: (name) => new Queue(name, { connection: producing, prefix }),
    worker: (name, run) => new Worker(name, run, { connection: working, prefix, ...workerOptions(name) }),
    start: async () => {
      if (producing.status !== "ready") await new Promise((resolve) => producing.once("ready", resolve));
    },
    ping: () => producing.ping(),
    end: async () => {
      producing.disconnect();
      working.disconnect();
    },
  });
}

function onPostgres(url: string, log: Log): Doorbells {
  // Each worker holds one connection to LISTEN; the rest are shared.
  const pool: pg.Pool = createPool({
    url,
    max: QUEUE_NAMES.length + 5,
    name: "cunwu queue",
    log,
    searchPath: "bullmq",
  });
  // Every queue and worker listens for its pool's errors; Node takes more than ten for a leak.
  pool.setMaxListeners(4 * QUEUE_NAMES.length);
  return doorbells({
    log,
    queue: (name) => new Queue(name, { connection: pool }, createPostgresBackend),
    worker: (name, run) => new Worker(name, run, { connection: pool, ...workerOptions(name) }, createPostgresBackend),
    start: async () => void (await pool.query("select 1")),
    ping: () => pool.query("select 1"),
    end: () => pool.end(),
  });
}

const workerOptions = (name: QueueName) => ({
  concurrency: QUEUES[name].concurrency,
  // A killed worker's job is given to another after this; the sweeps are quicker.
  lockDuration: 30_000,
  maxStalledCount: 5,
});

function doorbells(parts: Parts): Doorbells {
  const queues = new Map<QueueName, AnyQueue>();
  const workers: AnyWorker[] = [];
  const stopping = new AbortController();
  const queue = (name: QueueName): AnyQueue => {
    const known = queues.get(name);
    if (known) return known;
    const fresh = parts.queue(name);
    fresh.on("error", (error) => parts.log.warn({ queue: name, error: error.message }, "queue error"));
    queues.set(name, fresh);
    return fresh;
  };

  return {
    start: parts.start,
    async ring(bells) {
      for (const { queue: name, payload, repeat } of bells) {
        const { tries, backoffMs } = QUEUES[name];
        try {
          const options: JobsOptions = {
            attempts: tries,
            backoff: { type: "exponential", delay: backoffMs },
            removeOnComplete: true,
            removeOnFail: { count: 100 },
          };
          await queue(name).add(name, payload, options);
          if (repeat?.cron === null) await queue(name).removeJobScheduler(repeat.id);
          else if (repeat) {
            const times = { pattern: repeat.cron, tz: "Asia/Shanghai" };
            await queue(name).upsertJobScheduler(repeat.id, times, { name, data: payload, opts: options });
          }
        } catch (error) {
          parts.log.warn({ queue: name, error: (error as Error).message }, "bell not rung; a sweep will");
        }
      }
    },
    answer(name, handle) {
      const worker = parts.worker(name, (job) => handle(job.data, stopping.signal));
      worker.on("error", (error) => parts.log.warn({ queue: name, error: error.message }, "worker error"));
      worker.on("failed", (job, error) => parts.log.error({ queue: name, jobId: job?.id, err: error }, "job failed"));
      workers.push(worker);
    },
    ping: () =>
      parts.ping().then(
        () => true,
        () => false,
      ),
    async waiting() {
      const counts = await Promise.all(QUEUE_NAMES.map(async (name) => [name, await queue(name).getWaitingCount()]));
      return Object.fromEntries(counts) as Record<QueueName, number>;
    },
    async stopAnswering() {
      stopping.abort();
      await Promise.all(workers.map((worker) => worker.close()));
    },
    async close() {
      await Promise.all([...queues.values()].map((each) => each.close()));
      await parts.end();
    },
  };
}
