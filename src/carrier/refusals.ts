import { DOMESTIC_CODES } from "./domestic-codes.ts";

/**
 * What a carrier's code means for us, with a sentence for staff. Source: reference/carriers.md 3 (Twilio's error
 * pages as stored there); the table is data because carriers add codes without notice, which is also why an unknown
 * code has a class of its own.
 */
export type RefusalAction =
  /** Only this text is lost. */
  | "fail"
  /** The number is no good until somebody edits it. */
  | "bad_number"
  /** The carrier blocks us for this phone: an opt-out made outside our system. */
  | "opted_out"
  /** Nothing will get through: pause the broadcast and say so. */
  | "stop"
  /** Surely not taken: the same text may be tried again after a pause. */
  | "later"
  /** The same, because we were too fast: the channel slows down. */
  | "too_fast"
  /** May have been taken. */
  | "unclear";

export type RefusalRow = {
  action: RefusalAction;
  sentence: string;
  /** Says something about this one phone (or nothing at all), so it casts no doubt on the text or the sender. */
  onePhone: boolean;
};

const row = (
  action: RefusalAction,
  sentence: string,
  onePhone = action === "bad_number" || action === "opted_out",
): RefusalRow => ({ action, sentence, onePhone });

export const CARRIER_CODES: Readonly<Record<string, RefusalRow>> = {
  // The channel, not the text
  "20429": row("too_fast", "运营商说发得太快，会自动重发"),
  "63017": row("too_fast", "运营商说发得太快，会自动重发"),
  "21730": row("later", "运营商正在维护，会自动重发"),
  "21611": row("too_fast", "运营商排队已满，会自动重发"),
  "20500": row("unclear", "运营商出错，不知收没收下"),
  "20003": row("stop", "运营商账号或密码不对，请平台管理员检查"),
  "20005": row("stop", "运营商账号没有启用，请平台管理员检查"),
  "10001": row("stop", "运营商账号没有启用，请平台管理员检查"),
  "90010": row("stop", "运营商账号没有启用，请平台管理员检查"),
  "30002": row("stop", "运营商账号被停用，请平台管理员检查"),
  "30037": row("stop", "运营商关闭了外发短信，请平台管理员检查"),
  "21408": row("stop", "运营商没有开通发往这个地区，请平台管理员检查"),
  "21603": row("stop", "没有设置发送号码，请平台管理员检查"),
  "21606": row("stop", "发送号码不能用，请平台管理员检查"),
  "21608": row("stop", "运营商账号还在试用，只能发给验证过的号码"),
  "21609": row("stop", "回执地址不对，请平台管理员检查"),
  "21704": row("stop", "通道里没有发送号码，请平台管理员检查"),
  "90007": row("stop", "短信有效期设置不对，请平台管理员检查"),
  "63038": row("stop", "今天的发送量已到运营商上限"),
  "30018": row("stop", "签名还没有报备，请平台管理员检查"),
  "30024": row("stop", "发送号码还没有在运营商开通"),
  "30032": row("stop", "发送号码没有登记，请平台管理员检查"),
  "30033": row("stop", "发送号码被停用，请平台管理员检查"),
  "30034": row("stop", "发送号码没有登记，请平台管理员检查"),
  "30035": row("stop", "发送号码没有登记，请平台管理员检查"),
  "30040": row("stop", "签名还没有报备，请平台管理员检查"),
  "30450": row("stop", "运营商怀疑被盗用，请平台管理员检查"),
  http_401: row("stop", "运营商账号或密码不对，请平台管理员检查"),
  http_403: row("stop", "运营商不让我们进，请平台管理员检查"),
  http_404: row("stop", "运营商接口地址不对，请平台管理员检查"),
  // The text
  "21602": row("stop", "短信没有内容"),
  "21617": row("stop", "短信太长，运营商不收"),
  "30007": row("fail", "短信被运营商拦截，请换个说法"),
  // The phone
  "21211": row("bad_number", "号码不存在，请核对手机号"),
  "21614": row("bad_number", "不是手机号码，请核对手机号"),
  "21635": row("bad_number", "是座机号码，请换手机号"),
  "21266": row("bad_number", "收发是同一个号码，请核对手机号"),
  "30005": row("bad_number", "是空号或已停机，请入户问新号码"),
  "30006": row("bad_number", "是座机或收不到短信，请入户问新号码"),
  "21610": row("opted_out", "村民在运营商那里退订了，请上门说明"),
  "30004": row("opted_out", "被村民手机或运营商拦截，请上门说明"),
  "21612": row("fail", "运营商发不到这个号码", true),
  "21657": row("fail", "运营商发不到这个号码", true),
  "30003": row("fail", "手机关机或没有信号", true),
  "30008": row("fail", "没有送到，运营商没说原因", true),
  "30036": row("fail", "手机长时间关机，短信过期", true),
  "30001": row("fail", "运营商排队已满，没有发出"),
  "30017": row("fail", "运营商网络拥堵，没有发出"),
  "30022": row("fail", "发给这个号码太频繁，没有发出", true),
  "30023": row("fail", "今天的发送量已到运营商上限"),
  "30039": row("fail", "来回短信太多，运营商拦下了", true),
  "14107": row("fail", "来回短信太多，运营商拦下了", true),
  "30021": row("fail", "运营商内部出错，没有发出"),
  "30410": row("fail", "运营商内部超时，没有发出"),
  "30500": row("fail", "运营商内部出错，没有发出"),
  ...DOMESTIC_CODES,
};

/** Twilio adds codes without notice: an unknown one fails this text only, and is shown as it came. */
export const lookUpCode = (code: string): RefusalRow =>
  CARRIER_CODES[code] ?? row("fail", `运营商没有发出（代码 ${code}）`);

export const isTooFast = (code: string | null): boolean => code !== null && lookUpCode(code).action === "too_fast";

/** For counting in SQL how often a broadcast is refused for other reasons. */
export const CODES_OF_ONE_PHONE: readonly string[] = Object.keys(CARRIER_CODES).filter(
  (code) => CARRIER_CODES[code]?.onePhone,
);
