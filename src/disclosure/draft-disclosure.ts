import { type Audience, EVERYONE } from "../broadcast/broadcast.ts";
import { draftBroadcast } from "../broadcast/draft-broadcast.ts";
import { localDate } from "../lib/china-time.ts";
import type { BroadcastId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { listColumns, type Village } from "../village/village.queries.ts";
import { ensureDisclosure, listNotices } from "./disclosure.queries.ts";
import { findEntry } from "./find-entry.ts";
import { frameOf } from "./frames.ts";
import { listRules } from "./rules.queries.ts";
import { type EffectiveItem, rulesOn } from "./rules.ts";

/** As the roster calls them. */
const MEMBERS: Audience = { scope: "villagers", tags: ["党员"] };

/**
 * One tap: a draft in the fitting column with the frame of its text, for whom the item is meant. A second tap leads to
 * the draft that is there already.
 */
export async function draftDisclosure(
  work: Work,
  village: Village,
  code: string,
  period: string,
): Promise<Outcome<BroadcastId>> {
  const found = await findEntry(work, village, code, period);
  if (!found.ok) return found;
  const { item, label } = found.value;
  const column = (await listColumns(work.tx, village.id)).find((one) => one.class === item.class);
  if (!column) return refusal("not_found", "这个村没有合适的栏目，请先在栏目里加上");
  const { ground } = rulesOn(await listRules(work.tx, village), localDate(work.now));
  const id = await ensureDisclosure(
    work.tx,
    { villageId: village.id, item: code, period, by: work.actor.id },
    work.now,
  );
  const begun = (await listNotices(work.tx, id)).find((one) => one.state === "draft" || one.state === "returned");
  if (begun) return ok(begun.id);
  return await draftBroadcast(
    work,
    village,
    {
      column: column.name,
      body: frameOf(item, label, ground.objectionDays),
      audience: audienceOf(item),
      needsOverseer: item.overseer,
      origin: { disclosureId: id },
    },
    false,
  );
}

/** Of party items for members these are the party's; who is a member of the collective, no roster says. */
const audienceOf = (item: EffectiveItem): Audience =>
  item.audience === "all" || item.class !== "party" ? EVERYONE : MEMBERS;
