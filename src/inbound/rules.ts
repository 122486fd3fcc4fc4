import { hear, type Said } from "../lib/said.ts";
import { readAutoReply, readMachine } from "./auto-reply.ts";
import { readContactQuery } from "./contact-query.ts";
import { isCourtesy } from "./courtesy.ts";
import { readEmergency } from "./emergency.ts";
import { readHelpQuery } from "./help-query.ts";
import { readNoise } from "./noise.ts";
import { readAnswer } from "./open-questions.ts";
import { readOptIn, readOptOut } from "./opt-words.ts";
import { readPolicyQuery } from "./policy-query.ts";
import { readSealed } from "./sealed.ts";
import { readStatusQuery } from "./status-query.ts";
import type { Known, Verdict } from "./verdict.ts";
import { readWrongNumber } from "./wrong-number.ts";

/** One way to recognise what a text means. Pure: the text and what we know of the phone in, verdict or null out. */
export type Rule = { name: string; read(said: Said, known: Known): Verdict | null };

/**
 * What a text means: one ordered list of rules, the first that recognises it decides, and its name and reason are
 * stored with the text, so understanding can be run again over stored texts. The order is DESIGN.md 4's; a machine's
 * number comes before all, because nothing a machine says is a villager's wish or danger.
 */
export const RULES: readonly Rule[] = [
  { name: "machine_sender", read: readMachine },
  { name: "opt_out_words", read: readOptOut },
  { name: "opt_in_words", read: readOptIn },
  { name: "danger", read: readEmergency },
  { name: "sealed", read: readSealed },
  { name: "open_question", read: readAnswer },
  { name: "status_query", read: readStatusQuery },
  { name: "help_query", read: readHelpQuery },
  { name: "contact_query", read: readContactQuery },
  { name: "policy_query", read: readPolicyQuery },
  {
    name: "open_info",
    read: (_, { questions }) =>
      questions[0]?.kind === "info" ? { meaning: "suggestion", why: "村里问过他，这是他的回答" } : null,
  },
  {
    name: "courtesy_words",
    read(said, { cadres }) {
      const why = isCourtesy(said, cadres);
      return why ? { meaning: "courtesy", why } : null;
    },
  },
  { name: "auto_reply", read: readAutoReply },
  { name: "wrong_number", read: readWrongNumber },
  { name: "nothing_said", read: readNoise },
  {
    name: "everything_else",
    read: () => ({ meaning: "suggestion", why: "不是退订、评价、查询或客气话，按意见建议登记" }),
  },
];

export function understandText(text: string, known: Known): { rule: string; verdict: Verdict } {
  // A villager's whole thought stands at the front; what a text of many pages adds is a person's to read.
  const said = hear(text.slice(0, LONGEST_HEARD));
  for (const rule of RULES) {
    const verdict = rule.read(said, known);
    if (verdict) return { rule: rule.name, verdict };
  }
  throw new Error("the last rule takes everything");
}

const LONGEST_HEARD = 2000;
