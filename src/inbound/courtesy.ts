import { coverWith, wordsOf } from "../lib/cover.ts";
import type { Said } from "../lib/said.ts";

/**
 * 收到, 谢谢, 好的, 嗯, 1: counted as read, they open nothing and are answered with nothing. Only when the whole text is
 * made of such words: "谢谢，可是路灯还是坏的" is not thanks, and "可以吧？" asks for an answer, however short.
 */
export function isCourtesy({ text, whole }: Said, cadres: readonly string[]): string | null {
  if (whole === "") return isNod(text) ? "只有点赞、道谢的表情" : null;
  if (whole.length > LONGEST || /^(?!1+$)\d{5,}$/.test(whole) || /[?\uff1f]/.test(text)) return null;
  // 同意村, 行村 …: a place, not a yes.
  if (/^(?:同意|[行中好成对是])村/.test(whole)) return null;
  if (WISH.test(whole) && !/[路灯水电修坏]|能不能|希望|请/.test(whole)) return `是一句祝福“${whole.slice(0, 12)}”`;
  const named = cadres.reduce((rest, name) => rest.replace(name, "书记"), whole);
  const words = coverWith(named.replace(TITLED, "书记"), ALL);
  if (!words?.some((word) => POLITE.has(word))) return null;
  return `整条都是客气话“${whole.slice(0, 12)}”`;
}

const LONGEST = 50;
/** "祝大家新春快乐，万事如意": begins or ends as a wish. */
const WISH =
  /^(?:谢谢|收到|好的)*(?:祝|祝愿|恭祝|恭贺|预祝)(?!贺费).{1,30}(?:快乐|安康|健康|如意|幸福|顺利|平安|发财|吉祥|长寿|进步|美满|愉快|兴旺|越来越好|[春节年好])$|^(?:书记|主任|大家|各位)?(?:新春|新年|春节|元旦|中秋|端午|国庆|元宵|重阳|五一|佳节|龙年|蛇年|马年|羊年|猴年|鸡年|狗年|猪年|鼠年|牛年|虎年|兔年)(?:节)?(?:快乐|安康|愉快|吉祥|大吉|好)/;
/** 刘书记, 老王主任 … */
const TITLED =
  /(?:老|小)?(?:(?<![感谢多])谢|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁宋唐许韩冯邓曹彭曾肖田董潘蔡余杜叶程魏苏吕丁任卢姚钟姜崔谭陆汪范石贾夏付邹熊孟秦薛侯雷白龙段郝孔邵史毛万顾赖武康贺严尹钱])(?:书记|主任|会计|支书|村长|老师|组长|队长|医生|大爷|叔|哥|姐)/u;

