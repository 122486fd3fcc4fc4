/** `约 2 分钟发完`: how long the channel needs for so many segments. */
export function sayDuration(segments: number, rate: number): string {
  const seconds = segments / rate;
  if (seconds < 60) return "1 分钟内发完";
  if (seconds < 90 * 60) return `约 ${Math.ceil(seconds / 60)} 分钟发完`;
  return `约 ${Math.round(seconds / 360) / 10} 小时发完`;
}
