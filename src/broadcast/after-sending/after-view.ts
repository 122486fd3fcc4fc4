import { may } from "../../lib/roles.ts";
import type { Work } from "../../queue/work.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import { costOf } from "../cost.ts";
import type { Progress } from "../sending/progress.ts";
import { countTaken, listCorrections } from "./follow-up.queries.ts";
import { sayVisits } from "./visit.ts";
import { countVisits } from "./visits.queries.ts";

/** What came after a notice: who was told in person, what corrects it, what the carrier took. */
export async function describeAfter({ tx, actor }: Work, broadcast: Broadcast, progress: Progress) {
  const { id, launchedAt, price } = broadcast;
  const { by, of } = await listCorrections(tx, id);
  const visits = await countVisits(tx, id);
  const taken = launchedAt ? await countTaken(tx, id) : 0;
  const unsent = progress.suppressed + progress.canceled;
  return {
    corrects: of,
    corrected: by.filter((one) => one.launchedAt !== null),
    /** Written, and not sent yet. */
    correcting: by.filter((one) => one.launchedAt === null),
    mayCorrect: launchedAt !== null && may(actor.role, "broadcast.draft"),
    visits:
      visits.listed === 0
        ? null
        : {
            ...visits,
            words: sayVisits(visits),
            known: `短信送达 ${progress.delivered} 户，上门或电话告诉 ${visits.told} 户`,
          },
    bill: launchedAt ? { taken, cost: costOf(taken, price), unsent } : null,
  };
}
