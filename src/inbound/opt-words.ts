import { coverWith, wordsOf } from "../lib/cover.ts";
import type { Said } from "../lib/said.ts";
import { AROUND, isRefusal } from "./opt-refusal.ts";
import type { Known, Verdict } from "./verdict.ts";

/**
 * Words that take a villager out, or in again, of everything or of one column. Only the whole text counts, folded:
 * "退订", "ＴＤ。" and "以后别给俺发了，烦死了" do, "退订啥意思" and "退沙村的路" do not (of 9,436 real texts the
 * whole-text rule takes a handful, "starts with 退" 184). The letters are those carriers advertise.
 */
const OUT =
  wordsOf(`退订 退定 退掉 退了 取消 td t n r qx stop stopall unsubscribe end quit cancel optout revoke 回t退订 回td退订
  回复t退订 回复td退订 td退订 t退订 退订td 退订t 取消订阅 取消短信 取消接收 不订 不订阅 拒收 拒收短信 停发 停止发送 停止接收 停止推送
  屏蔽 拉黑 不再接收 不接收 关掉短信 关闭短信 停掉短信 停了短信 停止短信 拒绝接收 取消掉 退 退出 退出订阅 退群 退了吧 不收了 不收短信`);
/** And around a wish to have it back. */
const AROUND_IN =
  wordsOf(`又想收 想收 还想收 还想看 想看 恢复 后悔 后悔了 那个短信 这个短信 再给我发 再给俺发 退订错了 退错了 误退订 误退 误退了 取消退订 之前退订了 退订了现在 订 点错了 按错了 之前 上次 上回 前几天 那天 不小心 手滑 又 现在
  重新 短信服务 通知 消息 村里的`);
const IN =
  wordsOf(`恢复 恢复接收 恢复订阅 恢复短信 恢复发送 恢复推送 恢复通知 恢复发短信 恢复发信息 重新订阅 重新接收 重新开通 订阅 继续接收 继续发 继续发送 继续订阅 接着发 开通 取消退订 撤销退订
  不退订 不退 又想收 再开通 再给我开通 给我开通 start unstop 还发 可以发 又想收 想收 想接收 还想收 还想看 又想看 想看 又想看了 还要收 还要看 还要 重新发 再发`);
const SEND_AGAIN =
  /^(?:继续|接着|还是|再|恢复|重新|还)+(?:给|向)(?:我|俺|俺们|我们)(?:继续|接着)?(?:发|发送|推送)(?:短信|信息)?$/;
/** Enough where a column's name stands beside it. */
const OUT_OF_COLUMN = wordsOf(`不要 不看 不想看 取消 关掉 关闭 停 停掉 退 去掉 不收 别发 不用发`);
const IN_TO_COLUMN = wordsOf(`要 想看 开 打开 想要 再发 要看`);
const AROUND_EITHER: ReadonlySet<string> = new Set([...AROUND, ...AROUND_IN]);

export const readOptOut = (said: Said, known: Pick<Known, "columns">): Verdict | null =>
  read(said, known, "opt_out", "退订词", isOut, OUT_OF_COLUMN, AROUND);
export const readOptIn = (said: Said, known: Pick<Known, "columns">): Verdict | null =>
  read(said, known, "opt_in", "恢复词", isIn, IN_TO_COLUMN, AROUND_EITHER);

/** "老头子走了，别再发了，退订": a refusal and the word itself, each a sentence, and hardly anything else. */
const isInsisted = (clauses: readonly string[]): boolean => {
  const before = clauses.slice(0, -1);
  const others = before.filter((clause) => !isRefusal(clause));
  return (
    /^(?:退订|td|t|取消订阅)(?:吧|了)?$/.test(clauses.at(-1) ?? "") &&
    others.length < before.length &&
    others.join("").length <= 6
  );
};
const isOut = (text: string): boolean => OUT.has(once(text)) || isRefusal(text) || isRefusal(once(text));
const isIn = (text: string): boolean =>
  IN.has(once(text)) || SEND_AGAIN.test(text) || (!/退订?了?还|咋还|怎么还/.test(text) && WANTED.test(text));
/** "还是要接收短信", "重新给我订上". */
const WANTED =
  /^(?:我|俺|我们)?(?:还是|还|又|再|重新|继续|仍|仍然)*(?:想|要|愿意|需要)(?:再|继续|重新)*(?:接收|收|收到|看|看到|订|订阅)(?:你们|村里)?的?(?:短信|信息|消息|通知)$|^(?:重新|再)(?:给|帮|把)?(?:我|俺)?(?:们|家)?(?:加入|订|订上|加上|添上|订阅|开通|接收|发)(?:短信|信息|吧|一下)?$|^(?:把)?(?:短信)?(?:再|重新)?(?:给|帮)(?:我|俺)(?:再|重新)?(?:开开|打开|开一?下|开通|续上|恢复)(?:短信)?$|^(?:想|要)重新(?:订|订阅|接收|收|开通)$/;

/** "退订退订": said twice, meant once. */
const once = (text: string): string => text.replace(/^(.{2,}?)\1+$/u, "$1");

type Sort = { meaning: "opt_out" | "opt_in"; is: (text: string) => boolean };

function read(
  { whole, text, clauses }: Said,
  { columns }: Pick<Known, "columns">,
  meaning: Sort["meaning"],
  kind: string,
  is: Sort["is"],
  beside: ReadonlySet<string>,
  around: ReadonlySet<string>,
): Verdict | null {
  if (whole.length > LONGEST || whole === "" || /[?\uff1f]/.test(text)) return null;
  const core = strip(whole, is, around);
  if (core !== null) return { meaning, why: `整条短信等于${kind}“${core}”`, column: null };
  if (meaning === "opt_out" && isInsisted(clauses))
    return { meaning, why: `说了别再发，又写了${kind}“${clauses.at(-1)}”`, column: null };
  const full = columns.flatMap((column) => besideName(whole, column, column));
  const short = columns.flatMap((column) =>
    [column.slice(-2), column.slice(0, 2)].flatMap((part) => besideName(whole, column, part)),
  );
  const named = full[0] ?? (new Set(short.map((one) => one.column)).size === 1 ? short[0] : undefined);
  return named
    ? { meaning, why: `整条短信是${kind}“${named.word}”和栏目“${named.column}”`, column: named.column }
    : null;

  /** "语录别发了" means 智慧语录, where no other column has the word. */
  function besideName(whole: string, column: string, part: string): { column: string; word: string }[] {
    if (!whole.includes(part)) return [];
    const word = strip(whole.replace(part, ""), (one) => is(one) || beside.has(one), around);
    return word === null ? [] : [{ column, word }];
  }
}

/** Nobody opts out in more words than these. */
const LONGEST = 30;

/** The deciding words, if what stands before and after them is only politeness or annoyance. */
function strip(text: string, is: Sort["is"], around: ReadonlySet<string>): string | null {
  const starts = bounds(text, "front", around);
  const ends = bounds(text, "back", around);
  for (const start of starts) {
    for (const end of ends) {
      if (end > start && is(text.slice(start, end))) return text.slice(start, end);
    }
  }
  return null;
}

const bounds = (text: string, side: "front" | "back", polite: ReadonlySet<string>): number[] =>
  Array.from({ length: text.length + 1 }, (_, at) => (side === "front" ? at : text.length - at)).filter((at) => {
    const around = side === "front" ? text.slice(0, at) : text.slice(at);
    return around === "" || coverWith(around, polite) !== null;
  });
