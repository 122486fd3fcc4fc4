import { Type } from "typebox";
import { invalid, refusal } from "../lib/refusal.ts";
import type { Inquiry } from "./reconcile.ts";

/** What a person may decide about texts of which nobody knows whether they left, a notice's or a case's: shapes, words. */

/** `seen`: when the newest doubt began that the person was shown; null for all there are. */
export type DoubtDecision = { seen: Date | null; acceptRepeats: boolean };

/** As the two forms bring it. */
export function readDecision({ seen = "", acceptRepeats }: Readonly<Record<string, string>>): DoubtDecision {
  const moment = new Date(seen);
  return { seen: Number.isNaN(moment.getTime()) ? null : moment, acceptRepeats: acceptRepeats === "yes" };
}

export const ResendBody = Type.Object(
  { acceptRepeats: Type.Literal(true, { description: "some may get the text twice" }) },
  { additionalProperties: false },
);
export const INQUIRY_COUNTS = {
  asked: Type.Integer({ description: "unknown texts the carrier was asked about" }),
  settled: Type.Integer({ description: "the carrier has them" }),
  neverTaken: Type.Integer({ description: "it surely never had them; queued again" }),
  open: Type.Integer({ description: "its list does not tell yet" }),
  unanswered: Type.Integer({ description: "it could not be asked" }),
};

export const NOTHING_LEFT = refusal("move_not_allowed", "已经没有结果不明的短信，不用再决定");
export const ACCEPT_FIRST = invalid({ field: "acceptRepeats", message: "重发以前请先确认：有的人可能收到两遍" });

export function sayInquiry({ asked, settled, neverTaken, open, unanswered }: Inquiry): string {
  const parts = [
    settled > 0 ? `${settled} 条查到了` : "",
    neverTaken > 0 ? `${neverTaken} 条运营商没收过，已排队重发` : "",
    open > 0 ? `${open} 条还查不到` : "",
    unanswered > 0 ? `${unanswered} 条运营商没答复` : "",
  ];
  return `问了 ${asked} 条，${parts.filter((part) => part !== "").join("，")}`;
}
