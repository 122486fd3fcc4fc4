import type { BroadcastId } from "../../lib/ids.ts";
import { invalid, type Outcome } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { SystemWork, Work } from "../../queue/work.ts";
import { looseNumber, sayDoor } from "../audience/audience.ts";
import { MAX_SEGMENTS } from "../broadcast.ts";
import { listOfficialPhones, refuseWords } from "../lint/check-words.ts";
import { eachLetter, type Letter, type PersonalSketch } from "../lint/letters.ts";
import { type Finding, lintLetter } from "../lint/lint.ts";
import { insertTexts, removeTexts, type SegmentCount } from "../sending/texts.queries.ts";
import { blankProblem, findBlanks } from "./blanks.ts";
import { findTable } from "./values.queries.ts";

export type PersonalTally = {
  /** Households that get a text, and the segments of all of these texts. */
  recipients: number;
  segments: number;
  /** Longest first: so many households get a text of so many segments. */
  lengths: SegmentCount[];
  /** The longest text of all, and the doors whose texts are longer than the shortest ones, longest first, at most ten. */
  worst: Letter | null;
  longest: { household: string; segments: number }[];
  /** For how many households a blank is not known, by blank; they get nothing. */
  missing: { name: string; households: number }[];
  /** The text of the door that was asked for. */
  shown: Letter | null;
  /** The first door whose values bring in what must not leave, and what that is; null also where nobody looks. */
  leak: { household: string; findings: Finding[] } | null;
};

/** `officialPhones`: read every text for leaks but for these; null: do not, it takes longer than all the rest. */
async function tallyPersonal(
  work: SystemWork,
  sketch: PersonalSketch,
  household: string | null,
  officialPhones: readonly string[] | null,
): Promise<PersonalTally> {
  const wanted = household === null ? null : looseNumber(household);
  const lengths = new Map<number, number>();
  const missing = new Map<string, number>();
  const tally: PersonalTally = {
    ...{ recipients: 0, segments: 0, lengths: [], worst: null },
    ...{ longest: [], missing: [], shown: null, leak: null },
  };
  for await (const letters of eachLetter(work, sketch)) {
    for (const letter of letters) {
      const leaves = letter.reason === null && letter.missing.length === 0;
      if (household === null ? leaves : looseNumber(letter.household) === wanted) {
        // Of two doors that are alike but for a zero, the one that is written so.
        if (letter.household === household) tally.shown = letter;
        tally.shown ??= letter;
      }
      if (letter.reason !== null) continue;
      for (const name of letter.missing) missing.set(name, (missing.get(name) ?? 0) + 1);
      if (!leaves) continue;
      const findings = tally.leak === null && officialPhones ? lintLetter(letter.body, officialPhones) : [];
      if (findings.length > 0) tally.leak = { household: letter.household, findings };
      tally.recipients++;
      tally.segments += letter.segments;
      lengths.set(letter.segments, (lengths.get(letter.segments) ?? 0) + 1);
      if (isLonger(letter, tally.worst)) tally.worst = letter;
      tally.longest = keepLongest(tally.longest, letter);
    }
  }
  const longestFirst = [...lengths].sort(([a], [b]) => b - a);
  tally.lengths = longestFirst.map(([segments, households]) => ({ segments, households }));
  const shortest = longestFirst.at(-1)?.[0] ?? 0;
  tally.longest = tally.longest.filter((one) => one.segments > shortest);
  tally.missing = [...missing].map(([name, households]) => ({ name, households }));
  return tally;
}

const isLonger = (one: Letter, than: Letter | null): boolean =>
  than === null ||
  one.segments > than.segments ||
  (one.segments === than.segments && one.text.length > than.text.length);

const MOST_LONGEST = 10;
function keepLongest(longest: PersonalTally["longest"], { household, segments }: Letter): PersonalTally["longest"] {
  const last = longest[MOST_LONGEST - 1];
  if (last && last.segments >= segments) return longest;
  return [...longest, { household, segments }].sort((a, b) => b.segments - a.segments).slice(0, MOST_LONGEST);
}

