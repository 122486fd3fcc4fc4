import { sayDate } from "../lib/china-time.ts";
import { after, DAY } from "../lib/clock.ts";
import type { SuggestionId } from "../lib/ids.ts";
import { endOfSpan } from "../lib/spans.ts";
import type { SystemWork } from "../queue/work.ts";
import { getVillage, type Village } from "../village/village.queries.ts";
import { changeSuggestion } from "./change-suggestion.queries.ts";
import { type DoneRung, insertRungs, lookAgainAt, rungsDone } from "./ladder.queries.ts";
import {
  escalatedInRound,
  type LadderCase,
  lookAtLadder,
  ordersOfRound,
  RUNG_WORDS,
  type Rung,
  type RungName,
  rungKey,
} from "./ladder.ts";
import { remindStaff } from "./remind-staff.ts";
import { lockSuggestion, type Suggestion } from "./suggestion.queries.ts";
import { isOpen } from "./suggestion.ts";
import { insertOrder, listOrders } from "./supervision.queries.ts";
import { addEvent } from "./timeline.queries.ts";

/** Nothing is left to climb: the next change of the case sets it back. */
const NEVER_MIND = 365 * DAY;

/**
 * Looks at one case's ladder: does what is due, in the village's service hours, and writes down when to look next. Of
 * several rungs that are due, after a week without power, the highest is texted and the others are noted as skipped.
 * The case's row is locked and a rung's key is unique, so any number of these at once climb each rung once. Returns the
 * rung that was climbed.
 */
export async function climbLadder(work: SystemWork, id: SuggestionId): Promise<RungName | null> {
  const { tx, now } = work;
  const suggestion = await lockSuggestion(tx, id);
  if (!suggestion || !isOpen(suggestion.state)) return null;
  const village = await getVillage(tx, suggestion.villageId);
  const read = async (one: Suggestion): Promise<LadderCase> => ({ ...one, orders: await listOrders(tx, id) });
  const standing = await read(suggestion);
  const done = new Set((await rungsDone(tx, id, suggestion.reopenedTimes)).map(rungKey));
  const { due, again } = lookAtLadder(standing, village, now, done);
  const top = due.at(-1);
  if (!top) {
    await lookAgainAt(tx, id, again ?? after(now, NEVER_MIND));
    return null;
  }
  const outcome = await climb(work, village, suggestion, standing, top, due.slice(0, -1));
  const rungs = due.map((rung): DoneRung => ({ ...rung, outcome: rung === top ? outcome : "skipped" }));
  await insertRungs(tx, { id, villageId: village.id, round: suggestion.reopenedTimes }, rungs, now);
  for (const rung of rungs) done.add(rungKey(rung));
  // Climbing may have brought an order with rungs of its own.
  const next = lookAtLadder(await read((await lockSuggestion(tx, id)) ?? suggestion), village, now, done);
  await lookAgainAt(tx, id, next.again ?? after(now, NEVER_MIND));
  return top.name;
}

async function climb(
  work: SystemWork,
  village: Village,
  suggestion: Suggestion,
  standing: LadderCase,
  rung: Rung,
  missed: readonly Rung[],
): Promise<DoneRung["outcome"]> {
  if (rung.name === "township") {
    const ordered = ordersOfRound(standing).length > 0;
    // Whoever issued an order by hand need not be told of it.
    if (ordered) return "skipped";
    await handUp(work, village, suggestion, standing);
  }
  const told = await remindStaff(work, village, suggestion, rung.name, ordersOfRound(standing).at(-1));
  const people = told.map(({ name, post }) => `${name}${post}`).join("、");
  const words = missed.length === 0 ? "" : `（先前没能提醒：${missed.map((one) => RUNG_WORDS[one.name]).join("、")}）`;
  const reached = told.length > 0 ? `已短信提醒${people}` : "该提醒的人没有登记手机号，没能发短信";
  await writeEvent(work, suggestion, "reminded", `${RUNG_WORDS[rung.name]}，${reached}${words}`);
  return told.length > 0 ? "texted" : "nobody";
}

/** On the township's rung: escalated, unless a person did that, with an order that carries the township's own clock. */
async function handUp(work: SystemWork, village: Village, suggestion: Suggestion, standing: LadderCase): Promise<void> {
  const { tx, now } = work;
  const before = escalatedInRound(standing);
  if (before === null) {
    await changeSuggestion(tx, suggestion.id, { escalated_at: now });
    await writeEvent(work, suggestion, "escalated", "超期没有答复，自动上报乡镇");
  }
  const reply = (from: Date) => endOfSpan(village.promises.township, from, village.calendar);
  // Handed up before a long time without power: nobody gets an order whose day is past.
  const replyBy = before !== null && reply(before) > now ? reply(before) : reply(now);
  const nth = standing.orders.length + 1;
  const due = sayDate(new Date(replyBy.getTime() - 1), now);
  const demand =
    suggestion.dueAt <= now
      ? `请查明没有按期答复的原因，${due}前办理并答复村民，结果报乡镇。`
      : `村里上报，请乡镇协调办理，${due}前答复村民。`;
  await insertOrder(tx, suggestion, { nth, demand, issuedBy: null, replyBy }, now);
  await writeEvent(work, suggestion, "supervised", demand);
}

const writeEvent = (
  { tx, now }: SystemWork,
  suggestion: Suggestion,
  kind: "reminded" | "escalated" | "supervised",
  text: string,
): Promise<void> =>
  addEvent(
    tx,
    { suggestionId: suggestion.id, villageId: suggestion.villageId, actorId: null, voice: "service", kind, text },
    now,
  );
