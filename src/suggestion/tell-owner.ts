import { fromLocal, localTime, sayDate } from "../lib/china-time.ts";
import { after, HOUR, MINUTE } from "../lib/clock.ts";
import type { MessageId, SuggestionId } from "../lib/ids.ts";
import { queueText } from "../message/queue-text.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import { getVillage, type Village } from "../village/village.queries.ts";
import { nextOpening } from "../village/village.ts";
import {
  type DueNotice,
  findTexted,
  insertOwnerNotice,
  postponeNotice,
  readTold,
  settleNotices,
  takeDueNotices,
} from "./owner-notice.queries.ts";
import { type OwnerNoticeKind, sayDoorAndName, writeOwnerText } from "./owner-notice.ts";

/** Two things that happen to one case within this time are one text. */
const APART = 10 * MINUTE;
/** Texts about single cases that one person gets in a day; what is urgent comes on top. */
const MOST_A_DAY = 8;
/** The cases beyond that are gathered for so long, and told in one line. */
const GATHER = HOUR;
const PAGE = 100;

/**
 * Notes that the owner of a case is to be texted: he can answer by replying to it. Nothing is noted for an owner who
 * is an API key or has no phone on record, for a sealed case, and for one that is not open. What is urgent is due at
 * once, everything else in the village's hours; `sendOwnerNotices` tells it when it is due.
 */
export async function tellOwner(
  work: SystemWork,
  village: Pick<Village, "sendingHours">,
  id: SuggestionId,
  kind: OwnerNoticeKind,
): Promise<void> {
  const owner = await findTexted(work.tx, id);
  if (!owner) return;
  const dueAt = owner.urgent ? work.now : inHours(village, work.now);
  await insertOwnerNotice(work.tx, { ...owner, suggestionId: id, kind, dueAt }, work.now);
}

/** The sweep: texts what is due. Returns how many notices it settled or put off. */
export async function sendOwnerNotices(work: SystemWork): Promise<number> {
  const due = await takeDueNotices(work.tx, work.now, PAGE);
  const dead = due.filter((notice) => !notice.due);
  if (dead.length > 0) await settleNotices(work.tx, idsOf(dead), null, work.now);
  const alive = due.filter((notice) => notice.due);
  for (const notices of byCase(alive.filter((notice) => !notice.digest))) await tellOne(work, notices);
  const digests = Map.groupBy(
    alive.filter((notice) => notice.digest),
    (notice) => notice.staffId,
  );
  for (const notices of digests.values()) await tellMany(work, notices);
  return due.length;
}

/** What waited for the same case and person; the newest says why. */
const byCase = (notices: readonly DueNotice[]): DueNotice[][] => [
  ...Map.groupBy(notices, (notice) => `${notice.staffId} ${notice.suggestionId}`).values(),
];

async function tellOne(work: SystemWork, notices: readonly DueNotice[]): Promise<void> {
  const { tx, now } = work;
  const notice = notices.at(-1) as DueNotice;
  const village = await getVillage(tx, notice.villageId);
  const told = await readTold(tx, notice.staffId, notice.suggestionId, startOfDay(now));
  const putOff = async (change: { due_at: Date; digest?: boolean }) => {
    for (const one of notices) await postponeNotice(tx, one.id, change);
  };
  if (told.lastOfCase && after(told.lastOfCase, APART) > now) {
    return await putOff({ due_at: after(told.lastOfCase, APART) });
  }
  if (told.count >= MOST_A_DAY && !notices.some((one) => one.urgent)) {
    return await putOff({ due_at: inHours(village, after(now, GATHER)), digest: true });
  }
  const body = writeOwnerText(village.signature, notice.kind, {
    number: notice.number,
    who: sayDoorAndName(notice.household, notice.villager),
    text: notice.text,
    due: sayDate(new Date(notice.promisedAt.getTime() - 1), now),
  });
  await settleNotices(tx, idsOf(notices), await text(work, village, notice, notice.suggestionId, body), now);
}

async function tellMany(work: SystemWork, notices: readonly DueNotice[]): Promise<void> {
  const first = notices[0] as DueNotice;
  const village = await getVillage(work.tx, first.villageId);
  const count = new Set(notices.map((notice) => notice.suggestionId)).size;
  const body = renderSms("owner-digest", { count: String(count) });
  await settleNotices(work.tx, idsOf(notices), await text(work, village, first, null, body), work.now);
}

async function text(
  work: SystemWork,
  village: Village,
  { phone, phoneHash }: DueNotice,
  suggestionId: SuggestionId | null,
  body: string,
): Promise<MessageId | null> {
  if (!phone || !phoneHash) return null;
  return await queueText(work, {
    villageId: village.id,
    signature: village.signature,
    phone: { hash: phoneHash, sealed: phone },
    householdId: null,
    suggestionId,
    purpose: "owner",
    body,
    sealed: false,
  });
}

const idsOf = (notices: readonly DueNotice[]) => notices.map((notice) => notice.id);

/** Now, or when the village's hours begin; a village without any is told at once. */
const inHours = ({ sendingHours }: Pick<Village, "sendingHours">, at: Date): Date =>
  nextOpening(sendingHours, at) ?? at;

function startOfDay(now: Date): Date {
  const { year, month, day } = localTime(now);
  return fromLocal(year, month, day);
}
