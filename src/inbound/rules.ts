import { isCourtesy } from "./courtesy.ts";
import { readOptIn, readOptOut } from "./opt-words.ts";
import { readRating } from "./rating.ts";
import type { Known, Rule, Verdict } from "./verdict.ts";

/**
 * What a text means: one ordered list of rules, the first that recognises it decides, and its name and reason are
 * stored with the text. Each rule is pure — text and what we know of the phone in, verdict out — so understanding can
 * be run again over stored texts. The order is DESIGN.md 4's.
 */
export const RULES: readonly Rule[] = [
  {
    name: "opt_out_words",
    read: (text) => when(readOptOut(text), (why) => ({ meaning: "opt_out", why, column: null })),
  },
  { name: "opt_in_words", read: (text) => when(readOptIn(text), (why) => ({ meaning: "opt_in", why, column: null })) },
  {
    name: "emergency_words",
    read: (text) => (/着火了/.test(text) ? { meaning: "emergency", why: "说了“着火了”", danger: "fire" } : null),
  },
  {
    name: "sealed_prefix",
    read: (text) => (/^密[:\uff1a]/.test(text) ? { meaning: "sealed", why: "以“密”开头", accused: [] } : null),
  },
  {
    name: "open_rating",
    read(text, known) {
      const question = known.questions.findIndex((one) => one.kind === "rating");
      if (question < 0) return null;
      return when(readRating(text), ({ rating, why }) => ({ meaning: "rating", why, rating, question }));
    },
  },
  { name: "courtesy_words", read: (text) => when(isCourtesy(text), (why) => ({ meaning: "courtesy", why })) },
  {
    name: "no_words",
    read: (text) => (/[\p{L}\p{N}]/u.test(text) ? null : { meaning: "noise", why: "没有一个字" }),
  },
  { name: "everything_else", read: () => ({ meaning: "suggestion", why: "不是退订、评价或客气话，按意见建议登记" }) },
];

export function understandText(text: string, known: Known): { rule: string; verdict: Verdict } {
  for (const rule of RULES) {
    const verdict = rule.read(text, known);
    if (verdict) return { rule: rule.name, verdict };
  }
  throw new Error("the last rule takes everything");
}

const when = <Found, Then>(found: Found | null, then: (found: Found) => Then): Then | null =>
  found === null ? null : then(found);
