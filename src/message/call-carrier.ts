import type { Carrier, SendOutcome } from "../carrier/port.ts";
import { isTooFast, lookUpCode } from "../carrier/refusals.ts";
import type { Db } from "../db/connect.ts";
import { retryIfMet } from "../db/retry.ts";
import { batcher } from "../lib/batch.ts";
import { SECOND } from "../lib/clock.ts";
import type { BroadcastId, ChannelId, ClaimId, MessageId } from "../lib/ids.ts";
import type { Sealer } from "../lib/seal.ts";
import { pause, type Slots, slots } from "../lib/slots.ts";
import type { Log } from "../log.ts";
import type { ClaimedMessage } from "./claim.queries.ts";
import { writeAttemptRef } from "./message.ts";
import { type Beginning, type Begun, beginCalls, type CallResult, recordResults } from "./record.queries.ts";
import { shortBackOff } from "./slow-down.ts";

export type CallDeps = {
  sending: Db;
  carrier: Carrier;
  sealer: Sealer;
  log: Log;
  /** Calls begun and not yet recorded, at once: what a crash can leave `unknown`. */
  concurrency: number;
  /** The carrier will take nothing of this broadcast: it must be paused, and people told why. */
  stopBroadcast(id: BroadcastId, code: string): Promise<void>;
  onResult?(outcome: CallResult["outcome"]): void;
  /** Whatever a batch of results means beyond its own texts: slow down, pause a broadcast. */
  heed?(results: readonly CallResult[]): Promise<void>;
};

/** What the texts of one claim have in common. `askedAt` is this process's clock, before the claim was asked for. */
export type Hold = { id: ClaimId; channelId: ChannelId; sender: string; askedAt: number; claimedAt: number };

export type Caller = {
  /** Sends one claimed text, from its turn on the channel to its recorded result. */
  send(message: ClaimedMessage, hold: Hold): Promise<void>;
  /** A slot is held from before the beginning of a call is committed until its result is. */
  slots: Slots;
};

/** Long enough for a stalled event loop or a database that restarts; a killed worker's texts wait this long. */
export const LEASE = 15 * SECOND;
/** A text begun longer ago than this is not called: the lease may have run out, and others ask the carrier for it. */
const CALL_WITHIN = (2 / 3) * LEASE;
const OVERSLEPT: SendOutcome = { kind: "not_taken", code: "overslept", retryAfterMs: 0 };
const STOPPED: SendOutcome = { kind: "not_taken", code: "stopped", retryAfterMs: 0 };

/**
 * Per text: wait for its turn on the channel, take one of the slots, commit that the call begins (unless the claim has
 * done so), call, commit the result. Beginnings and results of many texts share commits. No transaction is open during
 * a call.
 */
