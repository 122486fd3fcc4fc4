import type { Brand, VillageId } from "../lib/ids.ts";
import type { Moves } from "../lib/moves.ts";

export type SheetId = Brand<string, "SheetId">;
export type EntryId = Brand<string, "EntryId">;

export const SHEET_STATES = ["draft", "locked", "posted"] as const;
export type SheetState = (typeof SHEET_STATES)[number];

/**
 *   draft ◀─▶ locked ─▶ posted
 * Locked: a notice was made of it, so its figures lie before those who sign. Posted: it hangs on the board for
 * everybody, and nothing changes it any more; what was wrong is put right by a correction sheet that names it.
 */
export const SHEET_MOVES: Moves<SheetState> = { draft: ["locked"], locked: ["draft", "posted"], posted: [] };

export const SHEET_STATE_WORDS: Record<SheetState, string> = { draft: "还在填", locked: "已定稿", posted: "已公布" };

export const ENTRY_KINDS = ["income", "expense"] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];
export const KIND_WORDS: Record<EntryKind, string> = { income: "收入", expense: "支出" };

export const VIAS = ["bank", "cash"] as const;
export type Via = (typeof VIAS)[number];
export const VIA_WORDS: Record<Via, string> = { bank: "银行", cash: "现金" };

/**
 * What money comes from and goes to: the income and expenditure items of the 农村集体经济组织财务公开规定 (2011; of its 8
 * classes these two are what a month consists of, reference/domain.md 1.4), in fewer words.
 */
export const CATEGORIES = {
  sales: { kind: "income", words: "经营收入" },
  lease: { kind: "income", words: "发包和上交收入" },
  investment: { kind: "income", words: "投资收入" },
  collected: { kind: "income", words: "一事一议筹资" },
  running: { kind: "income", words: "运转经费补助" },
  grant: { kind: "income", words: "上级专项补助" },
  land_in: { kind: "income", words: "征地补偿收入" },
  relief_in: { kind: "income", words: "救济扶贫款收入" },
  donation_in: { kind: "income", words: "捐赠收入" },
  disposal: { kind: "income", words: "资产处置收入" },
  other_in: { kind: "income", words: "其他收入" },
  operating: { kind: "expense", words: "经营支出" },
  pay: { kind: "expense", words: "干部报酬和误工补贴" },
  papers: { kind: "expense", words: "报刊费" },
  office: { kind: "expense", words: "办公和管理费" },
  welfare: { kind: "expense", words: "公益福利支出" },
  building: { kind: "expense", words: "购建支出" },
  land_out: { kind: "expense", words: "征地补偿支出" },
  relief_out: { kind: "expense", words: "救济扶贫支出" },
  donation_out: { kind: "expense", words: "捐赠支出" },
  other_out: { kind: "expense", words: "其他支出" },
} as const satisfies Record<string, { kind: EntryKind; words: string }>;
export type EntryCategory = keyof typeof CATEGORIES;
export const ENTRY_CATEGORIES = Object.keys(CATEGORIES) as EntryCategory[];
export const OTHER: Record<EntryKind, EntryCategory> = { income: "other_in", expense: "other_out" };

/** Who is helped is nobody's business but his and the board's: a text and the public page name only what it is. */
export const isRelief = (category: EntryCategory): boolean => category === "relief_out" || category === "relief_in";

/** `day` is `2026-07-03`, the day it was booked; `amount` is 分, more than nothing; the side says its sign. */
export type EntryWords = {
  day: string;
  kind: EntryKind;
  purpose: string;
  amount: number;
  category: EntryCategory;
  via: Via | null;
  handler: string;
  voucher: string;
};
export type Entry = EntryWords & { id: EntryId };

/** One village's money of one month, entry by entry. Amounts are 分; `month` is `2026-07`. */
export type Sheet = {
  id: SheetId;
  villageId: VillageId;
  month: string;
  state: SheetState;
  /** What was left of the month before; null until somebody says it. */
  opening: number | null;
  /** What the bank book and the cash box say at the month's end; null until somebody says it. */
  closing: number | null;
  correctsId: SheetId | null;
  maker: string;
  postedOn: string | null;
  postedAt: Date | null;
  poster: string | null;
};

/** A month with more is kept by an accountant's program. */
export const MOST_ENTRIES = 400;
/** 10 亿元 in 分: sums of this many of these are exact in a double. */
export const LARGEST = 100_000_000_000;

/** `2026-06`, the month before. */
export function monthBefore(month: string): string {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, "0")}`;
}

/** `2026年7月`. */
export const sayMonth = (month: string): string => `${month.slice(0, 4)}年${Number(month.slice(5, 7))}月`;
