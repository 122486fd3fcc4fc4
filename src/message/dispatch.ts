import { randomUUID } from "node:crypto";
import type { Carrier, SendOutcome } from "../carrier/port.ts";
import { isTooFast, lookUpCode } from "../carrier/refusals.ts";
import type { Db } from "../db/connect.ts";
import { retryIfMet } from "../db/retry.ts";
import { batcher } from "../lib/batch.ts";
import { type Clock, SECOND } from "../lib/clock.ts";
import type { BroadcastId, ChannelId, ClaimId, MessageId } from "../lib/ids.ts";
import type { Sealer } from "../lib/seal.ts";
import { pause, slots } from "../lib/slots.ts";
import type { Log } from "../log.ts";
import { type Claim, type ClaimedMessage, claimChunk, dropClaim, giveUpClaims, renewClaims } from "./claim.queries.ts";
import { writeAttemptRef } from "./message.ts";
import { type Beginning, type Begun, beginCalls, type CallResult, recordResults } from "./record.queries.ts";
import { notePhones } from "./reports.queries.ts";
import { shortBackOff } from "./slow-down.ts";

export type DispatchDeps = {
  system: Db;
  carrier: Carrier;
  sealer: Sealer;
  clock: Clock;
  log: Log;
  /** Calls under way at once: what a crash can leave `unknown`. */
  concurrency: number;
  /** The carrier will take nothing of this broadcast: it must be paused, and people told why. */
  stopBroadcast(id: BroadcastId, code: string): Promise<void>;
  /** There is more than one process may take at once: others are welcome to share the channel. */
  callForHelp(id: ChannelId): Promise<void>;
  onResult?(outcome: CallResult["outcome"]): void;
  /** Whatever a batch of results means beyond its own texts: slow down, pause a broadcast. */
  heed?(results: readonly CallResult[]): Promise<void>;
};

export type Dispatcher = {
  /** Sends what is due on a channel until there is nothing left or `stop` is asked. */
  dispatch(channelId: ChannelId, signal: AbortSignal): Promise<void>;
  /** Stops claiming, waits a little for calls under way, gives back what was not called. */
  stop(): Promise<void>;
};

/** One channel being worked on here; a bell that rings meanwhile wakes it instead of starting another. */
type Loop = { nudged: boolean; wake(): void; done: Promise<void> };

/** Long enough for a stalled event loop or a database that restarts; a killed worker's texts wait this long. */
const LEASE = 15 * SECOND;
const RENEW_EVERY = LEASE / 3;
/** How long a gentle stop waits for answers; a call that is still open then becomes `unknown`. */
const STOP_PATIENCE = 5 * SECOND;
const HELP_EVERY = SECOND;
const OVERSLEPT: SendOutcome = { kind: "not_taken", code: "overslept", retryAfterMs: 0 };

/**
 * Claim → call → record, in chunks. Per text: wait for its turn on the channel, take one of the slots, commit that the
 * call begins, call, commit the result. Beginnings and results of many texts share commits. No transaction is open
 * during a call.
 */
