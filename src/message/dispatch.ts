import { randomUUID } from "node:crypto";
import { type Clock, SECOND } from "../lib/clock.ts";
import { type ChannelId, type ClaimId, newId } from "../lib/ids.ts";
import { pause } from "../lib/slots.ts";
import { type CallDeps, createCaller, type Hold, LEASE, withPatience } from "./call-carrier.ts";
import { type Claim, claimChunk, dropClaim, giveUpClaims, renewClaims, takeBack } from "./claim.queries.ts";

export type DispatchDeps = CallDeps & {
  clock: Clock;
  /** There is more than one process may take at once: others are welcome to share the channel. */
  callForHelp(id: ChannelId): Promise<void>;
};

export type Dispatcher = {
  /** Sends what is due on a channel until there is nothing left or `stop` is asked. */
  dispatch(channelId: ChannelId, signal: AbortSignal): Promise<void>;
  /** Stops claiming, waits a little for calls under way, gives back what was not called. */
  stop(): Promise<void>;
};

/** One channel being worked on here; a bell that rings meanwhile wakes it instead of starting another. */
type Loop = { nudged: boolean; wake(): void; done: Promise<void> };

const RENEW_EVERY = LEASE / 3;
/** How long a gentle stop waits for answers; a call that is still open then becomes `unknown`. */
const STOP_PATIENCE = 3 * SECOND;
const HELP_EVERY = SECOND;

/**
 * Claim → call → record, in chunks. A claim takes no more texts than there are slots for calls, and begins at once
 * those whose turn has come: so at full speed a text costs two commits shared with hundreds of others, and a slow
 * carrier does not fill our memory with claimed texts.
 */
export function createDispatcher(deps: DispatchDeps): Dispatcher {
  const worker = randomUUID();
  const stopping = new AbortController();
  const running = new Map<ChannelId, Loop>();
  const inFlight = new Map<ClaimId, Promise<void>>();
  let askedForHelp = 0;
  const caller = createCaller(deps, worker, stopping.signal);
  /** A claim costs the same for one text as for many: it waits until it is worth its while. */
  const worthwhile = Math.ceil(deps.concurrency / 4);
  const renewal = setInterval(() => {
    renewClaims(deps.sending, [...inFlight.keys()], LEASE).catch((error) =>
      deps.log.warn({ err: error }, "claims not renewed"),
    );
  }, RENEW_EVERY);
  renewal.unref();

  async function run(channelId: ChannelId, loop: Loop, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await caller.slots.untilFree(worthwhile, over);
      loop.nudged = false;
      const { claim, hold } = await claimNext(channelId);
      if (claim.kind === "nothing") {
        if (loop.nudged || over.aborted) continue;
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
        await pause(claim.ms + outOfStep(claim.ms), over);
        continue;
      }
      if (claim.full && performance.now() - askedForHelp > HELP_EVERY) {
        askedForHelp = performance.now();
        void deps.callForHelp(channelId);
      }
      inFlight.set(
        hold.id,
        sendChunk(claim, hold).finally(() => inFlight.delete(hold.id)),
      );
    }
  }

  /** The slots of texts that are begun with the claim are taken before it; whoever sends such a text gives its back. */
  async function claimNext(channelId: ChannelId): Promise<{ claim: Claim; hold: Hold }> {
    const id = newId<ClaimId>();
    const free = caller.slots.takeFree(deps.concurrency);
    let begun = 0;
    const askedAt = performance.now();
    try {
      const claim = await claimChunk(deps.sending, {
        id,
        channelId,
        worker,
        leaseMs: LEASE,
        now: deps.clock.now(),
        max: Math.max(free, 1),
        begin: free,
      });
      const chunk = claim.kind === "chunk" ? claim : { sender: "", messages: [] };
      begun = chunk.messages.filter((message) => message.begun).length;
      return { claim, hold: { id, channelId, sender: chunk.sender, askedAt, claimedAt: performance.now() } };
    } catch (error) {
      await withPatience(deps, stopping.signal, "claim not taken back yet", null, () => takeBack(deps.sending, id));
      throw error;
    } finally {
      caller.slots.give(free - begun);
    }
  }

  async function sendChunk(claim: Claim & { kind: "chunk" }, hold: Hold): Promise<void> {
    const sent = await Promise.allSettled(claim.messages.map((message) => caller.send(message, hold)));
    const broken = sent.find((one) => one.status === "rejected");
    try {
      if (broken) throw broken.reason;
      // At a stop the claim stays until `giveUpClaims` has looked at its messages.
      if (!stopping.signal.aborted) await dropClaim(deps.sending, hold.id);
    } catch (error) {
      deps.log.error({ err: error, claimId: hold.id }, "claim left to run out");
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
      await giveUpClaims(deps.sending, worker);
    },
  };
}

/** Several processes wait for the same moment of one channel; without this the same one would always be there first. */
const outOfStep = (ms: number): number => Math.min(20, ms / 10) * Math.random();
