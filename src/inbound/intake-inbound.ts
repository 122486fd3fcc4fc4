import type { Db } from "../db/connect.ts";
import { batcher } from "../lib/batch.ts";
import type { Clock } from "../lib/clock.ts";
import type { ChannelId } from "../lib/ids.ts";
import { type PhoneNumber, parsePhone } from "../lib/phone.ts";
import { remember } from "../lib/remember.ts";
import type { Sealer } from "../lib/seal.ts";
import { cleanText } from "../lib/text.ts";
import { listChannels } from "../message/channel.queries.ts";
import type { Doorbells } from "../queue/connect.ts";
import { type NewInbound, storeInbound } from "./inbound.queries.ts";
import { senderOf } from "./sender.ts";

export type ArrivedText = {
  carrierMessageId: string;
  from: string;
  to: string;
  body: string;
  /** The form as it came. */
  raw: Buffer;
  backfilled?: boolean;
};

export type InboundIntake = {
  /** Returns once the text is committed. */
  take(text: ArrivedText): Promise<void>;
};

/**
 * Store first, understand after. Texts that come while one batch is being written share the next commit; the bell that
 * wakes the understanding is rung after it, and if it is not heard, a sweep rings again.
 */
export function inboundIntake(deps: {
  system: Db;
  clock: Clock;
  sealer: Sealer;
  carrier: string;
  bells: Pick<Doorbells, "ring">;
}): InboundIntake {
  const batches = batcher<NewInbound, void>({
    max: 200,
    async write(texts) {
      const ids = await storeInbound(deps.system, texts);
      // One bell for all: whoever answers it looks for the others too.
      const first = ids.find((id) => id !== null);
      if (first) void deps.bells.ring([{ queue: "understand-inbound", payload: { inboundId: first } }]);
      return texts.map(() => undefined);
    },
  });

  const channels = remember(KNOWN_FOR, () => listChannels(deps.system));
  const channelOf = async (to: string): Promise<ChannelId | null> => {
    const ours = (await channels()).filter((one) => one.carrier === deps.carrier);
    const only = ours.length === 1 ? ours[0] : undefined;
    // A messaging service receives on numbers of its pool: with one channel there is no doubt whose it is. A number
    // receives on itself, and where carriers let us put digits behind it, on those.
    const pool = only && !/^\+?\d+$/.test(only.sender) ? only : undefined;
    const extended = ours.find((one) => to.startsWith(one.sender));
    return (ours.find((one) => one.sender === to) ?? extended ?? pool)?.id ?? null;
  };

  return {
    async take(text) {
      const from = identify(text.from);
      const channelId = await channelOf(text.to);
      await batches.add({
        channelId,
        carrier: deps.carrier,
        carrierMessageId: cleanText(text.carrierMessageId),
        fromHash: deps.sealer.hashPhone(from),
        fromPhone: deps.sealer.phone(from),
        raw: deps.sealer.bytes(text.raw),
        body: cleanText(text.body),
        receivedAt: deps.clock.now(),
        backfilled: text.backfilled ?? false,
        machine: senderOf(text.from) === "machine",
      });
    },
  };
}

/** Channels change once in a blue moon; asking for them with every text would double the work. */
const KNOWN_FOR = 5000;

/** A sender in the roster's form; whatever else a carrier writes there (10086, 106…, a word) is kept as it is. */
export function identify(from: string): PhoneNumber {
  const phone = parsePhone(from);
  return phone.ok ? phone.value : (cleanText(from).slice(0, 40) as PhoneNumber);
}
