import { audit } from "../db/audit.queries.ts";
import { isUuid, type VillagerId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { settleContact, updateResident } from "./change-household.queries.ts";
import { closeMerge, findPairs, giveBack, insertMerge, listMerges } from "./duplicates.queries.ts";
import { lockHousehold } from "./household.queries.ts";

/**
 * One person who was written down twice becomes one: one row stays, with both rows' tags and a phone if either had one;
 * the other only points at it. No text, case or opt-out moves (they are found through both rows, or by the phone), so
 * nothing is lost and it can be undone.
 */
export async function mergePeople(
  work: Work,
  village: Village,
  wish: { keep?: string; drop?: string },
): Promise<Outcome<null>> {
  const { keep = "", drop = "" } = wish;
  if (!isUuid(keep) || !isUuid(drop) || keep === drop) return invalid({ field: "keep", message: "请选留下哪一边" });
  const [pair] = await findPairs(work.tx, village.id, 1, [keep as VillagerId, drop as VillagerId]);
  if (!pair) return refusal("move_not_allowed", "这两个人对不上了，请刷新再看");
  const [kept, dropped] = pair.one.id === keep ? [pair.one, pair.other] : [pair.other, pair.one];
  // In one order, so that two merges of the same doors wait for each other.
  for (const door of [kept.householdId, dropped.householdId].sort()) await lockHousehold(work.tx, village.id, door);
  const newTags = dropped.tags.filter((tag) => !kept.tags.includes(tag));
  const tookPhone = kept.hash === null && dropped.hash !== null;
  await updateResident(work.tx, kept.id, {
    tags: [...kept.tags, ...newTags],
    ...(tookPhone ? { phone_hash: dropped.hash } : {}),
  });
  await updateResident(work.tx, dropped.id, { left_at: work.now, left_reason: "other", merged_into: kept.id });
  const merge = { kept: kept.id, dropped: dropped.id, tookPhone, newTags, by: work.actor.id };
  await insertMerge(work.tx, village.id, merge, work.now);
  await settleContact(work.tx, kept.householdId);
  await settleContact(work.tx, dropped.householdId);
  const detail = { dropped: dropped.id };
  await audit(work, { chain: village.id, action: "person.merge", subject: "villager", subjectId: kept.id, detail });
  return ok(null);
}

/** They are two after all. */
export async function partPeople(work: Work, village: Village, id: string): Promise<Outcome<null>> {
  const [merge] = isUuid(id) ? await listMerges(work.tx, village.id, 1, id) : [];
  if (!merge) return refusal("not_found", "没有这次合并");
  for (const door of [merge.keptDoorId, merge.droppedDoorId].sort()) await lockHousehold(work.tx, village.id, door);
  if (merge.erased) return refusal("move_not_allowed", "其中一个的资料已按本人要求删除，分不开了");
  if (!(await closeMerge(work.tx, merge.id, work.now))) return refusal("move_not_allowed", "已经分开了");
  await giveBack(work.tx, merge);
  await updateResident(work.tx, merge.droppedId, { left_at: null, left_reason: null, merged_into: null });
  await settleContact(work.tx, merge.keptDoorId);
  await settleContact(work.tx, merge.droppedDoorId);
  const detail = { dropped: merge.droppedId };
  await audit(work, { chain: village.id, action: "person.part", subject: "villager", subjectId: merge.keptId, detail });
  return ok(null);
}
