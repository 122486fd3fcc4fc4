import { coverWith, wordsOf } from "../lib/cover.ts";
import type { Said } from "../lib/said.ts";
import type { Known, Verdict } from "./verdict.ts";

/**
 * Words that take a villager out, or in again, of everything or of one column. Only the whole text counts, folded:
 * "退订", "ＴＤ。" and "以后别给俺发了，烦死了" do, "退订啥意思" and "退沙村的路" do not (of 9,436 real texts the
 * whole-text rule takes a handful, "starts with 退" 184). The letters are those carriers advertise.
 */
const OUT =
  wordsOf(`退订 退定 退掉 退了 取消 td t n r qx stop stopall unsubscribe end quit cancel optout revoke 回t退订 回td退订
  回复t退订 回复td退订 td退订 t退订 退订td 退订t 取消订阅 取消短信 取消接收 不订 不订阅 拒收 拒收短信 停发 停止发送 停止接收 停止推送
  屏蔽 拉黑 不再接收 不接收`);
/** "Don't send me any more", in its many ways: refusal, to whom, the sending, what. */
const STOP =
  /^(?:别|不要|不用|甭|勿|请勿|莫|无需|不必|不许|不准|停止)(?:再|在|老|总|一直|天天|随便|乱)*(?:给|向|往|跟)?(?:我|俺|咱|我们|俺们|我家|俺家|这个号|这个手机)?(?:再|老|乱|随便)*(?:群?发送?|推送|骚扰|打扰)(?:我|俺|我们)?(?:这些|这种|这个|这|什么|啥|垃圾|没用|乱七八糟|广告|那些)*的?(?:短信|信息|消息|通知|东西|短消息|玩意)?(?:来|过来)?了?$/;
const NO_MORE =
  /^(?:不想|不愿意?|不要|不再|不需要|不用|拒绝)(?:再)?(?:接?收|接受|收到|接收到)(?:到)?(?:你们|村里|这些|这种|这样|这|你)?的?(?:(?:短信|信息|消息|通知|东西)了?|了)$/;
/** What people say around it. */
const AROUND =
  wordsOf(`能不能 可不可以 可以不可以 能否 能 可以 回复 回 请 麻烦 你好 您好 帮我 帮俺 给我 给俺 帮 帮忙 我 俺 我们 俺们 要 想 要求 申请 把 那就 还是 求你 求求你 求求你们 求你们 书记 村里
  你们 以后 今后 从今往后 从现在起 从今天起 再也 都 马上 立即 赶紧 快 快点 谢谢 谢谢了 谢谢你 谢谢您 多谢 拜托 拜托了 吧 啊 呀 啦 了 一下 下 好吗 行吗 行不行 行不
  短信 信息 的 全部 所有 全 一切 所有的 烦死了 烦死人了 太烦了 太烦人 太烦人了 烦人 真烦 真烦人 烦 好烦 吵死了 太吵了 闹心 没意思 我不看 看不懂 不看 用不着 没用 手机都满了 了吧`);
const IN =
  wordsOf(`恢复 恢复接收 恢复订阅 恢复短信 恢复发送 重新订阅 重新接收 重新开通 订阅 继续接收 继续发 继续发送 继续订阅 接着发 开通 取消退订 撤销退订
  不退订 不退 start unstop 还发 可以发 又想收 想收 想接收 还想收 还想看 又想看 想看 又想看了 还要收 还要看 还要 重新发 再发`);
const SEND_AGAIN =
  /^(?:继续|接着|还是|再|恢复|重新|还)+(?:给|向)(?:我|俺|俺们|我们)(?:继续|接着)?(?:发|发送|推送)(?:短信|信息)?$/;
/** Enough where a column's name stands beside it. */
const OUT_OF_COLUMN = wordsOf(`不要 不看 不想看 取消 关掉 关闭 停 停掉 退 去掉 不收 别发 不用发`);
const IN_TO_COLUMN = wordsOf(`要 想看 开 打开 想要 再发 要看`);

export const readOptOut = (said: Said, known: Pick<Known, "columns">): Verdict | null =>
  read(said, known, "opt_out", "退订词", isOut, OUT_OF_COLUMN);
export const readOptIn = (said: Said, known: Pick<Known, "columns">): Verdict | null =>
  read(said, known, "opt_in", "恢复词", isIn, IN_TO_COLUMN);

/** "这短信不要了", "不想看这些短信了", "再发就投诉". */
const ENOUGH =
  /^(?:这|这些|这种|你们的?)*(?:短信|信息|消息)(?:我|俺)?(?:不要|不想收|不想要|不看|别发|不收|别再发|停|退)了?$|^(?:不想|不愿意?|不要)(?:再)?看(?:到)?(?:你们|这些|这种|这)?的?(?:短信|信息|消息)了?$|^再发(?:短信|信息)?(?:我|俺|就|要)*(?:投诉|举报|报警|拉黑)(?:你们?)?了?$/;

const isOut = (text: string): boolean =>
  ENOUGH.test(text) || OUT.has(once(text)) || STOP.test(text) || NO_MORE.test(text);
const isIn = (text: string): boolean => IN.has(once(text)) || SEND_AGAIN.test(text);

/** "退订退订": said twice, meant once. */
const once = (text: string): string => text.replace(/^(.{2,}?)\1+$/u, "$1");

type Sort = { meaning: "opt_out" | "opt_in"; is: (text: string) => boolean };

function read(
  { whole, text }: Said,
  { columns }: Pick<Known, "columns">,
  meaning: Sort["meaning"],
  kind: string,
  is: Sort["is"],
  beside: ReadonlySet<string>,
): Verdict | null {
  if (whole.length > LONGEST || whole === "" || /[?\uff1f]/.test(text)) return null;
  const core = strip(whole, is);
  if (core !== null) return { meaning, why: `整条短信等于${kind}“${core}”`, column: null };
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
    const word = strip(whole.replace(part, ""), (one) => is(one) || beside.has(one));
    return word === null ? [] : [{ column, word }];
  }
}

/** Nobody opts out in more words than these. */
const LONGEST = 30;

/** The deciding words, if what stands before and after them is only politeness or annoyance. */
function strip(text: string, is: Sort["is"]): string | null {
  const starts = bounds(text, "front");
  const ends = bounds(text, "back");
  for (const start of starts) {
    for (const end of ends) {
      if (end > start && is(text.slice(start, end))) return text.slice(start, end);
    }
  }
  return null;
}

const bounds = (text: string, side: "front" | "back"): number[] =>
  Array.from({ length: text.length + 1 }, (_, at) => (side === "front" ? at : text.length - at)).filter((at) => {
    const around = side === "front" ? text.slice(0, at) : text.slice(at);
    return around === "" || coverWith(around, AROUND) !== null;
  });
