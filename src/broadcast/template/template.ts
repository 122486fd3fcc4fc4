import type { TemplateId, TownshipId, VillageId } from "../../lib/ids.ts";

/** A notice that comes again with other blanks. */
export type TemplateWords = { column: string; name: string; body: string };

export type Template = TemplateWords & {
  id: TemplateId;
  /** One of the two: a village's own, or its township's for every village. */
  villageId: VillageId | null;
  townshipId: TownshipId | null;
  version: number;
  retiredAt: Date | null;
  writer: string | null;
  writtenAt: Date;
};

export const LONGEST_NAME = 20;
export const LONGEST_TEMPLATE = 500;

/**
 * Blanks that no roster knows and a table brings, each with the longest value one has to reckon with: with these the
 * worst case is previewed. Any other name is a mistake in a template.
 */
export const TABLE_BLANKS: Readonly<Record<string, string>> = {
  ...{ 金额: "123456.78元", 亩数: "123.45亩", 面积: "123.45平方米", 标准: "每亩每年1200元", 补贴: "耕地地力保护补贴" },
  ...{
    日期: "12月31日",
    时间: "上午11点30分",
    地点: "村文化大院二楼会议室",
    事项: "承包合同到期续签",
    编号: "37030612345",
  },
};
