import { type Config, ConfigProblem } from "./config.ts";
import type { Secrets } from "./context.ts";
import { EmbeddedProblem } from "./db/create-cluster.ts";
import { type EmbeddedDatabase, startEmbedded } from "./db/embedded.ts";
import { WrongDataKey } from "./db/installation.queries.ts";
import { MigrationProblem, migrate } from "./db/migrate.ts";
import { DataDirInUse, DataDirProblem, findRunning, type Ownership, takeOwnership } from "./db/owner.ts";
import { type Access, workOutAccess } from "./db/roles.ts";
import { SECOND } from "./lib/clock.ts";
import { pause } from "./lib/slots.ts";
import { ListenProblem } from "./listen.ts";
import type { Log } from "./log.ts";
import { migrateQueue } from "./queue/migrate.ts";
import { gatherSecrets, keepLocalSecrets, readLocalSecrets, SecretsProblem } from "./secrets.ts";

/** A database we may use, and what belongs to it. */
export type Ground = {
  secrets: Secrets;
  access: Access;
  /** Where a running `start` serves its pages, if we joined one. */
  runningUrl: string | null;
  embedded: boolean;
  ownership: Ownership | null;
  /** Fails once a `start` that we joined is gone, and its database with it. */
  lost: Promise<never>;
  leave(): Promise<void>;
};

export class NotRunning extends Error {}

const NEVER = new Promise<never>(() => undefined);
/** A first start makes its database and its demo village before it serves anybody. */
const START_PATIENCE = 120 * SECOND;

/**
 * Finds the ground to stand on: the given DATABASE_URL; else the embedded cluster in DATA_DIR, which only `own` starts,
 * which `join` (web, worker) takes from a running `start`, and which `borrow` (a command) takes or else starts for itself.
 */
export async function findGround(config: Config, mode: "own" | "join" | "borrow", log?: Log): Promise<Ground> {
  if (config.databaseUrl !== null) {
    const secrets = gatherSecrets(config, null);
    return {
      secrets,
      access: accessFor(config, secrets, config.databaseUrl),
      runningUrl: null,
      embedded: false,
      ownership: null,
      lost: NEVER,
      leave: async () => undefined,
    };
  }
  while (mode !== "own") {
    const joined = await joinRunning(config);
    if (joined) return joined;
    if (mode === "join") throw notRunning(config);
    try {
      return await startOwn(config, log);
    } catch (error) {
      // Somebody was quicker: we can join him.
      if (!(error instanceof DataDirInUse)) throw error;
    }
  }
  return await startOwn(config, log);
}

const notRunning = ({ dataDir }: Config) =>
  new NotRunning(`no database is running in DATA_DIR ${dataDir}: run \`npm start\` first, or set DATABASE_URL`);

/** Whoever has no address yet is still starting, or is a command that will be over soon: neither is to be built on. */
async function joinRunning(config: Config): Promise<Ground | null> {
  for (const until = Date.now() + START_PATIENCE; ; await pause(SECOND / 5)) {
    const running = await findRunning(config.dataDir);
    if (!running) return null;
    const { databaseUrl, url } = running;
    const local = databaseUrl && url ? await readLocalSecrets(config.dataDir) : null;
    if (databaseUrl && url && local) {
      const secrets = gatherSecrets(config, local);
      return {
        secrets,
        access: accessFor(config, secrets, databaseUrl),
        runningUrl: url,
        embedded: true,
        ownership: null,
        lost: untilLost(config, databaseUrl),
        leave: async () => undefined,
      };
    }
    if (Date.now() > until) {
      throw new NotRunning(`process ${running.pid} holds DATA_DIR ${config.dataDir} and does not come to serve it`);
    }
  }
}

/** The next `start` has its database on another port: who has joined this one must be started again after it. */
async function untilLost(config: Config, databaseUrl: string): Promise<never> {
  for (;;) {
    await pause(2 * SECOND);
    const running = await findRunning(config.dataDir).catch(() => null);
    if (running?.databaseUrl !== databaseUrl) {
      throw new NotRunning(`the \`npm start\` in DATA_DIR ${config.dataDir} that this process had joined has ended`);
    }
  }
}

async function startOwn(config: Config, log: Log | undefined): Promise<Ground> {
  const ownership = await takeOwnership(config.dataDir);
  let database: EmbeddedDatabase | null = null;
  try {
    const local = await keepLocalSecrets(config.dataDir);
    database = await startEmbedded({ dir: config.dataDir, password: local.databasePassword, ...(log ? { log } : {}) });
    const secrets = gatherSecrets(config, local);
    const { stop } = database;
    return {
      secrets,
      access: accessFor(config, secrets, database.url),
      runningUrl: null,
      embedded: true,
      ownership,
      lost: NEVER,
      async leave() {
        await stop();
        await ownership.release();
      },
    };
  } catch (error) {
    await database?.stop();
    await ownership.release();
    throw error;
  }
}

const accessFor = (config: Config, secrets: Secrets, databaseUrl: string): Access =>
  workOutAccess({
    databaseUrl,
    dataKey: secrets.dataKey,
    given: config.roleUrls,
    prefix: config.rolePrefix ?? undefined,
  });

/** Our schema and BullMQ's, each once, however many processes start together. */
export async function bringUpToDate(access: Access): Promise<string[]> {
  const { applied } = await migrate(access);
  await migrateQueue(access);
  return applied;
}

const EXPLAINED = [
  ConfigProblem,
  DataDirProblem,
  EmbeddedProblem,
  ListenProblem,
  MigrationProblem,
  NotRunning,
  SecretsProblem,
  WrongDataKey,
];

/** Problems that a person can mend from their message are said in a sentence; everything else deserves its stack. */
export const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return EXPLAINED.some((known) => error instanceof known) ? error.message : (error.stack ?? error.message);
};
