import { audit } from "../db/audit.queries.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { setContact, settleContact, updateResident } from "./change-household.queries.ts";
import { findResident, type Home, isHere } from "./find-household.ts";
import { LEFT_REASONS } from "./left.ts";

/** Somebody has moved or died: his row and what he said stay, and nothing more is sent to him. */
export async function leaveDoor(
  work: Work,
  home: Home,
  wish: { person?: string; reason?: string },
): Promise<Outcome<null>> {
  const person = findResident(home, wish.person);
  if (!person.ok) return person;
  const reason = LEFT_REASONS.find((one) => one === wish.reason);
  if (!reason) return invalid({ field: "reason", message: "请选一个原因" });
  if (!isHere(person.value)) return refusal("move_not_allowed", "他已经记为不在这一户了");
  await updateResident(work.tx, person.value.id, { left_at: work.now, left_reason: reason });
  return await settled(work, home, person.value.id, "person.left", { reason });
}

/** It was a mistake, or he came home. Whoever was merged is parted by undoing the merge; whoever was erased is gone. */
export async function returnToDoor(work: Work, home: Home, id: string | undefined): Promise<Outcome<null>> {
  const person = findResident(home, id);
  if (!person.ok) return person;
  if (isHere(person.value) || person.value.mergedInto || person.value.erasedAt) {
    return refusal("move_not_allowed", "这个人不能这样放回来");
  }
  await updateResident(work.tx, person.value.id, { left_at: null, left_reason: null });
  return await settled(work, home, person.value.id, "person.returned", {});
}

/** Texts to this door go to this person's phone from now on, whatever the next import says. */
export async function chooseContact(work: Work, home: Home, id: string | undefined): Promise<Outcome<null>> {
  const person = findResident(home, id);
  if (!person.ok) return person;
  const { hash, id: villagerId } = person.value;
  if (!isHere(person.value) || !hash) return invalid({ field: "contact", message: "他没有手机号，请选别人" });
  await setContact(work.tx, home.household.id, hash);
  return await settled(work, home, villagerId, "person.contact", {});
}

async function settled(
  work: Work,
  home: Home,
  villagerId: string,
  action: string,
  detail: Record<string, string>,
): Promise<Outcome<null>> {
  await settleContact(work.tx, home.household.id);
  await audit(work, { chain: home.village.id, action, subject: "villager", subjectId: villagerId, detail });
  return ok(null);
}
