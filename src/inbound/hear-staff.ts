import type { Tx } from "../db/connect.ts";
import { after, DAY, HOUR } from "../lib/clock.ts";
import type { VillageId } from "../lib/ids.ts";
import type { Actor } from "../lib/roles.ts";
import type { SystemWork } from "../queue/work.ts";
import { listHandlers } from "../staff/staff.queries.ts";
import { hasLapsed, type OpenQuestion } from "../suggestion/question.queries.ts";
import { getVillage, type Village } from "../village/village.queries.ts";
import { followStaffText, tooMany } from "./follow-staff-text.ts";
import { lastTextedBy, type StoredText, type Understanding } from "./inbound.queries.ts";
import type { Meaning } from "./meaning.ts";
import { countStaffTexts, findStaffByPhone, listOpenCases, listTexted, type OpenCase } from "./staff-text.queries.ts";
import { readStaffText } from "./staff-text.ts";

/** A reply answers the case last texted to the phone for so long; afterwards only a number says which case. */
const TEXTED_FOR = 7 * DAY;
/** Nobody writes more in an hour; a phone that does is in somebody else's hands, or a program's. */
const MOST_AN_HOUR = 60;

/** A text from the phone on record of a member of staff, with what he may see. */
export type StaffHearing = {
  text: StoredText;
  actor: Actor;
  village: Village;
  /** Open to him, due first. */
  open: readonly OpenCase[];
  /** What he was asked to confirm and has not answered, if it is the last question to this phone. */
  asked: OpenQuestion | null;
};

/**
 * Texts of staff are read before a villager's rules; null sends them on to those. `asVillager` is what these would
 * make of it. Somebody whose phone is on record of no account in use, or of another village's, is no staff here.
 */
export async function hearStaff(
  work: SystemWork,
  text: StoredText,
  questions: readonly OpenQuestion[],
  asVillager: Meaning,
): Promise<Understanding | null> {
  const seat = await placeStaff(work.tx, text);
  if (!seat) return null;
  const { villageId, actor } = seat;
  const open = await listOpenCases(work.tx, seat);
  const textedIds = await listTexted(work.tx, text.fromHash, after(text.receivedAt, -TEXTED_FOR), text.receivedAt);
  const texted = textedIds.flatMap((id) => open.find((one) => one.id === id)?.number ?? []);
  // What was asked last is what is on the screen: a digit after an answer to his own case rates that.
  const asked = questions[0]?.command ? questions[0] : null;
  const verdict = readStaffText(text.body, {
    open: open.map((one) => one.number),
    texted,
    asked: asked && { choices: choicesOf(asked) },
    lapsed: questions.length === 0 && (await hasLapsed(work.tx, text.fromHash, text.receivedAt)),
    colleagues: await listHandlers(work.tx, villageId),
    asVillager,
    now: work.now,
  });
  if (!verdict) return null;
  const hearing = { text, actor, village: await getVillage(work.tx, villageId), open, asked };
  const before = await countStaffTexts(work.tx, text.fromHash, after(text.receivedAt, -HOUR));
  const found =
    before >= MOST_AN_HOUR
      ? await tooMany(work, hearing, before === MOST_AN_HOUR)
      : await followStaffText(work, hearing, verdict);
  return {
    meaning: "staff_command",
    rule: "staff_phone",
    why: verdict.why,
    detail: { action: found.action, number: found.number, staff: actor.id },
    suggestionId: found.suggestionId,
    villageId,
    householdId: null,
    villagerId: null,
    registered: true,
    sealed: false,
    aboutBroadcastId: null,
  };
}

const choicesOf = (asked: OpenQuestion): number => {
  const to = asked.command?.to;
  return Array.isArray(to) ? to.length : 1;
};

async function placeStaff(tx: Tx, text: StoredText): Promise<{ villageId: VillageId; actor: Actor } | null> {
  const known = await findStaffByPhone(tx, text.fromHash);
  const here = known.filter((one) => text.channelVillageId === null || one.village === text.channelVillageId);
  const villages = [...new Set(here.map((one) => one.village))];
  const villageId = villages.length > 1 ? await lastTextedBy(tx, text.fromHash, villages) : villages[0];
  const [only, ...others] = here.filter((one) => one.village === villageId);
  if (!only || others.length > 0) return null;
  const { village, ...actor } = only;
  return { villageId: village, actor };
}
