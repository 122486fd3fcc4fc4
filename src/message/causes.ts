import { lookUpCode } from "../carrier/refusals.ts";
import type { MessageState } from "./message.ts";

/** Why a door does not know what a notice says, as the people think who must go there. */
export const CAUSES = [
  "no_phone",
  "bad_number",
  "opted_out",
  "off",
  "unclear",
  "no_value",
  "refused",
  "canceled",
] as const;
export type Cause = (typeof CAUSES)[number];

export const CAUSE_WORDS: Record<Cause, { name: string; remedy: string }> = {
  no_phone: { name: "没有手机", remedy: "上门说，问问能不能发给儿女" },
  bad_number: { name: "空号、停机或号码不对", remedy: "上门说，顺便问新号码" },
  opted_out: { name: "退订或拉黑", remedy: "上门说，别劝着再订" },
  off: { name: "关机、没信号或收件箱满", remedy: "过一会儿打电话，或上门说" },
  unclear: { name: "结果不明", remedy: "打电话问一声收到没有" },
  no_value: { name: "要填的内容不全，没有发", remedy: "把内容补上，当面或打电话说" },
  refused: { name: "运营商没有送", remedy: "打电话或上门说" },
  canceled: { name: "通知取消了，没有发", remedy: "要不要说，看通知还算不算数" },
};

/** Codes of a phone that is there and could not be reached: switched off, no signal, full. */
const OFF: ReadonlySet<string> = new Set(["30003", "30008", "30036"]);

/** Why a text has not reached its phone, or null: it has, or it still may. */
export function causeOf(state: MessageState, reason: string | null): Cause | null {
  switch (state) {
    case "unknown":
      return "unclear";
    case "canceled":
      return "canceled";
    case "suppressed":
    case "failed":
    case "undelivered":
      return ofReason(reason ?? "");
    default:
      return null;
  }
}

function ofReason(reason: string): Cause {
  if (reason === "opted_out" || reason === "bad_number" || reason === "no_value") return reason;
  if (reason === "given_up") return "unclear";
  if (OFF.has(reason)) return "off";
  const { action } = lookUpCode(reason);
  return action === "bad_number" || action === "opted_out" ? action : "refused";
}
