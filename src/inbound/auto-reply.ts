import type { Said } from "../lib/said.ts";
import type { Known, Verdict } from "./verdict.ts";

/** A machine wrote it: known by the number it came from. Nothing it says is anybody's wish, and an answer makes a loop. */
export const readMachine = (_said: Said, { sender }: Pick<Known, "sender">): Verdict | null =>
  sender === "machine"
    ? { meaning: "auto_reply", why: "发信号码不是个人的（106、10086、95…），不理会，也不回复" }
    : null;

/** A machine wrote it: known by what it says. "正在开车，稍后回复", carriers' notices, codes. */
export function readAutoReply({ text, whole }: Said): Verdict | null {
  if (whole.length > LONGEST || DOUBT.test(whole)) return null;
  const found = PATTERNS.map((pattern) => pattern.exec(whole)).find((match) => match !== null);
  if (found) return { meaning: "auto_reply", why: `像自动回复“${found[0].slice(0, 14)}”` };
  const business = /^\s*【([^】]{2,12})】/u.exec(text);
  if (business && !/[村乡镇密]/.test(business[1] ?? "") && BUSINESS.test(whole))
    return { meaning: "auto_reply", why: `系统短信${business[0].trim()}` };
  const carrier = /^\s*[【[](?:中国(?:移动|联通|电信|广电)|10086|10010|10000|[^】\]]{1,8}银行)[】\]]/u.exec(text);
  return carrier ? { meaning: "auto_reply", why: `系统短信${carrier[0]}` } : null;
}

const LONGEST = 160;
/** What shops, banks and couriers write under a signature of theirs. */
const BUSINESS = /您|尊敬|验证码|快递|取件|包裹|优惠|促|会员|账户|余额|尾号|退订|积分|还款|下单|订单/;
/** A villager forwards a machine's text and asks whether it is true. */
const DOUBT =
  /骗子|骗人|诈骗|真的假的|是真的|真的吗|是不是真|可信|能信|假的吧|要不要(?:点|管)|怎么回事|咋回事|为什么|为啥/;
const PATTERNS: readonly RegExp[] = [
  /自动(?:回复|应答|答复|回信)|autoreply|autoresponse|automaticreply|outofoffice|短信(?:秘书|小秘书|管家)|来电提醒|漏话提醒|呼叫转移/,
  /(?:开会|会议|开车|驾驶|驾车|上课|休假|出差|手术|飞机|值班|考试|忙|有事|不在|休息|不方便).{0,14}(?:到了|到家|停车|会后|稍后|稍候|晚点|晚些|一会儿?|等会儿?|等下|待会儿?|回头|之后|完了|结束后|下课|下班)(?:我|俺|再|会|给|和|与|跟|您|你|电话|短信|主动)*(?:回|联系|致电|打给|找你|打电话)/,
  /(?:不方便|不便)(?:接听?|接电话|接听电话|回复短信|通话)|(?:暂时|现在)无法(?:接听|接电话|回复)/,
  /^(?:尊敬的|亲爱的)(?:客户|用户|顾客|机主|会员|市民|移动|联通|电信|.{0,6}(?:客户|用户|会员))/,
  /验证码(?:是|为)?\d{3,}|\d{4,8}.{0,4}(?:是您?的?)?验证码/,
  /(?:话费|流量|套餐|积分|账户)(?:余额|剩余|不足|已用|已欠).{0,20}(?:元|[gm]b?|充值|缴费|查询)/,
  /(?:您|你)(?:发送|回复|输入)的(?:短信|指令|内容|信息).{0,6}(?:有误|错误|无效|不正确|不存在)|短信发送失败|^系统(?:自动)?(?:回复|应答|提示)|系统消息|系统通知|该号码.{0,6}(?:不存在|停机|空号|关机)|(?:机主|用户)(?:忙|已关机|正忙|不在)/,
  /(?:您|你)的(?:短信|来信|留言|信息|消息)(?:我们|已|已经)*(?:收到|收悉).{0,10}(?:尽快|稍后|及时)|感谢您的(?:来信|短信|留言|来电)/,
  /^(?:我|俺)?(?:现在|正|正在|在)+(?:开会|开车|上课|忙|手术|飞机上)(?:中|呢|着)?(?:等会|一会|晚点|回头|稍后)(?:说|聊|回)/,
  /(?:休假|出差|开会|外出|度假|不在办公室).{0,6}有(?:急)?事请(?:联系|找|拨打)/,
  /稍后(?:再|我|会|给|与|和|跟|您|你)*(?:回复|联系|回电|致电|拨|打|回)|会后.{0,3}(?:联系|回)|(?:到了|到家|到站|停车)(?:再|就|后)?(?:联系|回|打)|信号不好.{0,6}(?:稍后|一会)|暂时无法(?:接收|接通)|请稍后再(?:拨|试|发)|本号码不接收|请勿回复/,
  /^(?:中国)?(?:移动|联通|电信|广电|100\d\d|95\d{3})(?:公司)?(?:温馨)?提(?:醒|示)(?:您|你)/,
  /^(?:我|俺)?(?:正在|在|正)?(?:开会|开车|会议|驾驶|上课)(?:中|呢)?$|^(?:我|俺)?(?:现在)?(?:正在|在|正)(?:开会|开车|上课|驾驶)中?(?:请?发短信|无法|不能|不便)|(?:所拨打的|拨打的)(?:电话|号码|用户)|取件码|^(?:温馨提醒|温馨提示).{0,4}您|^(?:中国)?(?:移动|联通|电信|广电).{0,3}您|无法回复(?:信息|短信|消息)|主人(?:正|现)?在?(?:忙|不在)/,
  /i(?:a?m)(?:currently)?(?:driving|inameeting|busy|away|outoftheoffice|onvacation)|(?:ill|iwill)(?:call|text|get|be|reply)(?:you|back|to|in|touch)+|callyou(?:back)?later/,
];
