import { coverWith, wordsOf } from "../lib/cover.ts";

/** What people say around a wish to be left alone, or to have the texts back. */
export const AROUND =
  wordsOf(`能不能 可不可以 可以不可以 能否 能 可以 回复 回 请 麻烦 你好 您好 帮我 帮俺 给我 给俺 帮 帮忙 我 俺 我们 俺们 要 想 要求 申请 把 那就 还是 求你 求求你 求求你们 求你们 书记 村里
  你 您 烦死 烦死人 烦透了 栏目 这个栏目 这类 你们 以后 今后 从今往后 从现在起 从今天起 再也 都 马上 立即 赶紧 快 快点 谢谢 谢谢了 谢谢你 谢谢您 多谢 拜托 拜托了 吧 啊 呀 啦 了 一下 下 好吗 行吗 行不行 行不
  短信 信息 的 全部 所有 全 一切 所有的 烦死了 烦死人了 太烦了 太烦人 太烦人了 烦人 真烦 真烦人 烦 好烦 吵死了 太吵了 闹心 没意思 我不看 看不懂 不看 用不着 没用 手机都满了 了吧`);

/** "Don't send me any more", in its many ways: refusal, to whom, the sending, what. */
const STOP =
  /^(?:别|不要|不用|甭|勿|请勿|莫|无需|不必|不许|不准|停止)(?:再|在|老|总|一直|天天|随便|乱)*(?:给|向|往|跟)?(?:我|俺|咱|我们|俺们|我家|俺家|这个号|这个手机)?(?:再|老|乱|随便)*(?:群?发送?|推送|骚扰|打扰)(?:我|俺|我们)?(?:这些|这种|这个|这|什么|啥|垃圾|没用|乱七八糟|广告|那些)*的?(?:短信|信息|消息|通知|东西|短消息|玩意)?(?:来|过来)?了?$/;
const NO_MORE =
  /^(?:不想|不愿意?|不要|不再|不需要|不用|拒绝)(?:再)?(?:接?收|接受|收到|接收到)(?:到)?(?:你们|村里|这些|这种|这样|这|你)?的?(?:(?:短信|信息|消息|通知|东西)了?|了)$/;
/** "Take me off the list", "删掉我的号码". */
const OFF_THE_LIST =
  /^(?:把|将)?(?:我|俺|我们|这个|本)(?:家)?的?(?:手机号?码?|电话号?码?|号码?|名字)?从?(?:你们的?|群发|发送|接收|短信|通知|这个?|村里的?)*(?:名单|列表|群|通讯录|系统|平台)(?:里|中|上|内)?面?(?:给)?(?:删|去|移|踢|拿|划|勾|退|清)(?:掉|除|出去?|去)?了?$|^(?:把|将)(?:我|俺|本|这个)(?:家)?的?(?:手机号?码?|电话号?码?|号码?)(?:给)?(?:删|去|移|拿|划|清)(?:掉|除|出去?|去)?了?$|^(?:删|去|移|清)(?:掉|除|去)?(?:我|俺|本|这个)(?:家)?的?(?:手机号?码?|电话号?码?|号码?)$/;
/** "这短信不要了", "不想看这些短信了", "再发就投诉". */
const ENOUGH =
  /^(?:这|这些|这种|你们的?)*(?:短信|信息|消息)(?:我|俺)?(?:不要|不想收|不想要|不看|别发|不收|别再发|停|退)了?$|^(?:不想|不愿意?|不要)(?:再)?看(?:到)?(?:你们|这些|这种|这)?的?(?:短信|信息|消息)了?$|^再发(?:短信|信息)?(?:我|俺|就|要)*(?:投诉|举报|报警|拉黑)(?:你们?)?了?$/;

/** Whether a text says no to our texts, in a sentence of its own or with "…，麻烦取消" behind it. */
export const isRefusal = (text: string): boolean =>
  isPlain(text) || isPlain(text.replace(AND_OUT, "")) || isSpelt(text);
