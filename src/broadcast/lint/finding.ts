import type { ColumnClass } from "../../village/columns.ts";
import type { BroadcastKind } from "../broadcast.ts";
import type { Heard } from "./heard.ts";

/** Something in a text that must not leave (`block`) or that its writer should look at again (`warn`). */
export type Finding = {
  rule: string;
  level: "block" | "warn";
  /** Which field of the form it stands in. */
  field: "body" | "options";
  /** Where in the original body, in UTF-16 units; null for what is missing, for the whole, and for an option. */
  at: { from: number; to: number } | null;
  /** The words it is about; of a number that must not be seen only the ends. */
  quote: string;
  why: string;
  remedy: string;
};

/** What a rule may want to know besides the text. Everything may be left out. */
export type LintFacts = {
  columnClass?: ColumnClass | undefined;
  kind?: BroadcastKind | undefined;
  /** Of a poll. */
  options?: readonly string[] | null | undefined;
  /** Notices that most households got, or will get, in this week besides this one. */
  noticesThisWeek?: number | undefined;
  /** Mobiles that stand on the village's board, as eleven digits. */
  officialPhones?: readonly string[] | undefined;
  /** When it leaves, if that is not at once; and the moment it is written. */
  sendAt?: Date | null | undefined;
  now?: Date | undefined;
};

/** What a rule says of one place of the heard text; `lintText` turns it into a finding. */
export type Hit = {
  level: Finding["level"];
  at: { from: number; to: number } | null;
  /** Where the words themselves must not be repeated. */
  quote?: string;
  why: string;
  remedy: string;
};

/** One family of things to look for. Pure. `parts`: it reads each option for itself too. */
export type LintRule = { name: string; read(heard: Heard, facts: LintFacts): Hit[] };
