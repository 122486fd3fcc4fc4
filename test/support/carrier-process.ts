import type { Wish } from "../chaos/hostile-carrier.ts";
import { startProcess } from "./process.ts";

export type Arrived = { to: string; body: string; at: number };

export type CarrierProcess = {
  url: string;
  control(wish: Wish): Promise<void>;
  /** The texts it has taken, from the n-th on, in the order it took them. */
  log(from?: number): Promise<{ texts: Arrived[]; calls: number; fates: Record<string, number> }>;
  stop(): Promise<unknown>;
};

/** test/chaos/hostile-carrier.ts as a process of its own; with HOSTILE=0 it only takes texts and remembers when. */
export async function startCarrier(env: { SEED?: string; HOSTILE?: "0" | "1" } = {}): Promise<CarrierProcess> {
  const carrier = startProcess(process.execPath, ["test/chaos/hostile-carrier.ts"], { env });
  const url = await carrier.ready();
  return {
    url,
    async control(wish) {
      await fetch(`${url}/control`, { method: "POST", body: JSON.stringify(wish) });
    },
    log: async (from = 0) =>
      (await (await fetch(`${url}/log?from=${from}`)).json()) as Awaited<ReturnType<CarrierProcess["log"]>>,
    stop: () => carrier.stop("SIGKILL"),
  };
}
