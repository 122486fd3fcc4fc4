import type { PolicyId, TownshipId, VillageId } from "../lib/ids.ts";

/** An entry of the 政策汇编, in the six fields of the printed one (reference/domain.md, S1). */
export type PolicyWords = {
  title: string;
  /** Other words people ask with. */
  keywords: readonly string[];
  /** 依据 */
  basis: string;
  /** 范围 */
  scope: string;
  /** 标准 */
  standard: string;
  /** 流程 */
  process: string;
  /** 责任科室 */
  office: string;
  /** 责任人 */
  person: string;
  phone: string;
};

export type Policy = PolicyWords & {
  id: PolicyId;
  /** One of the two: a village's own entry, or its township's for every village. */
  villageId: VillageId | null;
  townshipId: TownshipId | null;
  active: boolean;
  writer: string | null;
  writtenAt: Date;
};

/** Longest of each field, in characters: what fits a text of three segments is cut to it, the page shows the rest. */
export const LONGEST: Record<Exclude<keyof PolicyWords, "keywords">, number> = {
  title: 30,
  basis: 200,
  scope: 300,
  standard: 300,
  process: 300,
  office: 30,
  person: 20,
  phone: 30,
};
export const MOST_KEYWORDS = 20;
