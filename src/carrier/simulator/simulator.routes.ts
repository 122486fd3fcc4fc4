import type { FastifyInstance } from "fastify";
import type { Db } from "../../db/connect.ts";
import type { Log } from "../../log.ts";
import type { Pace } from "./life.ts";
import { messageRoutes } from "./messages.routes.ts";
import { phoneRoutes } from "./phones.routes.ts";
import { type Simulator, startSimulator } from "./post-webhooks.ts";
import { takeMessages } from "./take-message.ts";

export type SimulatorDeps = {
  db: Db;
  log: Log;
  accountSid: string;
  authToken: string;
  /** Signs webhooks: what our hooks check them with. */
  webhookSecret: string;
  /** Where our hooks are reached, and what the phones' page is served under. */
  publicBaseUrl: string;
  host: string;
  /** The number villagers text to, unless another texted them last. */
  sender: string;
  sessionKey: Buffer;
  countSegments(text: string): { segments: number };
  pace: Pace;
};

/** The sender's number of an installation that names none. */
export const SIMULATED_SENDER = "+8610690000";

/** A Twilio-compatible carrier of our own in this server, with phones you can see. It lives while the server listens. */
export function simulatorRoutes(app: FastifyInstance, deps: SimulatorDeps): void {
  let simulator: Simulator | null = null;
  const take = takeMessages({
    ...deps,
    webhookBase: deps.publicBaseUrl,
    simulator: { expect: (moments) => simulator?.expect(moments) },
  });
  messageRoutes(app, { ...deps, take });
  phoneRoutes(app, {
    ...deps,
    take,
    access: isLoopback(deps.host) && isLoopback(new URL(deps.publicBaseUrl).hostname) ? "public" : "signed-in",
  });
  app.addHook("onListen", async () => {
    simulator = startSimulator(deps);
  });
  app.addHook("preClose", async () => {
    await simulator?.stop();
  });
}

/** Only somebody at this very machine needs no sign-in to use the phones. */
const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
