import { sayMoment } from "../../lib/china-time.ts";
import { after, DAY } from "../../lib/clock.ts";
import type { BroadcastId } from "../../lib/ids.ts";
import type { Outcome } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { SystemWork } from "../../queue/work.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import type { PersonalSketch } from "../lint/letters.ts";
import { quoteNotice, rankAlike } from "./likeness.ts";
import { countOverlap, listNoticesSince } from "./similar.queries.ts";

/** Older than this nobody remembers having read. */
const REMEMBERED_DAYS = 30;
/** The same text twice in this time is a slip of the finger, unless somebody says that it is not. */
const REPEAT_MS = DAY;
const MOST_SHOWN = 3;

/** `overlap`: how many of those who would get the new one have got this one, or will. */
export type SimilarNotice = {
  id: BroadcastId;
  column: string;
  at: Date;
  left: boolean;
  recipients: number;
  overlap: number;
  /** 0 to 1. */
  alike: number;
  same: boolean;
  /** The same text to the same people within a day: refused until somebody says that it is meant. */
  repeats: boolean;
  words: string;
};

export type NoticeSketch = PersonalSketch & { sendAt: Date | null };

/**
 * What was sent in the last weeks, or is about to be, and says nearly the same; likest first. A notice of which nobody
 * here got anything is told too: the other half of the village may have.
 */
export const findSimilarNotices = (work: SystemWork, sketch: NoticeSketch): Promise<SimilarNotice[]> =>
  findAlike(work, sketch, false);

async function findAlike(work: SystemWork, sketch: NoticeSketch, sameOnly: boolean): Promise<SimilarNotice[]> {
  const { id, villageId, body, audience, columnId, kind } = sketch;
  const leaves = leavingAt(work, sketch);
  const from = after(leaves, -REMEMBERED_DAYS * DAY);
  const recent = await listNoticesSince(work.tx, villageId, { from, except: id, now: work.now });
  const wish = { villageId, audience, columnId, emergency: kind === "emergency" };
  const found: SimilarNotice[] = [];
  for (const { alike, same, ...one } of rankAlike(body, recent, MOST_SHOWN)) {
    if (sameOnly && !same) continue;
    const overlap = await countOverlap(work.tx, wish, one);
    const near = Math.abs(leaves.getTime() - one.at.getTime()) < REPEAT_MS;
    const { recipients, column, at } = one;
    const left = one.launchedAt !== null;
    const told = { id: one.id, column, at, left, recipients, overlap, alike, same };
    const repeats = same && near && overlap > 0 && kind !== "emergency";
    found.push({ ...told, repeats, words: sayWhen(work, one.body, told) });
  }
  return found;
}

/** `“明天停电…”今天 09:00 发给了 118 户，其中 118 户这次又会收到`. */
function sayWhen(
  { now }: SystemWork,
  body: string,
  one: Pick<SimilarNotice, "at" | "left" | "recipients" | "overlap">,
) {
  const sent = one.left ? "发给了" : "要发给";
  const again = one.overlap === 0 ? "这次的人都没收到过" : `其中 ${one.overlap} 户这次又会收到`;
  return `${quoteNotice(body)}${sayMoment(one.at, now)} ${sent} ${one.recipients} 户，${again}`;
}

/** Refuses the same text to the same people within a day. An emergency is never kept back for that. */
export async function checkRepeat(work: SystemWork, sketch: NoticeSketch): Promise<Outcome<null>> {
  if (sketch.kind === "emergency") return ok(null);
  const repeated = (await findAlike(work, sketch, true)).find((one) => one.repeats);
  if (!repeated) return ok(null);
  const message = `一样的内容一天内不重复发：${repeated.words}。确实要再发，请勾选“我知道，再发一次”`;
  return {
    ok: false,
    refusal: { code: "repeated_notice", message, errors: [{ field: "repeatAnyway", message }] },
  };
}

const leavingAt = ({ now }: SystemWork, { sendAt }: Pick<Broadcast, "sendAt">): Date =>
  sendAt !== null && sendAt > now ? sendAt : now;
