import { localMonth } from "../../lib/china-time.ts";
import { cleanText } from "../../lib/text.ts";
import { channelOfVillage } from "../../message/channel.queries.ts";
import { cutBubble } from "../../message/cut-bubble.ts";
import { countSegments, unitsOverBorder } from "../../message/segments.ts";
import type { Work } from "../../queue/work.ts";
import { type Budget, readBudget } from "../../village/budget.queries.ts";
import { describeBudget } from "../../village/budget-view.ts";
import type { Village } from "../../village/village.queries.ts";
import { nextOpening, writeSignature } from "../../village/village.ts";
import { type AudienceWish, countAudience } from "../audience/audience.queries.ts";
import { type AudienceCount, sayLeftOut, unitOf } from "../audience/audience.ts";
import { MAX_SEGMENTS } from "../broadcast.ts";
import { costOf } from "../cost.ts";
import { readWords } from "../lint/check-words.ts";
import type { Finding } from "../lint/finding.ts";
import type { PersonalSketch } from "../lint/letters.ts";
import { findBlanks } from "../personal/blanks.ts";
import { type PersonalTally, previewPersonal, sayLengths, sayMissing } from "../personal/personal.ts";
import { writeBody } from "../poll/poll.ts";
import { finishAt } from "../sending/send-time.ts";
import { sayDuration } from "./bubble.ts";
import { proposeCuts } from "./shorten.ts";

/** A notice as far as it is written; a draft is one. */
export type Sketch = PersonalSketch & { sendAt: Date | null };

export type EstimateView = Awaited<ReturnType<typeof estimateSketch>>;

/**
 * What it will look like on a phone, whom it reaches, what it costs and what is wrong with it: beside the fields while
 * somebody writes. `door`: whose text is shown where each has his own; else the longest.
 */
export async function estimateSketch(work: Work, village: Village, sketch: Sketch, door: string | null = null) {
  const { columnId, kind, audience, options, sendAt } = sketch;
  const body = cleanText(sketch.body).trim();
  const wish = { villageId: village.id, audience, columnId, emergency: kind === "emergency" };
  const blanks = findBlanks(body);
  const personal = blanks.length > 0 ? await previewPersonal(work, { ...sketch, body }, door) : null;
  const counted = personal ? await countDoors(work, wish, personal) : await countAudience(work.tx, wish);
  const letter = (door !== null && personal?.shown) || personal?.worst || personal?.shown;
  const text = letter ? letter.text : writeSignature(village.signature) + writeBody({ body, options });
  const { segments, units } = countSegments(text);
  const unit = unitOf({ audience, personal: personal !== null });
  const recipients = personal?.recipients ?? counted.recipients;
  const all = personal?.segments ?? segments * recipients;
  const channel = await channelOfVillage(work.tx, village.id);
  const leaves = sendAt !== null && sendAt > work.now ? sendAt : work.now;
  const budget = await readBudget(work.tx, village.id, localMonth(leaves));
  const over = unitsOverBorder(text);
  const { cuts, enough } = proposeCuts(body, village.signature);
  return {
    parts: cutBubble(text),
    units,
    segments,
    recipients,
    unit,
    all,
    cost: costOf(all, channel.price),
    budget: describeBudget(budget, all),
    lacks: kind === "emergency" ? 0 : lacksOf(budget, all),
    duration: sayDuration(all, channel.rate),
    // An emergency waits for no hour; anything else begins when the village may be texted.
    finish: finishAt(kind === "emergency" ? "any" : village.sendingHours, leaves, all / channel.rate),
    waitsUntil: kind === "emergency" ? null : laterThan(leaves, nextOpening(village.sendingHours, leaves)),
    saving: segments > 1 && over <= 25 ? { over, all: personal ? null : recipients } : null,
    cuts: (enough ?? (over > 0 ? cuts : [])).slice(0, 6),
    canCut: enough !== null,
    tooLong: segments > MAX_SEGMENTS,
    findings: body === "" ? [] : blocksFirst(await readWords(work, { ...sketch, body })),
    // The table of the blanks goes with a draft that is kept.
    values: sketch.id === null ? null : `/v/${village.code}/notices/${sketch.id}/values`,
    // The list reads what is kept.
    leftOut: sketch.id === null ? null : `/v/${village.code}/notices/${sketch.id}/left-out`,
    left: sayLeftOut(counted, unit),
    personal: personal && {
      lengths: sayLengths(personal.lengths),
      missing: sayMissing(personal.missing),
      problem: personal.problem,
      door: letter?.household ?? null,
      longest: personal.longest,
      unknown: door !== null && personal.shown === null,
    },
  };
}

/** With blanks it is one text a door. Whose blanks are filled has been seen text by text: the database need not ask. */
async function countDoors({ tx }: Work, wish: AudienceWish, { recipients }: PersonalTally): Promise<AudienceCount> {
  const audience = { ...wish.audience, scope: "households" as const };
  const counted = await countAudience(tx, { ...wish, audience, blanks: { broadcastId: null, names: [] } });
  return { ...counted, recipients, noValue: counted.recipients - recipients };
}

const lacksOf = ({ limit, used }: Budget, all: number): number =>
  limit === null ? 0 : Math.min(all, Math.max(0, used + all - limit));

const laterThan = (at: Date, opening: Date | null): Date | null => (opening !== null && opening > at ? opening : null);

/** What stops it, before what one may think about. */
const blocksFirst = (findings: readonly Finding[]): Finding[] => [
  ...findings.filter(({ level }) => level === "block"),
  ...findings.filter(({ level }) => level === "warn"),
];
