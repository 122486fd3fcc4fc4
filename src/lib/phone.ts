import parseInternational from "libphonenumber-js/max";
import type { Brand } from "./ids.ts";
import { ok, type Result, refuse } from "./result.ts";

/** `+` and 8 to 15 digits (ITU-T E.164). */
export type PhoneNumber = Brand<string, "PhoneNumber">;

export type PhoneProblem =
  | "empty"
  | "too_short"
  | "too_long"
  | "not_a_mobile"
  | "not_digits"
  | "landline"
  | "several"
  | "rounded"
  | "formula";

/**
 * Reads a phone number as people write it: full-width digits, spaces, dashes, `+86`, `86`, `0086` or nothing in
 * front of the eleven digits. Another country's number needs its `+`.
 * Mainland mobiles are `1[3-9]` and nine digits (MIIT numbering plan); which carrier owns a prefix changes too
 * often to be a rule here, so libphonenumber is asked only about what that rule does not take: landlines, and numbers
 * of other countries.
 */
export function parsePhone(text: string): Result<PhoneNumber, PhoneProblem> {
  const plain = unround(text.normalize("NFKC").trim());
  if (/^[=@]/.test(plain)) return refuse("formula");
  if (/^\d\.\d+E\+?\d+$/i.test(plain)) return refuse("rounded");
  const squeezed = squeeze(plain);
  if (squeezed === "") return refuse("empty");
  const domestic = squeezed.replace(COUNTRY, "");
  if (MOBILE.test(domestic)) return ok(`+86${domestic}` as PhoneNumber);
  if (findPhones(plain).length > 1) return refuse("several");
  if (!/^\+?\d+$/.test(squeezed)) return refuse("not_digits");
  if (domestic.startsWith("+")) return readForeign(domestic);
  if (/^1[3-9]\d*$/.test(domestic)) return refuse(domestic.length < 11 ? "too_short" : "too_long");
  return refuse(isLandline(domestic) ? "landline" : "not_a_mobile");
}

const MOBILE = /^1[3-9]\d{9}$/;
const COUNTRY = /^(?:\+86|0086|86(?=1\d{10}$))/;

const squeeze = (text: string) => text.replace(/[\s\-–—−()().·'"\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g, "");

/** A spreadsheet shows a long number as 1.3800000003E+10; with all of its digits nothing is lost. */
const unround = (text: string): string =>
  text.replace(/^(\d)\.(\d{10})E\+?10$/i, "$1$2").replace(/^(\d{11,13})\.0+$/, "$1");

/** The mobiles of a cell that holds more than one number, as their eleven digits; landlines beside them count too. */
export function findPhones(text: string): string[] {
  const pieces = text
    .normalize("NFKC")
    .split(/[/\\|;,、。或和\n\t]+|\s{2,}|(?<=\d{11})\s+(?=\d)|(?<=\d)\s+(?=(?:\+?86)?1[3-9]\d{9}(?!\d))/)
    .map((piece) => squeeze(piece).replace(COUNTRY, ""));
  return pieces.filter((piece) => MOBILE.test(piece) || (/^0\d+$/.test(piece) && isLandline(piece)));
}

function readForeign(number: string): Result<PhoneNumber, PhoneProblem> {
  if (!isE164(number)) return refuse(number.length < 9 ? "too_short" : "too_long");
  return parseInternational(number)?.getType() === "FIXED_LINE" ? refuse("landline") : ok(number as PhoneNumber);
}

/** 0533-6550000, and 400 and 800 numbers; without its area code only by its length. */
function isLandline(digits: string): boolean {
  if (/^[2-8]\d{6,7}$/.test(digits)) return true;
  const number = /^(?:0[1-9]|[48]00)/.test(digits) ? parseInternational(digits, "CN") : undefined;
  return number?.isPossible() === true && number.getType() !== "MOBILE";
}

export const isE164 = (text: string): boolean => /^\+[1-9]\d{7,14}$/.test(text);

/** What to tell the person who typed it. */
export function explainPhoneProblem(problem: PhoneProblem, text: string): string {
  const typed = text.replace(/\s+/g, " ").trim();
  switch (problem) {
    case "empty":
      return "没有填手机号";
    case "too_short":
      return `手机号少 ${11 - digits(text).length} 位：${typed}，请补全`;
    case "too_long":
      return `手机号多 ${digits(text).length - 11} 位：${typed}，请核对`;
    case "not_a_mobile":
      return `不是手机号：${typed}，请填 1 开头的 11 位手机号`;
    case "not_digits":
      return `手机号里有数字以外的字：${typed}，请只填数字`;
    case "landline":
      return `这是座机，不能收短信：${typed}，请换成手机号，或留空`;
    case "several":
      return `一格里有 ${findPhones(text).length} 个号码：${typed}，请只留他本人常用的一个`;
    case "rounded":
      return `表格软件把号码缩成了 ${typed}，后面几位丢了：请把这一列设成“文本”，再填一次`;
    case "formula":
      return `这一格是公式，不是号码：${typed}，请直接填数字`;
  }
}

const digits = (text: string) =>
  text
    .normalize("NFKC")
    .replace(/\D/g, "")
    .replace(/^(?:0086|86(?=1))/, "");

/** Stands in records whose owner was taken out: no number at all, and shown as none. */
export const ERASED_PHONE = "+8610000000000" as PhoneNumber;

/** `138****0003`; another country's number keeps its country and last two digits. */
export function maskPhone(phone: PhoneNumber): string {
  if (phone === ERASED_PHONE) return "已删除";
  const mainland = /^\+86(1\d{2})\d{4}(\d{4})$/.exec(phone);
  if (mainland) return `${mainland[1]}****${mainland[2]}`;
  return `${phone.slice(0, 3)}${"*".repeat(Math.max(phone.length - 5, 3))}${phone.slice(-2)}`;
}

/** As it stands on a door plate: mainland numbers without `+86`. */
export const printPhone = (phone: PhoneNumber): string => phone.replace(/^\+86(?=1\d{10}$)/, "");
