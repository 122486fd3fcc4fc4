import { type Config, ConfigProblem, readConfig } from "./config.ts";
import type { Secrets } from "./context.ts";
import { type EmbeddedDatabase, EmbeddedProblem, startEmbedded } from "./db/embedded.ts";
import { WrongDataKey } from "./db/installation.queries.ts";
import { MigrationProblem, migrate } from "./db/migrate.ts";
import { DataDirInUse, findRunning, type Ownership, takeOwnership } from "./db/owner.ts";
import { type Access, workOutAccess } from "./db/roles.ts";
import { migrateQueue } from "./queue/migrate.ts";
import { gatherSecrets, keepLocalSecrets, readLocalSecrets } from "./secrets.ts";

/** A database we may use, and what belongs to it. */
export type Ground = {
  config: Config;
  secrets: Secrets;
  access: Access;
  /** Where a running `start` serves its pages, if we joined one. */
  runningUrl: string | null;
  embedded: boolean;
  ownership: Ownership | null;
  leave(): Promise<void>;
};

export class NotRunning extends Error {}

/**
 * Finds the ground to stand on: the given DATABASE_URL; else the embedded cluster in DATA_DIR, which only `own` starts
 * and everybody else joins.
 */
export async function findGround(env: NodeJS.ProcessEnv, mode: "own" | "join" | "borrow"): Promise<Ground> {
  const config = readConfig(env);
  if (config.databaseUrl !== null) {
    const secrets = gatherSecrets(config, null);
    return {
      config,
      secrets,
      access: accessFor(config, secrets, config.databaseUrl),
      runningUrl: null,
      embedded: false,
      ownership: null,
      leave: async () => undefined,
    };
  }
  if (mode !== "own") {
    const running = await findRunning(config.dataDir);
    const local = await readLocalSecrets(config.dataDir);
    if (running && local) {
      const secrets = gatherSecrets(config, local);
      return {
        config,
        secrets,
        access: accessFor(config, secrets, running.databaseUrl),
        runningUrl: running.url ?? null,
        embedded: true,
        ownership: null,
        leave: async () => undefined,
      };
    }
    if (mode === "join") {
      throw new NotRunning(
        `no database is running in DATA_DIR ${config.dataDir}: run \`npm start\` first, or set DATABASE_URL`,
      );
    }
  }
  return await startOwn(config);
}

async function startOwn(config: Config): Promise<Ground> {
  const ownership = await takeOwnership(config.dataDir);
  let database: EmbeddedDatabase | null = null;
  try {
    const local = await keepLocalSecrets(config.dataDir);
    database = await startEmbedded({ dir: config.dataDir, password: local.databasePassword });
    await ownership.publish({ databaseUrl: database.url });
    const secrets = gatherSecrets(config, local);
    const { stop } = database;
    return {
      config,
      secrets,
      access: accessFor(config, secrets, database.url),
      runningUrl: null,
      embedded: true,
      ownership,
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

/** Problems that a person can mend from their message; everything else deserves its stack. */
export const isExplained = (error: unknown): error is Error =>
  [ConfigProblem, DataDirInUse, EmbeddedProblem, MigrationProblem, NotRunning, WrongDataKey].some(
    (known) => error instanceof known,
  );
