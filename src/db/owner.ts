import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";

/**
 * Who owns a DATA_DIR. The owner listens on a loopback port and answers with a token that only the file in the
 * folder knows, so a dead owner is told from a living one without trusting a process id that may have been given
 * to somebody else since. The same file tells `web`, `worker` and the CLI where the database is.
 */
export type Published = { databaseUrl: string; url?: string };
type OwnerFile = Published & { pid: number; port: number; token: string };

export class DataDirInUse extends Error {}

export type Ownership = {
  publish(what: Published): Promise<void>;
  release(): Promise<void>;
};

const FILE = "running.json";

export async function takeOwnership(dir: string): Promise<Ownership> {
  await mkdir(dir, { recursive: true });
  await chmod(dir, 0o700);
  const token = randomBytes(16).toString("hex");
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end(token);
  });
  const port = await listen(server);
  const file = join(dir, FILE);
  const mine = (what: Partial<Published>): string => JSON.stringify({ pid: process.pid, port, token, ...what });

  for (;;) {
    try {
      await writeFile(file, mine({}), { flag: "wx", mode: 0o600 });
      break;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const owner = await readOwner(dir);
    if (owner && (await isAlive(owner))) {
      server.close();
      throw new DataDirInUse(
        `DATA_DIR ${dir} is already in use by process ${owner.pid}${owner.url ? ` (${owner.url})` : ""}; ` +
          "stop it, or choose another DATA_DIR",
      );
    }
    await rm(file, { force: true });
  }
  return {
    async publish(what) {
      await writeFile(`${file}.new`, mine(what), { mode: 0o600 });
      await rename(`${file}.new`, file);
    },
    async release() {
      await rm(file, { force: true });
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What the living owner of this folder published, or null if nobody owns it. */
export async function findRunning(dir: string): Promise<Published | null> {
  const owner = await readOwner(dir);
  return owner?.databaseUrl && (await isAlive(owner)) ? owner : null;
}

async function readOwner(dir: string): Promise<OwnerFile | null> {
  try {
    return JSON.parse(await readFile(join(dir, FILE), "utf8")) as OwnerFile;
  } catch {
    return null; // absent, or torn by a crash: nobody owns it
  }
}

function isAlive(owner: OwnerFile): Promise<boolean> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect({ host: "127.0.0.1", port: owner.port });
    socket.setTimeout(2000, () => socket.destroy());
    socket.on("data", (data) => {
      heard += data.toString();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(heard === owner.token));
  });
}

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
