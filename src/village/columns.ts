/** What a column is about; it decides later who must sign and who may decline it. */
export const COLUMN_CLASSES = ["party", "village", "finance", "policy", "life"] as const;
export type ColumnClass = (typeof COLUMN_CLASSES)[number];

/** Whom a column is meant for, by the names of groups, grids and tags; without any of them: everybody. */
export type ColumnAudience = {
  scope: "households" | "villagers";
  groups?: string[];
  grids?: string[];
  tags?: string[];
};

/** What a villager may leave alone. The other three are 三务公开, which the law makes the village publish to everybody. */
export const isOptional = (columnClass: ColumnClass): boolean => columnClass === "policy" || columnClass === "life";

/** The columns of the founding report (淄博日报 2014, 郭家村), which a new village starts with. */
export const FOUNDING_COLUMNS: readonly { name: string; class: ColumnClass }[] = [
  { name: "村务公开", class: "village" },
  { name: "财务公开", class: "finance" },
  { name: "党务公开", class: "party" },
  { name: "农村政策导读", class: "policy" },
  { name: "政策学习", class: "policy" },
  { name: "法律问答", class: "policy" },
  { name: "生产生活", class: "life" },
  { name: "文明风尚", class: "life" },
  { name: "智慧语录", class: "life" },
  { name: "经典老人言", class: "life" },
  { name: "敬老孝亲", class: "life" },
];
