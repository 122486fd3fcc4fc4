/**
 * What is wrong with a phone, as far as the carrier's last word on it says: in a word for lists, and with what to do for
 * whoever looks after the household. `reference/domain.md` 5.4.
 */
export type Trouble = "empty" | "suspended" | "dead" | "not_mobile" | "blocked" | "full" | "off" | "unreachable";

export const TROUBLE_WORDS: Readonly<Record<Trouble, { word: string; advice: string }>> = {
  empty: { word: "空号", advice: "请入户问新号码，改在名册上" },
  suspended: { word: "停机", advice: "下个月再试；急事请打电话或上门" },
  dead: { word: "空号或停机", advice: "请入户问一声：换号了就改，停机的交费后点“再试”" },
  not_mobile: { word: "不是手机号", advice: "请入户问手机号" },
  blocked: { word: "被拉黑", advice: "他在手机或运营商那里拦了我们，请上门说明" },
  full: { word: "短信存满了", advice: "请他删掉旧短信，就能再收到" },
  off: { word: "上次关机", advice: "下次通知会再发，先不用管" },
  unreachable: { word: "联系不上", advice: "连着三次关机或没信号，请打电话或上门看看" },
};

/** A code that says nothing about the phone is not here: that text was lost, the phone may be well. */
export const TROUBLE_OF_CODE: Readonly<Record<string, Trouble>> = {
  "21211": "empty",
  "CB:0001": "empty",
  "CB:0053": "empty",
  "DB:0101": "empty",
  "MK:0001": "empty",
  "CB:0005": "suspended",
  "CB:0007": "suspended",
  "DB:0102": "suspended",
  "30005": "dead",
  "21614": "not_mobile",
  "21635": "not_mobile",
  "30006": "not_mobile",
  "21610": "blocked",
  "30004": "blocked",
  "MA:0001": "blocked",
  "HD:0001": "blocked",
  MBBLACK: "blocked",
  "SC:0016": "blocked",
  HIGRISK: "blocked",
  "11": "full",
  "30003": "off",
  "30036": "off",
  EXPIRED: "off",
  "3": "off",
};

/** As many times in a row that the phone was off: then somebody should go and see. */
export const OFF_IN_A_ROW = 3;
