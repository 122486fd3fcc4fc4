import { runMigrations } from "bullmq";
import pg from "pg";
import type { Access } from "../db/roles.ts";

/**
 * Brings BullMQ's own schema up to date, as the role that owns it. Its migration says `create schema if not exists`,
 * for which PostgreSQL wants the right to create schemas even where one exists: lent for this moment.
 */
export async function migrateQueue(access: Access): Promise<void> {
  const owner = new pg.Client({ connectionString: access.owner, application_name: "cunwu migrate" });
  const queue = new pg.Client({ connectionString: access.queue.url, application_name: "cunwu migrate" });
  const role = pg.escapeIdentifier(access.queue.name);
  // A session that the server ends between two statements fails the next one; unheard, it would end the process.
  for (const client of [owner, queue]) client.on("error", () => undefined);
  await owner.connect();
  try {
    // Several processes may start at once: one lends, migrates and takes back at a time.
    await owner.query("select pg_advisory_lock(hashtext('cunwu queue'))");
    const { rows } = await owner.query<{ name: string }>("select quote_ident(current_database()) as name");
    const database = rows[0]?.name;
    await owner.query(`grant create on database ${database} to ${role}`);
    try {
      await queue.connect();
      await runMigrations(queue, "bullmq");
    } finally {
      await queue.end();
      await owner.query(`revoke create on database ${database} from ${role}`);
    }
  } finally {
    await owner.end();
  }
}
