import { MEANINGS, type Meaning } from "../../src/inbound/meaning.ts";
import { understandText } from "../../src/inbound/rules.ts";
import type { Known, Verdict } from "../../src/inbound/verdict.ts";
import { classify } from "../../src/suggestion/classify.ts";
import { FOUNDING_WORDS } from "../../src/suggestion/founding-words.ts";
import { FOUNDING_COLUMNS } from "../../src/village/columns.ts";

/** What the village knows of a phone, where it differs from a villager of whom nothing was asked. */
export type Told = Partial<Known>;

/** A text and what it means; `detail` in words. */
export type Labelled = { text: string; known: Known; meaning: Meaning; detail: readonly string[] };

export const ORDINARY: Known = {
  sender: "person",
  questions: [],
  cadres: ["刘建国", "丁大勇", "王秀英"],
  columns: FOUNDING_COLUMNS.map((column) => column.name),
};

/** One text per line, its detail after "=>". */
export const texts = (meaning: Meaning, told: Told, lines: string): Labelled[] =>
  lines.split("\n").map((line) => {
    const [text = "", detail = ""] = line.split(" => ");
    return { text, known: { ...ORDINARY, ...told }, meaning, detail: detail.split(" ").filter((word) => word !== "") };
  });

export type Reading = Labelled & { verdict: Verdict; rule: string; ms: number; right: boolean };

export const readAll = (labelled: readonly Labelled[]): Reading[] =>
  labelled.map((one) => {
    const { rule, verdict } = understandText(one.text, one.known);
    // The best of three: what the machine does besides is not ours.
    const ms = Math.min(...[1, 2, 3].map(() => time(() => understandText(one.text, one.known))));
    return { ...one, verdict, rule, ms, right: verdict.meaning === one.meaning && sayDetail(verdict, one.detail) };
  });

const time = (work: () => unknown): number => {
  const started = performance.now();
  work();
  return performance.now() - started;
};

/** Whether the verdict says what the label says of the detail; a suggestion's classes are another matter. */
function sayDetail(verdict: Verdict, detail: readonly string[]): boolean {
  const [first = ""] = detail;
  switch (verdict.meaning) {
    case "opt_out":
    case "opt_in":
      return (verdict.column ?? "") === first;
    case "emergency":
      return first === "" || verdict.danger === first;
    case "sealed":
      return detail.every((one) => verdict.accused.includes(one));
    case "rating":
      return String(verdict.rating) === first;
    case "poll":
      return String(verdict.option) === first;
    case "status_query":
      return String(verdict.number ?? "") === first;
    default:
      return true;
  }
}

/** A wrong one of these does harm: one goes unheard, one cannot be taken back, one silences. */
export const DANGEROUS: readonly Meaning[] = ["opt_out", "emergency", "sealed"];
export const isDangerous = ({ meaning, verdict }: Reading): boolean =>
  meaning !== verdict.meaning && (DANGEROUS.includes(meaning) || DANGEROUS.includes(verdict.meaning));

/** What it is in the rows, what it was read as in the columns; empty cells are dots. */
export function writeMatrix(readings: readonly Reading[]): string {
  const count = (of: Meaning, as: Meaning) =>
    readings.filter((one) => one.meaning === of && one.verdict.meaning === as).length;
  const width = 8;
  const head = MEANINGS.map((as) => as.slice(0, width - 1).padStart(width)).join("");
  const rows = MEANINGS.map(
    (of) => of.padEnd(14) + MEANINGS.map((as) => String(count(of, as) || "·").padStart(width)).join(""),
  );
  return [" ".repeat(14) + head, ...rows].join("\n");
}

/** How many of the labelled suggestions have the nature, the class and the urgency they should. */
export function readClasses(labelled: readonly Labelled[]) {
  const sums = { nature: [0, 0], category: [0, 0], urgent: [0, 0] };
  for (const { text, detail } of labelled.filter((one) => one.meaning === "suggestion")) {
    const [nature = "-", category = "-", urgent] = detail;
    const read = classify(text, FOUNDING_WORDS);
    if (nature !== "-") note(sums.nature, read.nature === nature);
    if (category !== "-") note(sums.category, read.category === category);
    note(sums.urgent, read.urgent === (urgent === "urgent"));
  }
  return sums;
}

const note = (sum: number[], right: boolean): void => {
  sum[0] = (sum[0] ?? 0) + (right ? 1 : 0);
  sum[1] = (sum[1] ?? 0) + 1;
};

/**
 * The seven first-level labels of the petitions, by the classes of ours that are right for them. The city's labels are
 * offices: labour and social security is wages (a conflict) or pensions and relief (help); trade and tourism is economy.
 */
export const PETITION_CLASSES: Readonly<Record<string, readonly string[]>> = {
  城乡建设: ["livelihood"],
  环境保护: ["livelihood"],
  交通运输: ["livelihood"],
  教育文体: ["livelihood"],
  卫生计生: ["livelihood"],
  劳动和社会保障: ["poverty", "conflict"],
  商贸旅游: ["economy"],
};

export function sharePetitions(rows: readonly Record<string, string>[]) {
  const byLabel = new Map<string, [number, number]>();
  for (const { label = "", subject = "" } of rows) {
    const sum = byLabel.get(label) ?? [0, 0];
    byLabel.set(label, sum);
    const category = classify(subject, FOUNDING_WORDS).category ?? "";
    if (PETITION_CLASSES[label]?.includes(category)) sum[0]++;
    sum[1]++;
  }
  const right = [...byLabel.values()].reduce((sum, [one]) => sum + one, 0);
  return { byLabel, share: right / rows.length };
}
