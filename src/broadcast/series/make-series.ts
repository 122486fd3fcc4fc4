import { audit } from "../../db/audit.queries.ts";
import { type BroadcastId, newId } from "../../lib/ids.ts";
import { invalid, type Outcome, type Refusal, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { cleanText } from "../../lib/text.ts";
import type { Work } from "../../queue/work.ts";
import type { Village } from "../../village/village.queries.ts";
import { draftBroadcast } from "../draft-broadcast.ts";
import { checkWords } from "../lint/check-words.ts";
import { approveBroadcast } from "../signing/approve-broadcast.ts";
import { submitBroadcast } from "../submit-broadcast.ts";
import { planSeries, type Rhythm } from "./plan-series.ts";
import { listParts, type Part } from "./series.queries.ts";
import { MOST_PARTS, writeSeries } from "./series.ts";

export type SeriesWish = Rhythm & { column: string; text: string; segments: number };
export const MOST_SERIES_SEGMENTS = 5;
/** A booklet; of five segments a part, twenty parts are as much. */
const LONGEST_TEXT = 6000;

export type PlannedPart = { body: string; sendAt: Date };

/** The parts as they would leave, or what is wrong with the wish. Writes nothing. */
export function layOutSeries(village: Village, wish: SeriesWish, now: Date): Outcome<PlannedPart[]> {
  const text = cleanText(wish.text).trim();
  const over = text.length - LONGEST_TEXT;
  if (text === "") return invalid({ field: "text", message: "请写要分开发的长文章" });
  if (over > 0) return invalid({ field: "text", message: `太长了，请减 ${over} 个字，或者只贴在公开栏` });
  if (!Number.isInteger(wish.segments) || wish.segments < 1 || wish.segments > MOST_SERIES_SEGMENTS) {
    return invalid({ field: "segments", message: `每条写 1 到 ${MOST_SERIES_SEGMENTS}` });
  }
  const bodies = writeSeries(text, village.signature, wish.segments);
  if (bodies.length === 1) return invalid({ field: "text", message: "这段话一条就发得完，不用分，请直接写通知" });
  if (bodies.length > MOST_PARTS) {
    const message = `要分成 ${bodies.length} 条，最多 ${MOST_PARTS} 条：请删减，或者把每条放长一点`;
    return invalid({ field: "text", message });
  }
  const moments = planSeries(wish, bodies.length, village, now);
  if (!moments.ok) return moments;
  return ok(bodies.map((body, i) => ({ body, sendAt: moments.value[i] as Date })));
}

/** All parts as drafts, or none; `submit` hands all of them in. The answer is the id of the series. */
export async function makeSeries(
  work: Work,
  village: Village,
  wish: SeriesWish,
  submit: boolean,
): Promise<Outcome<string>> {
  const planned = layOutSeries(village, wish, work.now);
  if (!planned.ok) return planned;
  // A border may cut a number in two that no part shows by itself.
  const whole = { id: null, villageId: village.id, kind: "notice", options: null, sendAt: null } as const;
  const words = await checkWords(work, { ...whole, body: cleanText(wish.text) });
  if (!words.ok) return ofWhole(words.refusal);
  const id = newId<BroadcastId>(work.now.getTime()) as string;
  const parts = planned.value.length;
  for (const [i, { body, sendAt }] of planned.value.entries()) {
    const origin = { series: { id, part: i + 1, parts } };
    const made = await draftBroadcast(work, village, { column: wish.column, body, sendAt, origin }, submit);
    if (!made.ok) return ofWhole(made.refusal);
  }
  await audit(work, { chain: village.id, action: "series.make", subject: "series", subjectId: id, detail: { parts } });
  return ok(id);
}

/** A part's text stands in the field of the whole. */
function ofWhole({ errors, ...refused }: Refusal): Outcome<never> {
  const named = errors?.map((one) => ({ ...one, field: one.field === "body" ? "text" : one.field }));
  return { ok: false, refusal: named ? { ...refused, errors: named } : refused };
}

/** Hands in every part that is a draft, or came back: all of them, or none. */
export const submitSeries = (work: Work, village: Village, id: string): Promise<Outcome<number>> =>
  eachPart(
    work,
    village,
    id,
    ({ state }) => state === "draft" || state === "returned",
    (part) => submitBroadcast(work, part.id),
  );

/**
 * One tap for the second key of every part that waits; each is checked and frozen for itself. `seen`: of each part, from
 * the first, the version that the signer had before him.
 */
export const approveSeries = (
  work: Work,
  village: Village,
  id: string,
  seen: readonly number[],
): Promise<Outcome<number>> =>
  eachPart(
    work,
    village,
    id,
    ({ state }) => state === "awaiting_approval",
    (one) => approveBroadcast(work, one.id, seen[one.part - 1] ?? 0),
  );

async function eachPart(
  work: Work,
  village: Village,
  id: string,
  isMeant: (part: Part) => boolean,
  move: (part: Part) => Promise<Outcome<BroadcastId>>,
): Promise<Outcome<number>> {
  const meant = (await listParts(work.tx, village.id, id)).filter(isMeant);
  if (meant.length === 0) return refusal("move_not_allowed", "没有要办的了，请看看每一条现在怎么样");
  for (const part of meant) {
    const moved = await move(part);
    if (!moved.ok) return refusal(moved.refusal.code, `第 ${part.part} 条：${moved.refusal.message}`);
  }
  return ok(meant.length);
}
