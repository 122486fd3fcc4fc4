import type { Found } from "./roster-import.ts";
import type { RosterImport } from "./roster-imports.queries.ts";

type Tone = "done" | "soon" | "late" | "wait" | "off";

/** What an import waits for, in a list. */
export function relativeState({ state, layout }: RosterImport): { words: string; tone: Tone } {
  switch (state) {
    case "uploaded":
      return layout.ready ? { words: "正在比对", tone: "wait" } : { words: "等您认列", tone: "soon" };
    case "previewed":
      return { words: "等您确认", tone: "soon" };
    case "running":
      return { words: "正在导入", tone: "wait" };
    case "done":
      return { words: "导完了", tone: "done" };
    case "failed":
      return { words: "没导成", tone: "late" };
    case "dropped":
      return { words: "不要了", tone: "off" };
  }
}

/** The page's title answers what will happen, or what did. */
export function titleOf(item: RosterImport): string {
  const { state, layout, found, imported, updated, unchanged } = item;
  switch (state) {
    case "uploaded":
      return layout.ready ? "正在和名册比对" : "有的列没认出来，请指一下";
    case "previewed":
      return sayFound(found as Found);
    case "running":
      return `正在导入：${item.readRows} / ${item.rows ?? 0} 人`;
    case "done":
      return imported + updated === 0
        ? `导完了，名册没有变：${unchanged} 人都和原来一样`
        : `导完了：${[imported > 0 ? `新添 ${imported} 人` : "", updated > 0 ? `改了 ${updated} 人` : ""].filter(Boolean).join("，")}`;
    case "failed":
      return "这份文件没导成";
    case "dropped":
      return "这份名单不要了";
  }
}

function sayFound(found: Found): string {
  const parts = [
    found.new > 0 ? `新添 ${found.new} 人` : "",
    found.changed > 0 ? `改 ${found.changed} 人` : "",
    found.rejected > 0 ? `${found.rejected} 行要改` : "",
    found.erased > 0 ? `${found.erased} 人要求删除过` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? `和名册一样：${found.unchanged} 人都没有变` : parts.join("，");
}

/** A file that names only part of the village is most likely one group's. */
export const looksPartial = (found: Found): boolean =>
  found.left > 20 && found.left > (found.changed + found.unchanged + found.left) * 0.3;