export function createCaller(deps: CallDeps, worker: string, stopping: AbortSignal): Caller {
  const calls = slots(deps.concurrency);
  const begin = batcher<Beginning, Begun | undefined>({
    max: deps.concurrency,
    async write(wanted) {
      const begun = await retryIfMet(() => beginCalls(deps.sending, worker, wanted));
      return wanted.map(({ id }) => begun.get(id));
    },
  });
  const record = batcher<CallResult, void>({
    max: 500,
    async write(results) {
      await retryIfMet(() => recordResults(deps.sending, results));
      await deps.heed?.(results).catch((error) => deps.log.warn({ err: error }, "results not heeded, the next may be"));
      return results.map(() => undefined);
    },
  });

  async function send(message: ClaimedMessage, hold: Hold): Promise<void> {
    const wait = hold.claimedAt + message.dueInMs - performance.now();
    if (wait > 0) await pause(wait, stopping);
    if (!message.begun) {
      if (stopping.aborted) return;
      await calls.take();
    }
    try {
      if (stopping.aborted && !message.begun) return;
      const begun = message.begun ? { ...message.begun, askedAt: hold.askedAt } : await beginCall(message, hold);
      if (!begun) return; // the lease ran out, or a person was quicker: it is not ours any more
      const outcome = await callUnlessTooLate(message, hold.sender, begun);
      const result = describe(message, hold.channelId, begun, outcome);
      await withPatience(deps, stopping, "result not written yet", message.id, () => record.add(result));
      // Counted where anybody may read it.
      if (!message.sealed) deps.onResult?.(outcome.kind);
      if (outcome.kind === "refused") await afterRefusal(message, outcome.code);
    } finally {
      calls.give();
    }
  }

  async function beginCall(message: ClaimedMessage, hold: Hold): Promise<(Begun & { askedAt: number }) | undefined> {
    let askedAt = 0;
    const begun = await withPatience(deps, stopping, "call not begun yet", message.id, (again) => {
      askedAt = performance.now();
      return begin.add({ id: message.id, claim: hold.id, again });
    });
    return begun && { ...begun, askedAt };
  }

  async function callUnlessTooLate(
    message: ClaimedMessage,
    sender: string,
    begun: Begun & { askedAt: number },
  ): Promise<SendOutcome> {
    if (stopping.aborted) return STOPPED;
    const notAfter = begun.askedAt + CALL_WITHIN;
    if (performance.now() > notAfter) return OVERSLEPT;
    try {
      const [outcome] = await deps.carrier.send([
        {
          reference: writeAttemptRef({ messageId: message.id, attempt: begun.attempt }),
          sender,
          to: deps.sealer.openPhone(message.phone),
          body: message.body,
          notAfter,
        },
      ]);
      return outcome ?? { kind: "unknown", code: "no_answer" };
    } catch (error) {
      // An accident of ours around the call: the text may be out.
      deps.log.error({ err: error, messageId: message.id }, "call broke");
      return { kind: "unknown", code: "broken_call" };
    }
  }

  async function afterRefusal(message: ClaimedMessage, code: string): Promise<void> {
    if (lookUpCode(code).action !== "stop") return;
    deps.log.error({ code, broadcastId: message.broadcastId }, "the carrier takes nothing");
    if (message.broadcastId) await deps.stopBroadcast(message.broadcastId, code);
  }

  return { send, slots: calls };
}

/**
 * While the database is away, neither what the carrier said may be lost, nor that it has not been called: that would
 * be a doubt about a text of which we are sure.
 */
export async function withPatience<T>(
  { log }: { log: Log },
  stopping: AbortSignal,
  what: string,
  messageId: MessageId | null,
  write: (again: boolean) => Promise<T>,
): Promise<T> {
  for (let wait = 100, again = false; ; wait = Math.min(wait * 2, 5 * SECOND), again = true) {
    try {
      return await write(again);
    } catch (error) {
      if (stopping.aborted) throw error;
      log.warn({ err: error, messageId }, what);
      await pause(wait, stopping);
    }
  }
}

function describe(message: ClaimedMessage, channelId: ChannelId, begun: Begun, outcome: SendOutcome): CallResult {
  return {
    messageId: message.id,
    villageId: message.villageId,
    channelId,
    attempt: begun.attempt,
    calledAt: begun.calledAt,
    outcome: outcome.kind,
    code: outcome.kind === "accepted" ? null : outcome.code,
    carrierMessageId: outcome.kind === "accepted" ? outcome.carrierMessageId : null,
    retryMs: outcome.kind === "not_taken" ? (outcome.retryAfterMs ?? backOffFor(outcome.code, begun.attempt)) : 0,
  };
}

/** 1 s, 2 s, 4 s … up to 5 minutes, with a fifth of jitter so that texts of one outage don't come back together. */
export const backOff = (attempt: number, random = Math.random): number =>
  Math.min(1000 * 2 ** (attempt - 1), 300_000) * (0.9 + 0.2 * random());

const backOffFor = (code: string, attempt: number): number =>
  isTooFast(code) ? shortBackOff(attempt) : backOff(attempt);
