import type { Meaning } from "../../src/inbound/meaning.ts";
import type { Known } from "../../src/inbound/verdict.ts";
import { FOUNDING_COLUMNS } from "../../src/village/columns.ts";

/** What the village knows of a phone, where it differs from a villager of whom nothing was asked. */
export type Told = Partial<Known>;

/** A text and what it means; `detail` as words, compared by `agrees`. */
export type Labelled = { text: string; known: Known; meaning: Meaning; detail: readonly string[] };

const ORDINARY: Known = {
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
