import type { Danger } from "../suggestion/alarm.ts";
import type { QuestionKind, Rating } from "../suggestion/suggestion.ts";

/** What is known of the phone that sent a text: all that a rule may look at besides the words. */
export type Known = {
  /** A number that people write from, or a machine's (10086, 106…, letters): those get no reply and open nothing. */
  sender: "person" | "machine";
  /** What was asked of this phone and is still open, last asked first. */
  questions: readonly { kind: QuestionKind; options?: readonly string[] }[];
  /** Names of the village's own cadres and committee, for accusations of them. */
  cadres: readonly string[];
  /** Names of the village's columns, for "退订智慧语录". */
  columns: readonly string[];
};

/** What a text means, with the deciding reason in words (`why`, shown to staff). */
export type Verdict =
  | { meaning: "opt_out"; why: string; column: string | null }
  | { meaning: "opt_in"; why: string; column: string | null }
  | { meaning: "emergency"; why: string; danger: Danger }
  | { meaning: "sealed"; why: string; accused: readonly string[] }
  | { meaning: "rating"; why: string; rating: Rating; question: number }
  | { meaning: "poll"; why: string; option: number; question: number }
  | { meaning: "status_query"; why: string; number: number | null }
  | { meaning: "help_query"; why: string }
  | { meaning: "contact_query"; why: string }
  | { meaning: "policy_query"; why: string; words: string }
  | { meaning: "courtesy"; why: string }
  | { meaning: "auto_reply"; why: string }
  | { meaning: "wrong_number"; why: string }
  | { meaning: "noise"; why: string }
  | { meaning: "suggestion"; why: string };
