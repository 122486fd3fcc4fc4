import type { MessageId } from "../lib/ids.ts";
import type { Moves } from "../lib/moves.ts";

export const MESSAGE_STATES = [
  "pending",
  "claimed",
  "accepted",
  "sent",
  "delivered",
  "undelivered",
  "failed",
  "unknown",
  "suppressed",
  "canceled",
] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/**
 * The life of one text out (MT).
 *
 *   pending ─▶ claimed ─▶ accepted ─▶ sent ─▶ delivered | undelivered     a report may skip steps
 *     │  ▲        │ │ └──▶ failed                 the carrier refused
 *     │  └────────┘ └────▶ unknown                called, and the answer was never learned
 *     ├─▶ suppressed       opted out, bad number, the same phone again
 *     └─▶ canceled         a person stopped it
 *
 * `claimed ─▶ pending` only when the carrier surely has not taken it. `unknown` is never sent again by itself: a
 * second text is worse than a late one. Reports of one attempt are applied by rank (RANK), so every order and
 * repetition of the same reports ends in the same state; that is why a final state may still rise.
 */
export const MESSAGE_MOVES: Moves<MessageState> = {
  pending: ["claimed", "suppressed", "canceled", "accepted", "sent", "failed", "undelivered", "delivered"],
  claimed: ["pending", "accepted", "sent", "failed", "undelivered", "delivered", "unknown"],
  unknown: ["pending", "accepted", "sent", "failed", "undelivered", "delivered"],
  accepted: ["sent", "failed", "undelivered", "delivered"],
  sent: ["failed", "undelivered", "delivered"],
  // One that a person gave up (`given_up`) is settled by whatever the carrier says later.
  failed: ["accepted", "sent", "undelivered", "delivered"],
  undelivered: ["delivered"],
  delivered: [],
  suppressed: [],
  canceled: [],
};

/**
 * What a carrier's report can make of a message, from least to most certain that a person can read it. Two reports
 * that contradict each other (parts of a long text do) settle on the higher: it reached the phone.
 */
export const REPORT_RANK = { accepted: 1, sent: 2, failed: 3, undelivered: 4, delivered: 5 } as const;
export type ReportState = keyof typeof REPORT_RANK;

export const STATE_WORDS: Record<MessageState, string> = {
  pending: "等待发送",
  claimed: "正在发送",
  accepted: "运营商已接收",
  sent: "已发出",
  delivered: "已送达",
  undelivered: "没有送到",
  failed: "发送失败",
  unknown: "结果不明",
  suppressed: "没有发送",
  canceled: "已取消",
};

/** Lanes are served in this order; villages take turns inside a lane. */
export const LANE = { emergency: 0, personal: 1, broadcast: 2 } as const;
export type Lane = (typeof LANE)[keyof typeof LANE];

/** What a text is for; only `broadcast` has its body elsewhere. A `test` is a notice on its writer's own phone. */
export type Purpose =
  | "broadcast"
  | "test"
  | "receipt"
  | "answer"
  | "notice"
  | "opt_out"
  | "opt_in"
  | "reply"
  | "prompt"
  | "reminder"
  // to a member of staff: of a case of his, and what became of what he texted
  | "owner"
  | "staff_reply"
  | "alarm";

/**
 * The name of one call to the carrier: the message and how many calls it has seen. It travels in the status-callback
 * URL, so even a report that overtakes our own note finds its row by primary key.
 */
export type AttemptRef = { messageId: MessageId; attempt: number };

export const writeAttemptRef = (ref: AttemptRef): string => `${ref.messageId}.${ref.attempt}`;

export function readAttemptRef(text: string): AttemptRef | null {
  const match = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([1-9]\d{0,3})$/.exec(text);
  return match ? { messageId: match[1] as MessageId, attempt: Number(match[2]) } : null;
}
