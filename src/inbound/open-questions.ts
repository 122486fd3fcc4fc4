import type { Said } from "../lib/said.ts";
import { readOption } from "./poll.ts";
import { readRating } from "./rating.ts";
import type { Known, Verdict } from "./verdict.ts";

/**
 * An answer to what was asked of this phone. The question asked last is tried first; what it does not take (a "5" to a
 * rating of four) is tried on the next.
 */
export function readAnswer(said: Said, { questions }: Pick<Known, "questions">): Verdict | null {
  for (const [question, { kind, options }] of questions.entries()) {
    if (kind === "rating") {
      const read = readRating(said);
      if (read) return { meaning: "rating", question, ...read };
    }
    if (kind === "poll") {
      const read = readOption(said, options);
      if (read) return { meaning: "poll", question, ...read };
    }
  }
  return null;
}
