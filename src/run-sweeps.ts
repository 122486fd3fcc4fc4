import type { Context } from "./context.ts";
import { ifUnlocked } from "./db/lock.ts";
import { SECOND } from "./lib/clock.ts";
import { pause } from "./lib/slots.ts";
import { SWEEPS, type Sweep } from "./sweeps.ts";

/** A sweep that failed, perhaps because the carrier or the network was not there yet, comes again this soon. */
const AGAIN_MS = 30 * SECOND;

/** The lock of whoever sweeps; while somebody else holds it, nothing is swept. */
export const SWEEPING = "cunwu sweeps";

/**
 * Runs the sweeps of this process until it stops. Every worker process has these two loops and one at a time does the
 * work of each; they need neither queue nor Redis, because they are what repairs them. The first round comes at once.
 */
export async function runSweeps(
  ctx: Context,
  signal: AbortSignal,
  options: { sweeps?: readonly Sweep[]; againMs?: number } = {},
): Promise<void> {
  const { sweeps = SWEEPS, againMs = AGAIN_MS } = options;
  const loop = (name: string, asking: boolean) =>
    runLoop(ctx, signal, { name, againMs, sweeps: sweeps.filter((sweep) => Boolean(sweep.asksCarrier) === asking) });
  await Promise.all([loop(SWEEPING, false), loop(`${SWEEPING} that ask`, true)]);
}

async function runLoop(
  ctx: Context,
  signal: AbortSignal,
  { name, sweeps, againMs }: { name: string; sweeps: readonly Sweep[]; againMs: number },
): Promise<void> {
  const due = new Map<string, number>();
  const ranWell = new Set<string>();
  while (!signal.aborted) {
    try {
      await ifUnlocked(ctx.pools.system, name, async () => {
        for (const sweep of sweeps) {
          if (signal.aborted) return;
          const now = performance.now();
          if (now < (due.get(sweep.name) ?? 0)) continue;
          const well = await sweepOnce(ctx, sweep, !ranWell.has(sweep.name));
          if (well) ranWell.add(sweep.name);
          due.set(sweep.name, now + (well ? sweep.everyMs : Math.min(sweep.everyMs, againMs)));
        }
      });
    } catch (error) {
      ctx.log.warn({ err: error }, "sweeps interrupted");
    }
    await pause(SECOND, signal);
  }
}

async function sweepOnce(ctx: Context, sweep: Sweep, first: boolean): Promise<boolean> {
  try {
    const found = await sweep.run(ctx, first);
    if (found > 0) ctx.log.info({ sweep: sweep.name, found }, "sweep");
    ctx.metrics.swept.inc({ sweep: sweep.name }, found);
    return true;
  } catch (error) {
    ctx.log.error({ err: error, sweep: sweep.name }, "sweep failed");
    return false;
  }
}
