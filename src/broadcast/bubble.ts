import { segmentBorders } from "../message/segments.ts";

/** What a villager will read, cut where the carrier will cut it: the parts between the faint rules. */
export function cutBubble(text: string): string[] {
  const characters = Array.from(text);
  const cuts = [0, ...segmentBorders(text), characters.length];
  return cuts.slice(1).map((end, i) => characters.slice(cuts[i], end).join(""));
}

/** `约 2 分钟发完`: how long the channel needs for so many segments. */
export function sayDuration(segments: number, rate: number): string {
  const seconds = segments / rate;
  if (seconds < 60) return "1 分钟内发完";
  if (seconds < 90 * 60) return `约 ${Math.ceil(seconds / 60)} 分钟发完`;
  return `约 ${Math.round(seconds / 360) / 10} 小时发完`;
}
