import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";

/**
 * Who owns a DATA_DIR. The owner listens on a loopback port and answers with a token that only the file in the
 * folder knows, so a dead owner is told from a living one without trusting a process id that may have been given
 * to somebody else since. The same file tells `web`, `worker` and the CLI where the database is.
 */
export type Published = { databaseUrl: string; url?: string };
type OwnerFile = Partial<Published> & { pid: number; port: number; token: string };

export class DataDirProblem extends Error {}
export class DataDirInUse extends DataDirProblem {}

export type Ownership = {
  publish(what: Published): Promise<void>;
  release(): Promise<void>;
};

const FILE = "running.json";
/** A living owner answers at once, unless it is stopped (Ctrl-Z) or its machine is very busy. */
const PATIENCE_MS = 2000;

export async function takeOwnership(dir: string): Promise<Ownership> {
  const token = randomBytes(16).toString("hex");
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end(token);
  });
  const port = await listen(server);
  const file = join(dir, FILE);
  const draft = `${file}.${token}`;
  const write = (what: Partial<Published>) =>
    writeFile(draft, JSON.stringify({ pid: process.pid, port, token, ...what }), { mode: 0o600 });
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await write({});
    await claim(dir, file, draft);
  } catch (error) {
    server.close();
    await rm(draft, { force: true }).catch(() => undefined);
    throw error instanceof DataDirProblem ? error : unusable(dir, error);
  }
  return {
    async publish(what) {
      await write(what);
      await rename(draft, file);
    },
    async release() {
      if ((await readOwner(dir))?.owner?.token === token) await rm(file, { force: true });
      server.close();
    },
  };
}

/** A link appears whole or not at all, so of several that start in one moment one wins, and nobody reads half a file. */
async function claim(dir: string, file: string, draft: string): Promise<void> {
  for (;;) {
    try {
      await link(draft, file);
      return await rm(draft);
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    }
    const found = await readOwner(dir);
    if (!found) continue;
    const { owner, text } = found;
    if (owner && (await isAlive(owner))) {
      throw new DataDirInUse(
        `DATA_DIR ${dir} is already in use by process ${owner.pid}${owner.url ? ` (${owner.url})` : ""}; ` +
          "stop it, or choose another DATA_DIR",
      );
    }
    await removeDead(file, text, `${draft}.dead`);
  }
}

/** Somebody else may be removing the same dead owner's file and have put his own there since: that one goes back. */
async function removeDead(file: string, text: string, aside: string): Promise<void> {
  try {
    await rename(file, aside);
    if ((await readFile(aside, "utf8")) !== text) await link(aside, file);
  } catch (error) {
    if (!hasCode(error, "ENOENT", "EEXIST")) throw error;
  }
  await rm(aside, { force: true });
}

/** What the living owner of this folder has published so far, or null if nobody owns it. */
export async function findRunning(dir: string): Promise<(Partial<Published> & { pid: number }) | null> {
  const found = await readOwner(dir);
  return found?.owner && (await isAlive(found.owner)) ? found.owner : null;
}

/** Null if there is no file; without an owner if a power cut left it torn. */
async function readOwner(dir: string): Promise<{ owner: OwnerFile | null; text: string } | null> {
  let text: string;
  try {
    text = await readFile(join(dir, FILE), "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw unusable(dir, error);
  }
  try {
    return { owner: JSON.parse(text) as OwnerFile, text };
  } catch {
    return { owner: null, text };
  }
}

/** Its port may be somebody else's by now, who says something else or nothing; then the process id decides. */
function isAlive(owner: OwnerFile): Promise<boolean> {
  return new Promise((resolve) => {
    let heard = "";
    let silent = false;
    const socket = connect({ host: "127.0.0.1", port: owner.port });
    socket.setTimeout(PATIENCE_MS, () => {
      silent = heard === "";
      socket.destroy();
    });
    socket.on("data", (data) => {
      heard += data.toString();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(silent ? processExists(owner.pid) : heard === owner.token));
  });
}

function processExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

const unusable = (dir: string, error: unknown) =>
  new DataDirProblem(`DATA_DIR ${dir} cannot be used: ${error instanceof Error ? error.message : error}`);

const hasCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && "code" in error && codes.includes(String(error.code));

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.unref();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address && typeof address === "object") resolve(address.port);
      else reject(new Error("no loopback port"));
    });
  });
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
