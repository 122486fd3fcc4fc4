import { startWorkers } from "../workers/index.ts";
import { bringUpToDate, explain, findGround, type Ground } from "./boot.ts";
import { type Config, readConfig } from "./config.ts";
import { type Context, createContext } from "./context.ts";
import { checkDataKey } from "./db/installation.queries.ts";
import { freePort } from "./db/owner.ts";
import { seedDemo } from "./demo/seed-demo.ts";
import { SECOND } from "./lib/clock.ts";
import { pause } from "./lib/slots.ts";
import { checkAddress, explainListening } from "./listen.ts";
import { createLog, type Log } from "./log.ts";
import { giveUpEveryClaim } from "./message/claim.queries.ts";
import { runSweeps } from "./run-sweeps.ts";
import { buildServer } from "./server.ts";

/**
 * `start`: everything in one process, with its own database if none is given. `web` and `worker`: one part each, any
 * number of them. Started in this order and stopped in the reverse, from wherever a stop finds us.
 */
const MODES = ["start", "web", "worker"] as const;
type Mode = (typeof MODES)[number];

/** What to undo, and what it is called in the log; the last thing started is the first to stop. */
type Undo = { what: string; stop(): Promise<unknown> };

/** Ctrl-C must not take longer than ten seconds, whatever hangs. */
const STOP_WITHIN = 9.5 * SECOND;

async function main(): Promise<void> {
  const mode = MODES.find((known) => known === (process.argv[2] ?? "start"));
  if (!mode) throw new Error(`unknown mode ${process.argv[2]}: start, web or worker`);
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const undos: Undo[] = [];
  try {
    await Promise.race([waitForStop(log), run(mode, config, log, undos)]);
  } finally {
    startWatchdog(log);
    for (const undo of undos.reverse()) {
      await undo.stop().catch((error: unknown) => log.error({ err: error, what: undo.what }, "not stopped cleanly"));
    }
    if (undos.length > 0) log.info("stopped");
  }
}

/** Starts one thing after the other, and stays until the ground under it is lost. */
async function run(mode: Mode, config: Config, log: Log, undos: Undo[]): Promise<void> {
  const ground = await findGround(config, mode === "start" ? "own" : "join", log);
  undos.push({ what: "database", stop: ground.leave });
  if (mode !== "worker" && config.port !== 0) await checkAddress(config.host, config.port);
  const applied = await bringUpToDate(ground.access);
  if (applied.length > 0) log.info({ applied }, "database brought up to date");

  const { ctx, url, publicBaseUrl, port } = await wire(mode, config, ground, log);
  undos.push({ what: "connections", stop: ctx.close });
  await checkDataKey(ctx.db.system, ctx.secrets.dataKey);
  if (ground.ownership) await giveUpEveryClaim(ctx.db.system);
  await ctx.bells.start();
  const signIns = mode !== "worker" && (config.demo ?? ground.embedded) ? await seedDemo(ctx) : null;
  // At once: whatever fails from here on, these passwords are shown only now.
  if (signIns) process.stdout.write(`${signIns}\n`);
  if (mode !== "worker") undos.push(await startWeb(ctx, port, publicBaseUrl));
  if (mode !== "web") undos.push(startWork(ctx));
  await ground.ownership?.publish({ databaseUrl: ground.access.owner, url });
  process.stdout.write(mode === "worker" ? "ready worker\n" : `ready ${url}\n`);
  await ground.lost;
}

async function wire(mode: Mode, config: Config, ground: Ground, log: Log) {
  const port = config.port === 0 ? await freePort() : config.port;
  const here = `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`;
  // A worker serves nothing: for it HOST and PORT say where the simulator is, unless it has joined one.
  const url = mode === "worker" ? (ground.runningUrl ?? here) : here;
  const publicBaseUrl = config.publicBaseUrl ?? url;
  const usual = config.carrier === "simulator" ? `${url}/simulator` : "https://api.twilio.com";
  const addresses = { publicBaseUrl, carrierBaseUrl: config.twilio.baseUrl ?? usual };
  const { secrets, access } = ground;
  return { ctx: await createContext({ config, secrets, access, addresses, log }), url, publicBaseUrl, port };
}

async function startWeb(ctx: Context, port: number, publicBaseUrl: string): Promise<Undo> {
  const { host } = ctx.config;
  const app = await buildServer(ctx, publicBaseUrl);
  await app.listen({ host, port }).catch((error: unknown) => {
    throw explainListening(error, host, port);
  });
  return { what: "web", stop: () => app.close() };
}

function startWork(ctx: Context): Undo {
  const stopping = new AbortController();
  startWorkers(ctx);
  const sweeping = runSweeps(ctx, stopping.signal);
  return {
    what: "work",
    async stop() {
      stopping.abort();
      await Promise.all([ctx.dispatcher.stop(), Promise.race([sweeping, pause(3 * SECOND)])]);
      await ctx.bells.stopAnswering();
    },
  };
}

/**
 * A terminal's Ctrl-C reaches us from the terminal and again from npm: the second within a moment is the same one.
 * A closed terminal window hangs up: that is a stop as well.
 */
function waitForStop(log: Log): Promise<void> {
  return new Promise((resolve) => {
    let since = 0;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (since !== 0 && performance.now() - since > 2 * SECOND) process.exit(130);
        if (since !== 0) return;
        since = performance.now();
        log.info({ why: signal }, "stopping");
        resolve();
      });
    }
  });
}

function startWatchdog(log: Log): void {
  setTimeout(() => {
    log.error("stopping took too long; the next start repairs what is left");
    log.flush();
    process.exit(1);
  }, STOP_WITHIN).unref();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  },
);