/** `3 户要 3 条，其余 2 条`; of one length only: `每户 1 条`. */
export function sayLengths(lengths: readonly SegmentCount[]): string {
  const fewFirst = [...lengths].sort((a, b) => a.households - b.households);
  const most = fewFirst.pop();
  if (!most) return "";
  if (fewFirst.length === 0) return `每户 ${most.segments} 条`;
  const others = fewFirst.sort((a, b) => b.segments - a.segments);
  return `${others.map((one) => `${one.households} 户要 ${one.segments} 条`).join("，")}，其余 ${most.segments} 条`;
}

/** `3 户缺“金额”`: who gets nothing for want of a value. */
export const sayMissing = (missing: PersonalTally["missing"]): string[] =>
  missing.map(({ name, households }) => `${households} 户缺“${name}”`);

/** What a page shows of a notice with blanks; `problem`: why its blanks cannot be filled, in words. */
export type PersonalPreview = PersonalTally & { problem: string | null };

/** `household`: the door whose text is wanted, by its number; else the first that will get one. */
export const previewPersonal = async (
  work: SystemWork,
  sketch: PersonalSketch,
  household: string | null = null,
): Promise<PersonalPreview> => ({
  ...(await tallyPersonal(work, sketch, household, null)),
  problem: await namesProblem(work, sketch),
});

async function namesProblem({ tx }: SystemWork, { id, body }: PersonalSketch): Promise<string | null> {
  const table = id === null ? undefined : await findTable(tx, id);
  return blankProblem(body, table?.names ?? []);
}

/**
 * Whether a notice can leave as to its blanks: every one is known, somebody gets a text, and none is too long. Null for
 * a notice without any; its braces are looked at all the same, they may be a blank gone wrong.
 */
export async function checkPersonal(work: SystemWork, sketch: PersonalSketch): Promise<Outcome<PersonalTally | null>> {
  const problem = await namesProblem(work, sketch);
  if (problem !== null) return invalid({ field: "body", message: problem });
  if (findBlanks(sketch.body).length === 0) return ok(null);
  if (sketch.audience.scope !== "households") {
    return invalid({ field: "audience", message: "有 {{ }} 的通知每户一条，请选“每户一条”" });
  }
  const tally = await tallyPersonal(work, sketch, null, await listOfficialPhones(work, sketch.villageId));
  if (tally.leak) return refuseWords(tally.leak.findings, `${tally.leak.household} 号的短信里`);
  if (tally.recipients === 0) {
    const why = sayMissing(tally.missing).join("，");
    return invalid({ field: "audience", message: `没有一户能收到${why === "" ? "，请先核对名册" : `：${why}`}` });
  }
  if (tally.worst && tally.worst.segments > MAX_SEGMENTS) {
    const { household, segments } = tally.worst;
    return invalid({
      field: "body",
      message: `${sayDoor(household)}的短信要 ${segments} 条，最多 ${MAX_SEGMENTS} 条，请删减`,
    });
  }
  return ok(tally);
}

/** What the notice's own row says of its texts; the longest one counts as its length. */
export const personalChange = (tally: PersonalTally | null) =>
  tally && {
    recipients: tally.recipients,
    personal_segments: tally.segments,
    segments_per_message: tally.worst?.segments ?? 1,
  };

/**
 * Every household's text as it will leave, written down at approval: nothing that is changed later changes it. Doors
 * without a phone have theirs too, in case they get one before it leaves.
 */
export async function freezePersonal(work: Work, sketch: PersonalSketch & { id: BroadcastId }): Promise<void> {
  await removeTexts(work.tx, sketch.id);
  for await (const letters of eachLetter(work, sketch)) {
    const whole = letters.filter((letter) => letter.missing.length === 0 && letter.segments <= MAX_SEGMENTS);
    const texts = whole.map(({ householdId, text, segments }) => ({ householdId, body: text, segments }));
    await insertTexts(work.tx, sketch, texts);
  }
}
