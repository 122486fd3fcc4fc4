import { invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";

/** What villages usually tell people apart by (reference/domain.md 3); each adds its own words. */
export const USUAL_TAGS = [
  "党员",
  "村民代表",
  "低保户",
  "外出务工",
  "独居老人",
  "高龄老人",
  "残疾人",
  "退役军人",
] as const;

const LONGEST = 20;
const MOST = 20;

/** Tags as somebody typed them, between commas and semicolons of either width. */
export const splitTags = (written: string): string[] =>
  written
    .split(/[;；、,，\n]/)
    .map((tag) => cleanText(tag).trim())
    .filter((tag) => tag !== "");

/** The ticked ones (`tag:党员` = on) and the new ones in `newTag`, each once. */
export function readTags(fields: Readonly<Record<string, string>>): Outcome<string[]> {
  const ticked = Object.keys(fields).flatMap((name) => (name.startsWith("tag:") ? splitTags(name.slice(4)) : []));
  const tags = [...new Set([...ticked, ...splitTags(fields.newTag ?? "")])];
  if (tags.some((tag) => tag.length > LONGEST)) return invalid({ field: "newTag", message: "一个身份不超过20个字" });
  if (tags.length > MOST) return invalid({ field: "newTag", message: "一个人最多20个身份" });
  return ok(tags);
}
