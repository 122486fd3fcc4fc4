import type { Db } from "../../db/connect.ts";
import { batcher } from "../../lib/batch.ts";
import { after } from "../../lib/clock.ts";
import { type Pace, planLife } from "./life.ts";
import type { Behaviour } from "./magic.ts";
import { type NewMessage, storeMessages } from "./messages.queries.ts";
import type { Simulator } from "./post-webhooks.ts";
import { storable, type TextRequest } from "./read-request.ts";
import { newSid, type SimulatedMessage } from "./resource.ts";

export type TakeDeps = {
  db: Db;
  accountSid: string;
  /** The number villagers text to; also what a messaging service chooses. */
  sender: string;
  /** Where our own hooks are reached. */
  webhookBase: string;
  countSegments(text: string): { segments: number };
  pace: Pace;
  simulator: Pick<Simulator, "expect">;
};

export type TakeMessage = {
  /** Returns once the text, and what will become of it, is committed. */
  outbound(request: TextRequest, behaviour: Behaviour): Promise<SimulatedMessage>;
  inbound(text: { from: string; to: string; body: string }): Promise<SimulatedMessage>;
};

/** Twilio's own retries for a text that comes in, as DESIGN asks for in every webhook address of ours. */
const INBOUND_HOOK = "/hooks/twilio/inbound#rc=5&rp=all";

/** Texts that come while one batch is being written share the next commit. */
export function takeMessages(deps: TakeDeps): TakeMessage {
  const batches = batcher<NewMessage, void>({
    max: 200,
    async write(messages) {
      await storeMessages(deps.db, messages);
      deps.simulator.expect(messages.flatMap((message) => message.steps.map((step) => step.at)));
      return messages.map(() => undefined);
    },
  });
  const begin = (now: Date) => ({
    sid: newSid(),
    accountSid: deps.accountSid,
    errorCode: null,
    createdAt: now,
    updatedAt: now,
    sentAt: null,
    listedFrom: now,
  });

  return {
    async outbound(request, { life, listedAfter }) {
      const now = new Date();
      const plan = planLife(life, { pace: deps.pace, from: now, service: request.serviceSid !== null });
      const message: NewMessage = {
        ...begin(now),
        direction: "outbound-api",
        sender: request.from ?? deps.sender,
        recipient: request.to,
        serviceSid: request.serviceSid,
        body: request.body,
        segments: deps.countSegments(request.body).segments,
        status: request.serviceSid === null ? "queued" : "accepted",
        steps: plan.steps,
        reachedAt: plan.reachedAt,
        url: life.silent ? null : request.statusCallback,
        listedFrom: after(now, listedAfter),
      };
      await batches.add(message);
      return message;
    },

    async inbound({ from, to, body }) {
      const now = new Date();
      const text = storable(body);
      const message: NewMessage = {
        ...begin(now),
        direction: "inbound",
        sender: from,
        recipient: to,
        serviceSid: null,
        body: text,
        segments: deps.countSegments(text).segments,
        status: "received",
        sentAt: now,
        steps: [{ status: "received", code: null, at: now }],
        reachedAt: now,
        url: deps.webhookBase + INBOUND_HOOK,
      };
      await batches.add(message);
      return message;
    },
  };
}
