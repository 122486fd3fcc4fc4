/**
 * Where a villager is sent with what a village cannot take on: litigation, discipline and danger have their own doors
 * (北京市接诉即办工作条例 art. 11; 信访工作条例 arts. 29–31).
 */
export const PROPER_CHANNELS = {
  court: "司法所或法院",
  police: "公安110",
  hotline: "政务热线12345",
  discipline: "纪委监委12388",
  labour: "劳动监察12333",
  township: "乡镇（街道）科室",
  other: null,
} as const;
export type ProperChannel = keyof typeof PROPER_CHANNELS;

export const CHANNEL_CHOICES: readonly { value: ProperChannel; label: string }[] = (
  Object.keys(PROPER_CHANNELS) as ProperChannel[]
).map((value) => ({ value, label: PROPER_CHANNELS[value] ?? "别的地方，写在下面" }));

/** By its code or by the words that people know; undefined for what is neither. */
export const readChannel = (word: string): ProperChannel | undefined =>
  CHANNEL_CHOICES.find(({ value, label }) => value === word.trim() || label === word.trim())?.value;
