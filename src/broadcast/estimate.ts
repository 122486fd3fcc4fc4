import { localMonth } from "../lib/china-time.ts";
import { cleanText } from "../lib/text.ts";
import { channelOfVillage } from "../message/channel.queries.ts";
import { cutBubble } from "../message/cut-bubble.ts";
import { countSegments, unitsOverBorder } from "../message/segments.ts";
import type { Work } from "../queue/work.ts";
import { readBudget } from "../village/budget.queries.ts";
import { describeBudget } from "../village/budget-view.ts";
import type { Village } from "../village/village.queries.ts";
import { writeSignature } from "../village/village.ts";
import { countAudience } from "./audience.queries.ts";
import { sayLeftOut } from "./audience.ts";
import { type Audience, type BroadcastKind, MAX_SEGMENTS } from "./broadcast.ts";
import { sayDuration } from "./bubble.ts";
import { costOf } from "./cost.ts";
import { writeBody } from "./poll.ts";

/** A notice as far as it is written. */
export type Sketch = {
  columnId: string | null;
  kind: BroadcastKind;
  body: string;
  options: readonly string[] | null;
  audience: Audience;
  sendAt: Date | null;
};

export type EstimateView = Awaited<ReturnType<typeof estimateSketch>>;

/** What it will look like on a phone, whom it reaches and what it costs: beside the fields while somebody writes. */
export async function estimateSketch(work: Work, village: Village, sketch: Sketch) {
  const { columnId, kind, audience, sendAt } = sketch;
  const text = writeSignature(village.signature) + writeBody({ ...sketch, body: cleanText(sketch.body).trim() });
  const { segments, units } = countSegments(text);
  const emergency = kind === "emergency";
  const counted = await countAudience(work.tx, { villageId: village.id, audience, columnId, emergency });
  const { recipients } = counted;
  const all = segments * recipients;
  const channel = await channelOfVillage(work.tx, village.id);
  const month = localMonth(sendAt !== null && sendAt > work.now ? sendAt : work.now);
  const over = unitsOverBorder(text);
  return {
    parts: cutBubble(text),
    units,
    segments,
    recipients,
    all,
    cost: costOf(all, channel.price),
    budget: describeBudget(await readBudget(work.tx, village.id, month), all),
    duration: sayDuration(all, channel.rate),
    saving: segments > 1 && over <= 25 ? { over, all: recipients } : null,
    tooLong: segments > MAX_SEGMENTS,
    left: sayLeftOut(counted),
  };
}
