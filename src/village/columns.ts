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

/** What the village may let people leave alone. The other three are 三务公开, which the law makes it publish to everybody. */
export const mayBeOptional = (columnClass: ColumnClass): boolean => columnClass === "policy" || columnClass === "life";

/** What a villager may leave alone. Whoever has left a column before it was closed stays out of it. */
export const isOptional = (column: { class: ColumnClass; mayDecline: boolean }): boolean =>
  mayBeOptional(column.class) && column.mayDecline;

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

export const CLASS_WORDS: Record<ColumnClass, string> = {
  party: "党务公开",
  village: "村务公开",
  finance: "财务公开",
  policy: "政策法律",
  life: "生活和文化",
};
