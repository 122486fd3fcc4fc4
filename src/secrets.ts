import { hkdfSync, randomBytes } from "node:crypto";
import { access, mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "./config.ts";
import type { Secrets } from "./context.ts";

/** What an embedded installation keeps for itself: losing it loses every phone number. Back up DATA_DIR whole. */
export type LocalSecrets = { dataKey: string; databasePassword: string };

const FILE = "secrets.json";

export class SecretsProblem extends Error {}

/** Reads DATA_DIR's secrets, or makes them on the first start. */
export async function keepLocalSecrets(dir: string): Promise<LocalSecrets> {
  const known = await readLocalSecrets(dir);
  if (known) return known;
  const hasDatabase = await access(join(dir, "pg")).then(
    () => true,
    () => false,
  );
  if (hasDatabase) {
    throw new SecretsProblem(
      `${join(dir, FILE)} is gone, and without it nobody can open the database beside it or read a phone number: put it ` +
        "back from a copy of DATA_DIR, or choose another DATA_DIR",
    );
  }
  const fresh: LocalSecrets = {
    dataKey: randomBytes(32).toString("base64"),
    databasePassword: randomBytes(18).toString("base64url"),
  };
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, FILE);
  // On the disk before anything is sealed with it, whenever the power fails.
  const handle = await open(`${file}.new`, "w", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(fresh, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
  return fresh;
}

export async function readLocalSecrets(dir: string): Promise<LocalSecrets | null> {
  try {
    return JSON.parse(await readFile(join(dir, FILE), "utf8")) as LocalSecrets;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new SecretsProblem(`${join(dir, FILE)} cannot be read: put it back from a copy of DATA_DIR (${error})`);
  }
}

/** The environment's secrets; what it does not give follows from the data key, so that processes agree on it. */
export function gatherSecrets(config: Config, local: LocalSecrets | null): Secrets {
  const dataKey = config.dataKey ?? (local ? Buffer.from(local.dataKey, "base64") : null);
  if (!dataKey) throw new Error("DATA_KEY is missing");
  const derive = (purpose: string, bytes: number) => Buffer.from(hkdfSync("sha256", dataKey, "cunwu", purpose, bytes));
  return {
    dataKey,
    sessionKey: config.sessionKey ?? derive("session", 32),
    accountSid: config.twilio.accountSid ?? `AC${derive("account sid", 16).toString("hex")}`,
    authToken: config.twilio.authToken ?? derive("auth token", 16).toString("hex"),
  };
}
