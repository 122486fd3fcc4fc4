import { audit } from "../db/audit.queries.ts";
import { localDate } from "../lib/china-time.ts";
import type { VillageId } from "../lib/ids.ts";
import { type IsoDay, isIsoDay } from "../lib/iso-day.ts";
import { type FieldError, invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { countOnDay, ensureDisclosure } from "./disclosure.queries.ts";
import { listRules } from "./rules.queries.ts";
import { rulesOn } from "./rules.ts";

export const LONGEST_TITLE = 60;

/** The items that wait for something to happen, as they hold for a village on a day. */
export async function listEventItems(work: Work, village: Village) {
  const { items } = rulesOn(await listRules(work.tx, village), localDate(work.now));
  return [...items.values()].filter((one) => one.active && one.cadence === "E");
}

/** Something happened that must be published: from that day on its term runs. Returns its key, `2026-07-12` or `2026-07-12.2`. */
export async function openEvent(
  work: Work,
  village: Village,
  wish: { item: string; title: string; on: string },
): Promise<Outcome<{ item: string; period: string }>> {
  const title = cleanText(wish.title).replace(/\s+/g, " ").trim();
  const errors: FieldError[] = [];
  if (!(await listEventItems(work, village)).some((one) => one.code === wish.item)) {
    errors.push({ field: "item", message: "请选属于哪一项" });
  }
  if (title === "" || Array.from(title).length > LONGEST_TITLE) {
    errors.push({ field: "title", message: `请写发生了什么，不超过 ${LONGEST_TITLE} 个字` });
  }
  if (!isIsoDay(wish.on) || wish.on > localDate(work.now)) {
    errors.push({ field: "on", message: "请选是哪天发生的，不能晚于今天" });
  }
  if (errors.length > 0) return invalid(...errors);
  const period = await keyOn(work, village.id, wish.item, wish.on);
  const id = await ensureDisclosure(
    work.tx,
    { villageId: village.id, item: wish.item, period, event: { title, on: wish.on }, by: work.actor.id },
    work.now,
  );
  await audit(work, {
    chain: village.id,
    action: "disclosure.open",
    subject: "disclosure",
    subjectId: id,
    detail: { item: wish.item, period },
  });
  return ok({ item: wish.item, period });
}

/** Two things of one item may happen on one day. */
export async function keyOn(work: Work, villageId: VillageId, item: string, day: IsoDay): Promise<string> {
  const before = await countOnDay(work.tx, villageId, item, day);
  return before === 0 ? day : `${day}.${before + 1}`;
}
