import { lookUpCode } from "../carrier/refusals.ts";
import type { MessageState } from "./message.ts";

/** Why we chose not to send, or gave up; everything else in `messages.reason` is the carrier's own code. */
const OWN_REASONS: Readonly<Record<string, string>> = {
  opted_out: "村民已退订",
  declined: "村民退订了这个栏目",
  blocked: "号码被运营商拉黑，请上门说明",
  same_phone: "与别户同一个手机号，已合并发一条",
  bad_number: "号码有问题，请入户问新号码",
  no_value: "要填的内容不全，或者批准以后才进名册，没有发",
  canceled: "通知已取消",
  closed: "表态截止了，没有再发",
  given_up: "结果不明，已由工作人员作罢",
};

/** The reason of a message's state in words for staff; null where the state says it all. */
export function sayReason(state: MessageState, reason: string | null): string | null {
  if (reason === null) return null;
  const own = OWN_REASONS[reason];
  if (own !== undefined) return own;
  if (state === "unknown") return "已交给运营商，但没有收到答复，正在查证";
  if (state === "pending") return "运营商暂时没收下，会自动重发";
  return lookUpCode(reason).sentence;
}