export function createDispatcher(deps: DispatchDeps): Dispatcher {
  const worker = randomUUID();
  const stopping = new AbortController();
  const running = new Map<ChannelId, Loop>();
  const inFlight = new Map<ClaimId, Promise<void>>();
  let askedForHelp = 0;
  const calls = slots(deps.concurrency);
  const begin = batcher<Beginning, Begun | undefined>({
    max: deps.concurrency,
    async write(wanted) {
      const begun = await retryIfMet(() => beginCalls(deps.system, worker, wanted));
      return wanted.map(({ id }) => begun.get(id));
    },
  });
  const record = batcher<CallResult, void>({
    max: 500,
    async write(results) {
      await retryIfMet(() => recordResults(deps.system, results));
      await deps.heed?.(results).catch((error) => deps.log.warn({ err: error }, "results not heeded, the next may be"));
      return results.map(() => undefined);
    },
  });
  const renewal = setInterval(() => {
    renewClaims(deps.system, [...inFlight.keys()], LEASE).catch((error) =>
      deps.log.warn({ err: error }, "claims not renewed"),
    );
  }, RENEW_EVERY);
  renewal.unref();

  async function sendOne(
    message: ClaimedMessage,
    channelId: ChannelId,
    claim: { id: ClaimId; sender: string },
    claimedAt: number,
  ): Promise<void> {
    await pause(claimedAt + message.dueInMs - performance.now(), stopping.signal);
    if (stopping.signal.aborted) return;
    await calls.take();
    try {
      if (stopping.signal.aborted) return;
      let asked = 0;
      const begun = await withPatience("call not begun yet", message.id, (again) => {
        asked = performance.now();
        return begin.add({ id: message.id, claim: claim.id, again });
      });
      if (!begun) return; // the lease ran out, or a person was quicker: it is not ours any more
      // After a sleep that outlasted the lease, others may have found the carrier without it and sent it themselves.
      const overslept = performance.now() - asked > LEASE;
      const outcome = overslept ? OVERSLEPT : await call(message, claim.sender, begun.attempt);
      const result = describe(message, channelId, begun, outcome);
      await withPatience("result not written yet", message.id, () => record.add(result));
      deps.onResult?.(outcome.kind);
      if (outcome.kind === "refused") await afterRefusal(message, outcome.code);
    } finally {
      calls.give();
    }
  }

  /**
   * While the database is away, neither what the carrier said may be lost, nor that it has not been called: that would
   * be a doubt about a text of which we are sure.
   */
  async function withPatience<T>(
    what: string,
    messageId: MessageId,
    write: (again: boolean) => Promise<T>,
  ): Promise<T> {
    for (let wait = 100, again = false; ; wait = Math.min(wait * 2, 5 * SECOND), again = true) {
      try {
        return await write(again);
      } catch (error) {
        if (stopping.signal.aborted) throw error;
        deps.log.warn({ err: error, messageId }, what);
        await pause(wait, stopping.signal);
      }
    }
  }

  async function call(message: ClaimedMessage, sender: string, attempt: number): Promise<SendOutcome> {
    try {
      const [outcome] = await deps.carrier.send([
        {
          reference: writeAttemptRef({ messageId: message.id, attempt }),
          sender,
          to: deps.sealer.openPhone(message.phone),
          body: message.body,
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
    const { action } = lookUpCode(code);
    if (action === "bad_number" || action === "opted_out") {
      await deps.system.transaction().execute((tx) => notePhones(tx, [message.id]));
    } else if (action === "stop") {
      deps.log.error({ code, broadcastId: message.broadcastId }, "the carrier takes nothing");
      if (message.broadcastId) await deps.stopBroadcast(message.broadcastId, code);
    }
  }

  async function run(channelId: ChannelId, loop: Loop, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      loop.nudged = false;
      const claim: Claim = await claimChunk(deps.system, { channelId, worker, leaseMs: LEASE, now: deps.clock.now() });
      if (claim.kind === "nothing") {
        if (loop.nudged) continue;
        if (inFlight.size === 0) return;
        // A text that comes back (throttled, never connected) is ours to try again; a bell meanwhile is heard too.
        const woken = new Promise<void>((resolve) => {
          loop.wake = resolve;
        });
        await Promise.race([...inFlight.values(), woken]);
        continue;
      }
      if (claim.kind === "again") continue;
      if (claim.kind === "wait") {
        await pause(claim.ms, over);
        continue;
      }
      if (claim.full && performance.now() - askedForHelp > HELP_EVERY) {
        askedForHelp = performance.now();
        void deps.callForHelp(channelId);
      }
      inFlight.set(
        claim.id,
        sendChunk(claim, channelId).finally(() => inFlight.delete(claim.id)),
      );
      // Claim no further than the calls can follow: a slow carrier must not fill our memory with claimed texts.
      while (inFlight.size >= 2 && calls.inUse() >= deps.concurrency && !over.aborted) {
        await Promise.race([...inFlight.values(), pause(50, over)]);
      }
    }
  }

  async function sendChunk(claim: Claim & { kind: "chunk" }, channelId: ChannelId): Promise<void> {
    const claimedAt = performance.now();
    const sent = await Promise.allSettled(
      claim.messages.map((message) => sendOne(message, channelId, claim, claimedAt)),
    );
    const broken = sent.find((one) => one.status === "rejected");
    try {
      if (broken) throw broken.reason;
      // At a stop the claim stays until `giveUpClaims` has looked at its messages.
      if (!stopping.signal.aborted) await dropClaim(deps.system, claim.id);
    } catch (error) {
      deps.log.error({ err: error, claimId: claim.id }, "claim left to run out");
    }
  }

  return {
    async dispatch(channelId, signal) {
      if (stopping.signal.aborted) return;
      const known = running.get(channelId);
      if (known) {
        known.nudged = true;
        known.wake();
        return;
      }
      const loop: Loop = { nudged: false, wake: () => undefined, done: Promise.resolve() };
      running.set(channelId, loop);
      loop.done = run(channelId, loop, AbortSignal.any([signal, stopping.signal])).finally(() =>
        running.delete(channelId),
      );
      await loop.done;
    },
    async stop() {
      stopping.abort();
      clearInterval(renewal);
      for (const loop of running.values()) loop.wake();
      const answers = Promise.allSettled([...[...running.values()].map((loop) => loop.done), ...inFlight.values()]);
      await Promise.race([answers, pause(STOP_PATIENCE)]);
      await giveUpClaims(deps.system, worker);
    },
  };
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
