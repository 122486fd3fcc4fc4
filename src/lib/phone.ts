import type { Brand } from "./ids.ts";
import { ok, type Result, refuse } from "./result.ts";

/** `+` and 8 to 15 digits (ITU-T E.164). */
export type PhoneNumber = Brand<string, "PhoneNumber">;

export type PhoneProblem = "empty" | "too_short" | "too_long" | "not_a_mobile" | "not_digits";

/**
 * Reads a phone number as people write it: full-width digits, spaces, dashes, `+86`, `86`, `0086` or nothing in
 * front of the eleven digits. Another country's number needs its `+`.
 * Mainland mobiles are `1[3-9]` and nine digits (MIIT numbering plan); which carrier owns a prefix changes too
 * often to be a rule here.
 */
export function parsePhone(text: string): Result<PhoneNumber, PhoneProblem> {
  const squeezed = text.normalize("NFKC").replace(/[\s\-–—()().·'"\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g, "");
  if (squeezed === "") return refuse("empty");
  if (!/^\+?\d+$/.test(squeezed)) return refuse("not_digits");
  const domestic = squeezed.replace(/^(?:\+86|0086|86(?=1\d{10}$))/, "");
  if (domestic.startsWith("+")) {
    return isE164(domestic) ? ok(domestic as PhoneNumber) : refuse(domestic.length < 9 ? "too_short" : "too_long");
  }
  if (/^1[3-9]\d{9}$/.test(domestic)) return ok(`+86${domestic}` as PhoneNumber);
  if (/^1[3-9]\d*$/.test(domestic)) return refuse(domestic.length < 11 ? "too_short" : "too_long");
  return refuse("not_a_mobile");
}

export const isE164 = (text: string): boolean => /^\+[1-9]\d{7,14}$/.test(text);

/** What to tell the person who typed it. */
export function explainPhoneProblem(problem: PhoneProblem, text: string): string {
  switch (problem) {
    case "empty":
      return "没有填手机号";
    case "too_short":
      return `手机号少 ${11 - digits(text).length} 位：${text.trim()}，请补全`;
    case "too_long":
      return `手机号多 ${digits(text).length - 11} 位：${text.trim()}，请核对`;
    case "not_a_mobile":
      return `不是手机号：${text.trim()}，请填 1 开头的 11 位手机号`;
    case "not_digits":
      return `手机号里有数字以外的字：${text.trim()}，请只填数字`;
  }
}

const digits = (text: string) =>
  text
    .normalize("NFKC")
    .replace(/\D/g, "")
    .replace(/^(?:0086|86(?=1))/, "");

/** `138****0003`; another country's number keeps its country and last two digits. */
export function maskPhone(phone: PhoneNumber): string {
  const mainland = /^\+86(1\d{2})\d{4}(\d{4})$/.exec(phone);
  if (mainland) return `${mainland[1]}****${mainland[2]}`;
  return `${phone.slice(0, 3)}${"*".repeat(Math.max(phone.length - 5, 3))}${phone.slice(-2)}`;
}

/** As it stands on a door plate: mainland numbers without `+86`. */
export const printPhone = (phone: PhoneNumber): string => phone.replace(/^\+86(?=1\d{10}$)/, "");
