import { localTime } from "../../lib/china-time.ts";
import { after, DAY } from "../../lib/clock.ts";
import type { VillageId } from "../../lib/ids.ts";
import { parsePhone, printPhone } from "../../lib/phone.ts";
import type { Outcome, Refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { endOfDay } from "../../lib/workdays.ts";
import { listActivePolicies } from "../../policy/policy.queries.ts";
import type { SystemWork } from "../../queue/work.ts";
import { listContacts, listStaffPhones } from "../../staff/contacts.queries.ts";
import { readPublicPhones } from "../../village/public-phones.queries.ts";
import { getVillage } from "../../village/village.queries.ts";
import type { BroadcastKind } from "../broadcast.ts";
import { countNotices } from "./count-notices.queries.ts";
import { type Finding, lintText } from "./lint.ts";

/** What is read: a notice, or as much of it as is written. `id`: null before its first save. */
export type Wording = {
  id: string | null;
  villageId: VillageId;
  kind: BroadcastKind;
  body: string;
  options: readonly string[] | null;
  sendAt: Date | null;
};

/** The week that a moment lies in, from its Monday to the end of its Sunday. */
export function weekOf(at: Date): { from: Date; until: Date } {
  const until = after(endOfDay(at), ((7 - localTime(at).weekday) % 7) * DAY);
  return { from: after(until, -7 * DAY), until };
}

/** Everything the lint says of a notice, warnings too, with what it has to know of the village. */
export async function readWords(work: SystemWork, { id, villageId, body, ...facts }: Wording): Promise<Finding[]> {
  const week = weekOf(facts.sendAt ?? work.now);
  const noticesThisWeek = await countNotices(work.tx, villageId, { ...week, except: id, now: work.now });
  const officialPhones = await listOfficialPhones(work, villageId);
  return lintText(body, { ...facts, officialPhones, noticesThisWeek, now: work.now });
}

/** Refuses what must not leave: at the handing in, and again with each signature that lets it go. */
export async function checkWords(work: SystemWork, wording: Wording): Promise<Outcome<null>> {
  const blocks = (await readWords(work, wording)).filter(({ level }) => level === "block");
  return blocks.length === 0 ? ok(null) : refuseWords(blocks);
}

/** Numbers stay masked in it: a refusal is shown, sent and sometimes kept. */
export function refuseWords(blocks: readonly Finding[], lead = ""): { ok: false; refusal: Refusal } {
  const errors = blocks.map(({ field, quote, why, remedy }) => ({
    field,
    message: `${lead}“${quote}”：${why}。${remedy}`,
  }));
  return {
    ok: false,
    refusal: { code: "lint_blocked", message: errors.map((error) => error.message).join("；"), errors },
  };
}

/**
 * Mobiles that may stand in a notice: of the village's staff, of its offices, those on its public page, and those it has
 * published otherwise.
 */
export async function listOfficialPhones(work: SystemWork, villageId: VillageId): Promise<string[]> {
  const published = (await readPublicPhones(work.tx, villageId)).map(({ phone }) => phone);
  const sealed = [...(await listStaffPhones(work.tx, villageId)), ...published];
  const policies = await listActivePolicies(work.tx, await getVillage(work.tx, villageId));
  const contacts = (await listContacts(work.tx, villageId)).filter(({ shown }) => shown);
  const offices = [...policies, ...contacts].flatMap(({ phone }) => {
    const read = parsePhone(phone);
    return read.ok ? [read.value] : [];
  });
  return [...sealed.map((phone) => work.sealer.openPhone(phone)), ...offices].map(printPhone);
}
