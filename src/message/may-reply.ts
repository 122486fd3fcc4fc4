import type { SystemWork } from "../queue/work.ts";
import { countAutomatic } from "./replies.queries.ts";
import { type AutomaticPurpose, isWithinLimits } from "./reply-limits.ts";

/**
 * Whether one more text of our own writing may go to this phone now. Ask before queueing a receipt, a reply or a prompt;
 * if not, the text that came is understood and kept all the same. Texts of one phone are understood one after the
 * other, so what one of them brought is counted when the next one asks.
 */
export async function mayReply(work: SystemWork, phoneHash: Buffer, purpose: AutomaticPurpose): Promise<boolean> {
  return isWithinLimits(await countAutomatic(work.tx, phoneHash, work.now), purpose);
}
