import { after, DAY, HOUR } from "../../lib/clock.ts";
import { fold } from "../../lib/fold.ts";
import type { FieldError } from "../../lib/refusal.ts";
import { cleanText } from "../../lib/text.ts";

/** A poll that does not say when it closes is open this long from its launch on. */
export const USUAL_OPENING_MS = 72 * HOUR;
const LONGEST_OPENING_MS = 30 * DAY;
const LONGEST_OPTION = 20;

/** A villager who answers with one of these has opted out at the carrier (reference/domain.md 2.4). */
const OPT_OUT_AT_CARRIER = /^(?:t|td|n|r|qx|0000|退订)$/;

/** The share of doors that a village asks for before it takes an opinion poll seriously. */
export const QUORUMS = ["half", "two_thirds"] as const;
export type Quorum = (typeof QUORUMS)[number];
/** More than a half of those entitled, or two thirds of the households' delegates: 村民委员会组织法 arts. 22, 28. */
export const QUORUM_SHARES: Record<Quorum, { share: number; words: string }> = {
  half: { share: 1 / 2, words: "过半数" },
  two_thirds: { share: 2 / 3, words: "三分之二" },
};

/** The options as they will stand in the text: without the digits people type in front of them. */
export const readOptions = (options: readonly string[]): string[] =>
  options.map((option) =>
    cleanText(option)
      .trim()
      .replace(/^[1-9][.、．:：)）\s]+/, ""),
  );

/** What is wrong with a poll as somebody typed it, or null. `from`: when it leaves at the earliest. */
export function pollProblem(options: readonly string[], closesAt: Date | null, from: Date): FieldError | null {
  const wrong = (message: string): FieldError => ({ field: "options", message });
  if (options.length < 2 || options.length > 9) return wrong("选项要 2 到 9 个");
  if (options.some((option) => option === "")) return wrong("选项不能空着");
  const long = options.find((option) => Array.from(option).length > LONGEST_OPTION);
  if (long) return wrong(`选项太长，最多 ${LONGEST_OPTION} 个字：${long}`);
  const folded = options.map(fold);
  if (new Set(folded).size < folded.length) return wrong("有两个选项是一样的");
  const blocked = options.find((_, i) => OPT_OUT_AT_CARRIER.test(folded[i] ?? ""));
  if (blocked) return wrong(`选项不能用“${blocked}”：村民回这个，运营商会当成退订`);
  if (closesAt === null) return null;
  if (closesAt <= from) return { field: "closesAt", message: "截止时间要晚于发送时间" };
  if (closesAt > after(from, LONGEST_OPENING_MS)) return { field: "closesAt", message: "截止时间最远 30 天" };
  return null;
}

/** What villagers read below the question: `回数字：1同意 2不同意 3弃权`. */
export const sayOptions = (options: readonly string[]): string =>
  `\n回数字：${options.map((option, i) => `${i + 1}${option}`).join(" ")}`;

/** A notice's body as it goes out, with the options of a poll below it. */
export const writeBody = ({ body, options }: { body: string; options: readonly string[] | null }): string =>
  options === null || options.length === 0 ? body : body + sayOptions(options);

export type PollResult = { option: string; votes: number };
