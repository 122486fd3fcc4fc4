import { segmentBorders } from "./segments.ts";

/** What a villager will read, cut where the carrier will cut it: the parts between the faint rules. */
export function cutBubble(text: string): string[] {
  const characters = Array.from(text);
  const cuts = [0, ...segmentBorders(text), characters.length];
  return cuts.slice(1).map((end, i) => characters.slice(cuts[i], end).join(""));
}
