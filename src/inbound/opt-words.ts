import { fold } from "../lib/fold.ts";

/**
 * Words that take a villager out, or in again. Only the whole text counts, folded: "退订" and "ＴＤ。" do, "退订啥意思"
 * and "退沙村的路" do not (of 9,436 real texts the whole-text rule takes 5, "starts with 退" 184). The letters are those
 * carriers advertise: T, TD, N, R, QX, STOP.
 */
const OPT_OUT = new Set([
  ...[
    "退订",
    "我要退订",
    "我退订",
    "退定",
    "退订了",
    "短信退订",
    "退订短信",
    "取消订阅",
    "不再接收",
    "停止接收",
    "拒收",
  ],
  ...[
    "不要再发了",
    "别再发了",
    "别发了",
    "不要发了",
    "别再给我发了",
    "不要再给我发了",
    "别给我发了",
    "不要给我发短信了",
    "别给我发短信了",
  ],
  ...["t", "td", "n", "r", "qx", "stop", "stopall", "unsubscribe", "end", "quit", "cancel", "optout", "revoke"],
  ...["回t退订", "回td退订", "tuiding"],
]);
const OPT_IN = new Set([
  "恢复",
  "恢复接收",
  "恢复订阅",
  "重新订阅",
  "订阅",
  "我要订阅",
  "继续接收",
  "start",
  "unstop",
  "huifu",
]);

export const readOptOut = (text: string): string | null => whole(text, OPT_OUT, "退订词");
export const readOptIn = (text: string): string | null => whole(text, OPT_IN, "恢复词");

/** A polite person says please and thank you around the word. */
function whole(text: string, words: ReadonlySet<string>, kind: string): string | null {
  const folded = fold(text);
  for (const candidate of [folded, folded.replace(/^(?:请|你好|您好)+|(?:谢谢|谢了|吧|啊)+$/g, "")]) {
    if (words.has(candidate)) return `整条短信等于${kind}“${candidate}”`;
  }
  return null;
}
