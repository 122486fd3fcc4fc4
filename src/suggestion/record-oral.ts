import type { SuggestionId } from "../lib/ids.ts";
import { type FieldError, invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { type FoundPerson, findPeople, findPerson } from "../roster/find-people.queries.ts";
import type { Village } from "../village/village.queries.ts";
import { readWords } from "./move-suggestion.ts";
import { openSuggestion } from "./open-suggestion.ts";
import { HEARD_WORDS, type Heard } from "./suggestion.ts";

/** `who` is a name or a household's number; `villager` the person chosen among several that it could be. */
export type OralWish = { who: string; villager?: string | undefined; text: string; heard: string };

/**
 * What an elder without a phone said, written down by somebody of the village: the same number, clock and ledger as a
 * text. Whoever has a phone of his own gets the same texts; another's phone is never told what he said.
 */
export async function recordOral(work: Work, village: Village, wish: OralWish): Promise<Outcome<SuggestionId>> {
  const errors: FieldError[] = [];
  const text = readWords(wish.text, 1000);
  if (text === "") errors.push({ field: "text", message: "请写下他说了什么" });
  const heard = (Object.keys(HEARD_WORDS) as Heard[]).find((one) => one === wish.heard);
  if (!heard) errors.push({ field: "heard", message: "请选是怎么听到的" });
  const person = await choosePerson(work, village, wish);
  if (!person.ok) errors.push(...(person.refusal.errors ?? []));
  if (errors.length > 0 || !person.ok || !heard) return invalid(...errors);
  return ok(
    await openSuggestion(work, village, {
      text,
      phone: person.value.phone,
      householdId: person.value.householdId,
      villagerId: person.value.id,
      channelId: null,
      heard,
      heardBy: work.actor.id,
    }),
  );
}

async function choosePerson(work: Work, village: Village, wish: OralWish): Promise<Outcome<FoundPerson>> {
  const chosen = wish.villager ? await findPerson(work.tx, village.id, wish.villager) : undefined;
  if (chosen) return ok(chosen);
  const who = wish.who.trim();
  if (who === "") return invalid({ field: "who", message: "请写是谁说的：姓名或户号" });
  const found = await findPeople(work.tx, village.id, who);
  const exact = found.filter((one) => one.name === who || one.household === who);
  const [only, ...others] = exact.length > 0 ? exact : found;
  if (!only) return invalid({ field: "who", message: `名册上没有“${who}”，请换户号或姓名再找` });
  if (others.length > 0) return invalid({ field: "who", message: `“${who}”不止一个人，请在下面选一位` });
  return ok(only);
}
