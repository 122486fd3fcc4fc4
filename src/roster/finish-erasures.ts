import { ERASED_PHONE, printPhone } from "../lib/phone.ts";
import { sha256 } from "../lib/seal.ts";
import type { SystemWork } from "../queue/work.ts";
import {
  blankRecords,
  dueErasures,
  type Erasure,
  finishErasure,
  type Nobody,
  takeOutOfWords,
} from "./erasure.queries.ts";
import { keptSince } from "./erasure.ts";

/** A handful each time: one person's texts are a few hundred rows. */
const AT_ONCE = 20;

/**
 * Takes people out of everything that staff themselves may not touch: sealed cases, texts, records. First what can be
 * read and the records that are old enough; the rest when it need not be kept any longer. Returns with how many it got further.
 */
export async function finishErasures(work: SystemWork): Promise<number> {
  const due = await dueErasures(work.tx, work.now, AT_ONCE);
  let further = 0;
  for (const erasure of due) {
    const nobody = nobodyOf(work, erasure);
    if (erasure.begunAt === null) {
      if (await takeOutOfWords(work.tx, erasure, wordsOf(work, erasure), work.now)) further++;
      await blankRecords(work.tx, erasure, nobody, keptSince(work.now));
    } else {
      await blankRecords(work.tx, erasure, nobody, work.now);
      await finishErasure(work.tx, erasure.id, work.now);
      further++;
    }
  }
  return further;
}

/** By what he can be recognised in a text: his name, and his number as people write it. */
function wordsOf({ sealer }: SystemWork, { name, phone }: Erasure): string[] {
  const known = name ? [sealer.openBytes(name).toString()] : [];
  // A name of one character is a word of any text.
  const names = known.filter((one) => Array.from(one).length > 1);
  return phone ? [...names, sealer.openPhone(phone), printPhone(sealer.openPhone(phone))] : names;
}

const nobodyOf = ({ sealer }: SystemWork, { id }: Erasure): Nobody => ({
  hash: sha256(`erased ${id}`),
  phone: sealer.phone(ERASED_PHONE),
  raw: sealer.bytes(Buffer.alloc(0)),
});