const isPlain = (text: string): boolean =>
  ENOUGH.test(text) || OFF_THE_LIST.test(text) || STOP.test(text) || NO_MORE.test(text);
/** "…，麻烦取消": the wish said once more. */
const AND_OUT = /(?:请|麻烦|给我|给俺|帮我|那就|就)*(?:取消|退订|停)(?:掉|了|吧)*$/;

/** A refusal that says what is refused, in any order of nothing but such words: "短信太多了，以后不要发到我手机上". */
const NO = wordsOf(
  "不再需要 别 不要 不用 甭 勿 请勿 无需 不必 不许 不准 停止 不想 不愿意 不再 不需要 拒绝 谢绝 禁止 莫 停",
);
const SENDING = wordsOf("发 发送 推送 群发 骚扰 打扰 收 接收 收到 接受 看到 订阅 订 发给");
const CANCEL = wordsOf("取消 退订 退定 退出 关闭 关掉 停掉 停了 退掉 退了 退 停 删掉 删除 停用 取消掉 撤销");
const THING = wordsOf("短信 信息 消息 推送 广告 订阅 短信通知 短信服务 短信提醒 通知短信 通知 服务 群 群发");
const YOURS = wordsOf("你 你们 您 这 这些 这种 这个 的 村里 那些 没用的 垃圾 再 要");
const MASS = wordsOf("短信 信息 消息 推送 广告");
const TIRED = wordsOf("看不懂 看也看不懂 不识字 烦死了 烦死 烦死人 太烦了 没用 不看 我不看 用不着");
const OUTRIGHT = wordsOf("退订 退定 拒收 谢绝打扰 请勿打扰 屏蔽");
const FILLING = new Set([
  ...AROUND,
  ...wordsOf(`再 给 在 到 上 来 往 向 手机 手机上 手机里 号码 这个号 这 这些 这种 这个 那些 没用的 乱七八糟 垃圾 太多 太多了 好多 天天 一天到晚 老 老是 总 总是 一直 整天
  老人 老人家 短信太多 爸 妈 爹 娘 家人 我家 俺家 我们家 就 还 的了 发了还发 叫 让 早就 说了 说过 烦不烦 天天发 老发 老是发 总发 东西 东西了 玩意 不看这些 不看 受不了 不需要 用不到 看不懂 看也看不懂 从 中不 成不 行不 行不行 不识字 不认字 不认得字 眼花 眼花了 岁数大了 年纪大了 老了 别 的短信`),
]);
const OUT_WORDS = new Set([...NO, ...SENDING, ...CANCEL, ...THING, ...OUTRIGHT, ...FILLING]);
/** "七十多了" */
const AGE = /(?:我|俺|都|今年)*(?:[一二三四五六七八九]?十[一二三四五六七八九多几来]?|[4-9]\d多?)(?:岁|岁的人)?了?/;
/** "不要取消", "没退订": the very opposite. */
const KEEPS =
  /(?:取消|撤销)退订|退订?了(?:还|咋|怎么|为啥|为什么)|(?:不要|别|不|没|没有|不用|勿|不想|要不要)(?:再|给我|把我)*(?:取消|退|停(?!止)|删|屏蔽|拉黑|关)/;

function isSpelt(text: string): boolean {
  if (text.length < 3 || KEEPS.test(text)) return false;
  const words = coverWith(text.replace(AGE, ""), OUT_WORDS);
  if (words === null) return false;
  const has = (some: ReadonlySet<string>) => words.some((word) => some.has(word));
  const no = words.findIndex((word) => NO.has(word));
  const sending = words.findLastIndex((word) => SENDING.has(word));
  const mass = words.findLastIndex((word) => MASS.has(word));
  if (no >= 0 && mass > no && words.slice(no + 1, mass).every((word) => YOURS.has(word))) return true;
  return (
    has(OUTRIGHT) ||
    (has(CANCEL) && (has(THING) || has(TIRED))) ||
    (no >= 0 && sending > no && (has(THING) || words.length > 3))
  );
}
