import { type Ground, startGround } from "./ground.ts";
import type { Row } from "./harness.ts";
import { type Helper, startHelper } from "./helper.ts";
import type { Flood } from "./load.ts";

export type Hooks = { ground: Ground; ours: Helper; bare: Helper; load: Helper; done(): Promise<void> };

/** Our web process, a bare one beside it, and a carrier that brings webhooks to either. */
export async function startHooks(): Promise<Hooks> {
  const ground = await startGround();
  const ours = await startHelper("intake-server.ts", { BENCH_DATABASE: ground.url, BENCH_SIDE: "ours" });
  const bare = await startHelper("intake-server.ts", { BENCH_DATABASE: ground.url, BENCH_SIDE: "bare" });
  const load = await startHelper("load.ts");
  return {
    ground,
    ours,
    bare,
    load,
    async done() {
      for (const helper of [load, ours, bare]) helper.stop();
      await ground.leave();
    },
  };
}

/** Villagers' texts, from the request to the answer after the commit: signed, sealed and stored, against one INSERT. */
export const intakeRow: Row = {
  name: "villagers' texts taken in",
  unit: "texts/s",
  references: [{ name: "bare Fastify, one INSERT, no signature", target: { atLeast: 0.5 } }],
  async prepare({ inbound }) {
    const hooks = await startHooks();
    let next = 0;
    const flood = (to: string): Promise<number> => {
      const asked: Flood = { to, what: "inbound", first: next, count: inbound, ids: "" };
      next += inbound;
      return hooks.load.ask(asked);
    };
    return {
      ours: () => flood(hooks.ours.url),
      references: [() => flood(hooks.bare.url)],
      done: hooks.done,
    };
  },
};