const POLITE =
  wordsOf(`收到 已收到 收悉 已阅 已读 已看 看到 看到了 看见 看见了 看了 知道 知道了 知悉 已知悉 已知晓 知晓 晓得 晓得了 明白 明白了 懂了 清楚 清楚了 了解 记住了
  记下了 记着了 记住 遵命 照办 按时参加 准时参加 准时到 一定到 一定去 一定参加 按时到 到时候去 我去 俺去 会去的 马上到 马上去
  好的 好嘞 好滴 好类 好勒 好哒 好勒 好来 好咧 好哩 中嘞 阔以 可以滴 好的呢 得嘞 嗯呐 嗯那 嗯哪 中不溜 得 妥 妥妥 妥滴 妥妥滴 妥了 妥妥的 好 好好 好吧 好呀 行 行的 中 成 可以 可以的 要得 嗯 恩 哦 噢 喔 嗷 嗯呢 嗯嗯 是 是的 是呢 对 对的 对头 没问题 没事 没事的 没关系 木问题 没意见
  ok okay okk okok oke k 欧克 oj8k
  谢谢 谢 谢了 多谢 感谢 非常感谢 十分感谢 万分感谢 衷心感谢 太感谢 谢谢您 谢谢你 谢谢你们 谢谢大家 感谢你们 感谢您 感恩 辛苦 辛苦了 受累 受累了 费心 麻烦了 麻烦你 麻烦您 麻烦你们 费心了 让你费心了 操心了 thanks thankyou thanksalot thx thxalot 3q 3x yes yeah noproblem
  不客气 不用谢 不用客气 客气了 您好 你好 大家好 hello hi 在吗 早 早上好 上午好 中午好 下午好 晚上好 晚安 再见 拜拜 回见
  新年好 新年快乐 春节快乐 春节好 过年好 节日快乐 节日好 元旦快乐 中秋快乐 国庆快乐 端午快乐 端午安康 元宵快乐 重阳快乐 五一快乐 劳动节快乐 中秋节快乐 国庆节快乐 端午节快乐 端午节安康
  拜年 拜年了 拜个早年 拜年啦 万事如意 身体健康 阖家幸福 合家欢乐 阖家欢乐 合家幸福 恭喜发财 吉祥如意 心想事成 工作顺利 平安 平安健康 一切顺利 生日快乐 周末愉快 同乐 同喜 保重
  同意 满意 很满意 非常满意 支持 赞成 赞 点赞 很好 真好 太好了 不错 真不错 挺好 挺好的 棒 真棒 给力 加油 呵呵 哈哈 哈哈哈 嘿嘿 嘻嘻 客气
  shoudao shoudaole haode hao haol xiexie xiexieni zhidao zhidaole en enen mingbai mingbaile
  1 11 111 1111 6 66 666 6666 88 886 ok1 1收到 收到1`);
const AROUND =
  wordsOf(`书记 主任 支书 村长 会计 村委 村委会 村支部 村两委 两委 领导 老师 大家 各位 同志 们 你们 您 你 村里 干部 干部们 党和政府 党 政府 国家 共产党 组织 我 俺 我们 俺们 咱 全家 我家 俺家 代表
  了 的 啦 呀 啊 哈 哩 呢 哟 呦 噢 吧 哇 喽 咯 嘛 都 也 已 已经 就 给 祝 祝愿 祝福 愿 祝咱 祝咱们 咱们 向 致 敬礼 非常 十分 太 真是 真 很 这 那 个 早 年 里 在 一 下 一下 全体 全村 全村人 全村人民 村里人 大伙 大伙儿 咱村 村民 乡亲 乡亲们 父老乡亲 工作人员 村支书 村主任 村书记 村干部 支部 老人家 老人 放心 请 请放心 到时候 时候 一定 会 通知 家里 人 提前 赶 过去 那天 明天 后天 今天 网格员 联户干部 第一书记 关心 关怀 关照 提醒 通知 告知 会议 开会 活动 按时 准时 参加 去 来 会 到 家人 家里人 转告 已转告 转达 注意 会注意 注意安全 安全 防火 防汛 防范 小心 照做 配合 一定配合 马上 马上转告 家人们 会转告 答复 回复 解答 帮忙 理解 重视 服务 付出 慰问 祝福 问候 耐心 细心 关爱 好政策 村委工作 村里工作 工作 越来越好 照顾 照看 村 惦记 惦记着 记挂 操心 想着 帮助 支持 强 玫瑰 抱拳 微笑 呲牙 握手 爱心 鲜花 鼓掌 你的 您的 消息 信息 短信 内容 通知了`);
const ALL: ReadonlySet<string> = new Set([...POLITE, ...AROUND]);

/** 👍 🙏 👌 …, alone or several, and nothing else that is seen. */
const isNod = (text: string): boolean => {
  const seen = text.replace(/[\p{Z}\p{C}\p{M}\s\p{Emoji_Modifier}!！.。~～,，]/gu, "");
  return seen !== "" && /^[👍👌🙏👏💪🤝🌹❤♥😊😀😁😄🙂☺✅✔🫡🎉🧧💐]+$/u.test(seen);
};
