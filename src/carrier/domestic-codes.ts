import type { RefusalRow } from "./refusals.ts";

const fail = (sentence: string): RefusalRow => ({ action: "fail", sentence, onePhone: true });
const badNumber = (sentence: string): RefusalRow => ({ action: "bad_number", sentence, onePhone: true });
const blocked = (sentence: string): RefusalRow => ({ action: "opted_out", sentence, onePhone: true });

const EMPTY = badNumber("是空号，请入户问新号码");
// A phone that owes money is often paid for again: it is tried with the next notice.
const SUSPENDED = fail("已停机，下个月再试，急事请打电话或上门");
const BLACK_LIST = blocked("在运营商的黑名单里，请上门说明");
const OFF = fail("手机关机或没有信号");

/**
 * What domestic gateways write into a receipt. Source: reference/domain.md 5.4. The same code means different things at
 * different gateways, so only those are here that mean one thing everywhere; another is shown as it came.
 */
export const DOMESTIC_CODES: Readonly<Record<string, RefusalRow>> = {
  EXPIRED: OFF,
  "3": OFF,
  UNDELIV: fail("没有送到：可能停机、空号或被拦截"),
  "11": fail("手机短信存满了，请他删掉旧短信"),
  "CB:0001": EMPTY,
  "CB:0053": EMPTY,
  "DB:0101": EMPTY,
  "MK:0001": EMPTY,
  "CB:0005": SUSPENDED,
  "CB:0007": SUSPENDED,
  "DB:0102": SUSPENDED,
  "MA:0001": BLACK_LIST,
  "HD:0001": BLACK_LIST,
  MBBLACK: BLACK_LIST,
  "SC:0016": BLACK_LIST,
  HIGRISK: BLACK_LIST,
};
