import { startWorkers } from "../workers/index.ts";
import { bringUpToDate, findGround, type Ground, isExplained } from "./boot.ts";
import { type Context, createContext } from "./context.ts";
import { checkDataKey } from "./db/installation.queries.ts";
import { freePort } from "./db/owner.ts";
import { seedDemo } from "./demo/seed-demo.ts";
import { SECOND } from "./lib/clock.ts";
import { pause } from "./lib/slots.ts";
import { createLog, type Log } from "./log.ts";
import { buildServer } from "./server.ts";
import { runSweeps } from "./sweeps.ts";

/**
 * `start`: everything in one process, with its own database if none is given. `web` and `worker`: one part each, any
 * number of them. Started in this order and stopped in the reverse.
 */
const MODES = ["start", "web", "worker"] as const;
type Mode = (typeof MODES)[number];

/** Ctrl-C must not take longer than ten seconds, whatever hangs. */
const STOP_WITHIN = 9.5 * SECOND;

async function main(): Promise<void> {
  const mode = MODES.find((known) => known === (process.argv[2] ?? "start"));
  if (!mode) throw new Error(`unknown mode ${process.argv[2]}: start, web or worker`);
  const stopped = waitForStop();
  const ground = await findGround(process.env, mode === "start" ? "own" : "join");
  const log = createLog(ground.config.logLevel);
  let running: Running | null = null;
  try {
    running = await start(mode, ground, log);
    const why = await stopped;
    log.info({ why }, "stopping");
  } finally {
    const watchdog = setTimeout(() => {
      log.error("stopping took too long; the next start repairs what is left");
      log.flush();
      process.exit(1);
    }, STOP_WITHIN);
    await running?.stop();
    await ground.leave();
    clearTimeout(watchdog);
    log.info("stopped");
  }
}

type Running = { stop(): Promise<void> };

async function start(mode: Mode, ground: Ground, log: Log): Promise<Running> {
  const { config } = ground;
  const applied = await bringUpToDate(ground.access);
  if (applied.length > 0) log.info({ applied }, "database brought up to date");
  const port = config.port === 0 ? await freePort() : config.port;
  const url = `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`;
  const ownUrl = mode === "worker" ? (ground.runningUrl ?? url) : url;
  const publicBaseUrl = config.publicBaseUrl ?? ownUrl;
  const ctx = await createContext({
    config,
    secrets: ground.secrets,
    access: ground.access,
    addresses: {
      publicBaseUrl,
      carrierBaseUrl:
        config.twilio.baseUrl ?? (config.carrier === "simulator" ? `${ownUrl}/simulator` : "https://api.twilio.com"),
    },
    log,
  });
  const parts: Running[] = [];
  const stop = async () => {
    for (const part of parts.reverse()) await part.stop();
    await ctx.close();
  };
  try {
    await checkDataKey(ctx.db.system, ctx.secrets.dataKey);
    await ctx.bells.start();
    const signIns = mode !== "worker" && (config.demo ?? ground.embedded) ? await seedDemo(ctx) : null;
    // At once: whatever fails from here on, these passwords are shown only now.
    if (signIns) process.stdout.write(`${signIns}\n`);
    if (mode !== "worker") parts.push(await startWeb(ctx, port, publicBaseUrl));
    if (mode !== "web") parts.push(startWork(ctx));
    await ground.ownership?.publish({ databaseUrl: ground.access.owner, url: ownUrl });
    process.stdout.write(mode === "worker" ? "ready worker\n" : `ready ${url}\n`);
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startWeb(ctx: Context, port: number, publicBaseUrl: string): Promise<Running> {
  const app = await buildServer(ctx, publicBaseUrl);
  await app.listen({ host: ctx.config.host, port });
  return { stop: () => app.close() };
}

function startWork(ctx: Context): Running {
  const stopping = new AbortController();
  startWorkers(ctx);
  const sweeping = runSweeps(ctx, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await Promise.all([ctx.dispatcher.stop(), Promise.race([sweeping, pause(3 * SECOND)])]);
      await ctx.bells.stopAnswering();
    },
  };
}

/** A terminal's Ctrl-C reaches us from the terminal and again from npm: the second within a moment is the same one. */
function waitForStop(): Promise<string> {
  return new Promise((resolve) => {
    let since = 0;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        if (since === 0) since = performance.now();
        else if (performance.now() - since > 2 * SECOND) process.exit(130);
        resolve(signal);
      });
    }
  });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(
      isExplained(error) ? `${error.message}\n` : `${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(1);
  },
);
