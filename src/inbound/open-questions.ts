import type { Said } from "../lib/said.ts";
import { readNumeral } from "./numeral.ts";
import { readOption } from "./poll.ts";
import { readRating } from "./rating.ts";
import type { Known, Verdict } from "./verdict.ts";

/**
 * An answer to what was asked of this phone. The question asked last is tried first; what it does not take (a "5" to a
 * rating of four) is tried on the next. Where a person of the village asked last, "3" and 好的 are what he says to that.
 */
export function readAnswer(said: Said, { questions }: Pick<Known, "questions">): Verdict | null {
  for (const [question, { kind, options }] of questions.entries()) {
    if (kind === "info") return null;
    if (kind === "rating") {
      const read = readRating(said);
      if (read) return { meaning: "rating", question, ...read };
    }
    if (kind === "poll") {
      const read = readOption(said, options);
      if (read) return { meaning: "poll", question, ...read };
    }
    // A choice of policies is made by its digit alone; its title is asked for like any policy.
    if (kind === "policy") {
      const number = readNumeral(said.whole);
      if (number !== null && number >= 1 && number <= (options?.length ?? 0))
        return { meaning: "policy_query", why: `选了第 ${number} 条政策`, words: String(number) };
    }
  }
  return null;
}
