import { lookUpCode } from "../carrier/refusals.ts";
import { TROUBLE_OF_CODE, type Trouble } from "../carrier/troubles.ts";
import type { MessageState } from "./message.ts";

/** Why a door does not know what a notice says, as the people think who must go there. */
export const CAUSES = [
  "no_phone",
  "bad_number",
  "suspended",
  "dead",
  "blocked",
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
  bad_number: { name: "空号或号码不对", remedy: "上门说，顺便问新号码" },
  suspended: { name: "停机", remedy: "上门说；交了费，下一条还能收到" },
  dead: { name: "空号或停机，运营商没分清", remedy: "上门说，问一声：换了号就改，停机的交费就行" },
  blocked: { name: "被拉黑", remedy: "上门说，问问要不要解开" },
  opted_out: { name: "退订", remedy: "上门说，别劝着再订" },
  off: { name: "关机、没信号或收件箱满", remedy: "过一会儿打电话，或上门说" },
  unclear: { name: "结果不明", remedy: "打电话问一声收到没有" },
  no_value: { name: "要填的内容不全，没有发", remedy: "把内容补上，当面或打电话说" },
  refused: { name: "运营商没有送", remedy: "打电话或上门说" },
  canceled: { name: "取消或截止了，没有发", remedy: "要不要说，看通知还算不算数" },
};

/** What the carrier's word about a phone means for whoever goes there. */
const CAUSE_OF_TROUBLE: Record<Trouble, Cause> = {
  empty: "bad_number",
  not_mobile: "bad_number",
  suspended: "suspended",
  dead: "dead",
  blocked: "blocked",
  full: "off",
  off: "off",
  unreachable: "off",
};
/** No reason given: as a rule the phone was off. */
const UNEXPLAINED = "30008";

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

const OWN_CAUSES: Readonly<Record<string, Cause>> = {
  ...{ bad_number: "bad_number", blocked: "blocked", opted_out: "opted_out", declined: "opted_out" },
  ...{ no_value: "no_value", given_up: "unclear", [UNEXPLAINED]: "off" },
};

function ofReason(reason: string): Cause {
  const own = OWN_CAUSES[reason];
  if (own !== undefined) return own;
  const trouble = TROUBLE_OF_CODE[reason];
  if (trouble !== undefined) return CAUSE_OF_TROUBLE[trouble];
  return lookUpCode(reason).action === "bad_number" ? "bad_number" : "refused";
}
