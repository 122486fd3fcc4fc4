import type { PhoneNumber } from "../lib/phone.ts";

/**
 * What we ask of a carrier. None known to us has an idempotency key, so every answer is one of four, and only a
 * `not_taken` may be tried again by itself (reference/carriers.md 0.1).
 */
export interface Carrier {
  readonly name: string;
  /** How many attempts one call carries: Twilio takes one, domestic carriers hundreds. */
  readonly batch: number;
  /** Answers in the order of the requests. Never throws: a broken connection is an answer too. */
  send(requests: readonly SendRequest[]): Promise<SendOutcome[]>;
  /** Our texts to one phone that the carrier's list shows, made between the two moments. Throws if it cannot tell. */
  findSent(to: PhoneNumber, from: Date, until: Date): Promise<Listed[]>;
  /** When the newest of our texts that the list shows was made: a list that lags behind proves no absence. */
  newestSent(): Promise<Date | null>;
  /** Texts that came to us since then, as the list shows them, newest first. */
  findReceived(since: Date): Promise<ListedInbound[]>;
  close(): Promise<void>;
}

export type SendRequest = {
  /** Our name for this attempt: it comes back in every report (src/message/message.ts `writeAttemptRef`). */
  reference: string;
  sender: string;
  to: PhoneNumber;
  body: string;
  /** By `performance.now()`: what is not on its way by then must not leave any more; others may have taken it over. */
  notAfter: number;
};

export type SendOutcome =
  | { kind: "accepted"; carrierMessageId: string }
  /** Surely not taken: throttled, or the connection was never made. */
  | { kind: "not_taken"; code: string; retryAfterMs: number | null }
  /** The carrier will not have it; `code` is looked up in refusals.ts. */
  | { kind: "refused"; code: string }
  /** Called, and the answer was never learned. */
  | { kind: "unknown"; code: string };

/** What a report can say of a text, in our words; message.ts ranks them. */
export type CarrierStatus = "accepted" | "sent" | "delivered" | "undelivered" | "failed";

export type Listed = {
  carrierMessageId: string;
  body: string;
  createdAt: Date;
  status: CarrierStatus;
  code: string | null;
};

export type ListedInbound = { carrierMessageId: string; from: string; to: string; body: string; createdAt: Date };
