import { after, DAY } from "../lib/clock.ts";

/**
 * What stays when a person's data is taken out, and until when. The roster forgets him at once, and nobody reads his
 * texts any more. The records of texts (time, both numbers, content) must be kept: 5 months by 工信部令第31号, logs 6
 * months by 网络安全法 21; so they wait that long, unseen, and then go. Reference/domain.md 2.1, 2.2, 2.6.
 */
const RECORD_DAYS = 184;

export const keepUntil = (now: Date): Date => after(now, RECORD_DAYS * DAY);
/** Records from before this moment need not be kept any more. */
export const keptSince = (now: Date): Date => after(now, -RECORD_DAYS * DAY);

export const ERASED = "已删除";

/** The name that a person's row has afterwards; one door may have several. */
export function erasedName(taken: readonly string[]): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? ERASED : `${ERASED}${n}`;
    if (!taken.includes(name)) return name;
  }
}
