import type { BroadcastId, HouseholdId } from "../../lib/ids.ts";
import { countSegments } from "../../message/segments.ts";
import type { SystemWork } from "../../queue/work.ts";
import { getVillage } from "../../village/village.queries.ts";
import { writeSignature } from "../../village/village.ts";
import type { LeftOut } from "../audience/audience.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import { blankFiller } from "../personal/blanks.ts";
import { readValues } from "../personal/values.queries.ts";
import { writeBody } from "../poll/poll.ts";
import { listAddressed } from "../sending/texts.queries.ts";

/** A notice with blanks as far as it is written; a broadcast is one. `id`: null before its first save. */
export type PersonalSketch = Pick<Broadcast, "villageId" | "columnId" | "kind" | "body" | "options" | "audience"> & {
  id: BroadcastId | null;
};

/**
 * One household's text: `body` without the signature, `text` and `segments` with it. `missing`: blanks that nothing is
 * known for, left as they are in the text. `reason`: why the household is not texted whatever its text says.
 */
export type Letter = {
  householdId: HouseholdId;
  household: string;
  body: string;
  text: string;
  segments: number;
  missing: string[];
  reason: LeftOut | null;
};

const CHUNK = 1000;

/** Writes every household's text, in the order of the doors, so many at a time that a large village fits into memory. */
export async function* eachLetter(work: SystemWork, sketch: PersonalSketch): AsyncGenerator<Letter[]> {
  const { id, villageId, columnId, kind, options } = sketch;
  const fill = blankFiller(sketch.body);
  const signature = writeSignature((await getVillage(work.tx, villageId)).signature);
  const audience = { ...sketch.audience, scope: "households" as const };
  const doors = await listAddressed(work.tx, { villageId, audience, columnId, emergency: kind === "emergency" });
  for (let from = 0; from < doors.length; from += CHUNK) {
    const chunk = doors.slice(from, from + CHUNK);
    const ids = chunk.map((door) => door.householdId);
    const known = new Map((await readValues(work.tx, villageId, id, ids)).map((row) => [row.householdId, row.values]));
    yield chunk.map((door) => {
      const { text: filled, missing } = fill(known.get(door.householdId) ?? {});
      const body = writeBody({ body: filled, options });
      const text = signature + body;
      return { ...door, body, text, missing, segments: countSegments(text).segments };
    });
  }
}

/** The body as the first household reads it that has a value for each blank; what nothing is known for stays visible. */
export async function writeSample(work: SystemWork, sketch: PersonalSketch): Promise<string> {
  let first: string | null = null;
  for await (const letters of eachLetter(work, sketch)) {
    const whole = letters.find((letter) => letter.missing.length === 0);
    if (whole) return whole.body;
    first ??= letters[0]?.body ?? null;
  }
  return first ?? writeBody(sketch);
}
