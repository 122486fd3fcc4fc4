import { fromLocal, localTime } from "../lib/china-time.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { listClimbed } from "./ladder.queries.ts";
import { RUNG_WORDS } from "./ladder.ts";
import { listSupervisions } from "./supervision.queries.ts";
import { describeSupervision } from "./supervision-view.ts";

/** For the page of today: the orders that wait for a reply, and whom the ladder reminded today. */
export async function readLadderToday({ tx, now }: Work, village: Village) {
  const t = localTime(now);
  const orders = await listSupervisions(tx, village.id, 20, 0);
  const climbed = await listClimbed(tx, village.id, fromLocal(t.year, t.month, t.day));
  return {
    orders: orders.filter((one) => !one.settled).map((one) => describeSupervision(one, now, village.calendar)),
    climbed: climbed.map(({ rung, ...one }) => ({ ...one, words: RUNG_WORDS[rung] })),
  };
}
