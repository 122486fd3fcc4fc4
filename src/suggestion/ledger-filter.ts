import { DAY } from "../lib/clock.ts";
import { type ActorId, isUuid } from "../lib/ids.ts";
import { CATEGORIES, type Category } from "./category.ts";
import { NATURES, type Nature, OPEN_STATES, type SuggestionState } from "./suggestion.ts";

/** What the ledger is narrowed to beside the state; nothing given narrows nothing. */
export type Narrowing = {
  owner: ActorId | "none" | null;
  category: Category | "none" | null;
  nature: Nature | null;
  /** A 村民小组 by its name. */
  group: string | null;
  escalated: boolean;
  urgent: boolean;
  /** Came on or after, and before. */
  since: Date | null;
  until: Date | null;
  /** Words of the text, the answer, the person or the door; digits are a case's number too. */
  words: string | null;
  number: number | null;
};

export type Asked = Readonly<Record<string, string | undefined>>;

/** The form's fields are the address, so that a view of the ledger can be sent to a colleague. */
export const FILTER_FIELDS = ["owner", "category", "nature", "group", "escalated", "urgent", "since", "until", "q"];

/** Reads an address; what cannot be read narrows nothing. */
export function readNarrowing(asked: Asked): Narrowing {
  const one = <Value extends string>(values: readonly Value[], word: string | undefined) =>
    values.find((value) => value === word) ?? null;
  const { owner = "", group = "", q = "", number = "" } = asked;
  const until = readDay(asked.until);
  return {
    owner: owner === "none" ? "none" : isUuid(owner) ? (owner as ActorId) : null,
    category: one([...CATEGORIES, "none"] as const, asked.category),
    nature: one(NATURES, asked.nature),
    group: group.trim() === "" ? null : group.trim(),
    escalated: isOn(asked.escalated),
    urgent: isOn(asked.urgent),
    since: readDay(asked.since),
    until: until && new Date(until.getTime() + DAY),
    words: q.trim() === "" ? null : q.trim().slice(0, 100),
    number: /^\d{1,9}$/.test(number) ? Number(number) : null,
  };
}

const isOn = (word: string | undefined): boolean => word === "1" || word === "true";

const readDay = (text: string | undefined): Date | null => {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text ?? "") ? new Date(`${text}T00:00:00+08:00`) : null;
  return day === null || Number.isNaN(day.getTime()) ? null : day;
};

export const isNarrowed = (asked: Asked): boolean => FILTER_FIELDS.some((field) => (asked[field] ?? "").trim() !== "");

/** The address of the same view: of its next page, its export, its print. */
export const writeQuery = (asked: Asked, more: Record<string, string> = {}): string =>
  new URLSearchParams([
    ...["show", ...FILTER_FIELDS].flatMap((field): [string, string][] => {
      const value = asked[field]?.trim();
      return value ? [[field, value]] : [];
    }),
    ...Object.entries(more),
  ]).toString();

type View = { key: string; label: string; states: readonly SuggestionState[] | null };
/** What one looks for in a ledger, most wanted first. */
export const LEDGER_VIEWS: readonly [View, ...View[]] = [
  { key: "open", label: "等答复", states: OPEN_STATES },
  { key: "today", label: "今天必答", states: OPEN_STATES },
  { key: "late", label: "已超期", states: OPEN_STATES },
  { key: "answered", label: "等评价", states: ["answered"] },
  { key: "closed", label: "已办结", states: ["closed", "merged", "declined", "transferred"] },
  { key: "all", label: "全部", states: null },
];
export const readView = (asked: Asked): View => LEDGER_VIEWS.find((one) => one.key === asked.show) ?? LEDGER_VIEWS[0];
