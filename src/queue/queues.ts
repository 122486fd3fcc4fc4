import type {
  BroadcastId,
  ChannelId,
  InboundId,
  RosterImportId,
  ScheduleId,
  SuggestionId,
  VillageId,
} from "../lib/ids.ts";

/**
 * Every queue there is: what a job carries and how often a failing one is tried again. A job is a doorbell: it
 * carries ids, the row says what to do, and a sweep rings again for whatever a lost job leaves lying (src/sweeps.ts).
 * So retries here only shorten the wait.
 */
export type Payloads = {
  "launch-broadcast": { broadcastId: BroadcastId };
  "dispatch-messages": { channelId: ChannelId };
  "understand-inbound": { inboundId: InboundId };
  "run-schedule": { scheduleId: ScheduleId };
  "climb-ladder": { suggestionId: SuggestionId };
  "reckon-dates": { villageId: VillageId };
  "import-roster": { importId: RosterImportId };
};
export type QueueName = keyof Payloads;

export type Bell = { [Name in QueueName]: { queue: Name; payload: Payloads[Name]; repeat?: Repeat } }[QueueName];

/**
 * Rung now, and again by BullMQ's job scheduler of this id at these times (cron, China time) until a bell with null.
 * What is due stands on a row as well: a scheduler that was lost costs a sweep's delay, once.
 */
export type Repeat = { id: string; cron: string | null };

export const QUEUES: Record<QueueName, { concurrency: number; tries: number; backoffMs: number }> = {
  "launch-broadcast": { concurrency: 2, tries: 3, backoffMs: 1000 },
  // One per channel is enough in a process; a second asks in vain and ends at once.
  "dispatch-messages": { concurrency: 8, tries: 2, backoffMs: 500 },
  "understand-inbound": { concurrency: 8, tries: 3, backoffMs: 500 },
  "run-schedule": { concurrency: 2, tries: 3, backoffMs: 1000 },
  "climb-ladder": { concurrency: 2, tries: 3, backoffMs: 1000 },
  "reckon-dates": { concurrency: 1, tries: 3, backoffMs: 1000 },
  "import-roster": { concurrency: 2, tries: 1, backoffMs: 1000 },
};

export const QUEUE_NAMES = Object.keys(QUEUES) as QueueName[];
