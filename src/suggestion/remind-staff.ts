import { sayDate } from "../lib/china-time.ts";
import { shorten } from "../lib/text.ts";
import { queueText } from "../message/queue-text.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import { listReachable, type Reachable } from "../staff/reachable.queries.ts";
import type { Village } from "../village/village.queries.ts";
import type { Order, RungName } from "./ladder.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import { sayNumber } from "./suggestion.ts";

/** Texts whom a rung tells, at the phone on record, and returns who that was. */
export async function remindStaff(
  work: SystemWork,
  village: Village,
  suggestion: Suggestion,
  rung: RungName,
  order?: Order,
): Promise<Reachable[]> {
  const people = await whomToTell(work, village, suggestion, rung);
  await textStaff(work, village, suggestion, people, writeReminder(work, village, suggestion, rung, order));
  return people;
}

export async function textStaff(
  work: SystemWork,
  village: Village,
  suggestion: Suggestion,
  people: readonly Reachable[],
  body: string,
): Promise<void> {
  for (const { phone } of people) {
    await queueText(work, {
      villageId: village.id,
      signature: village.signature,
      phone,
      householdId: null,
      suggestionId: suggestion.id,
      purpose: "reminder",
      body,
      sealed: suggestion.sealed,
    });
  }
}

async function whomToTell(
  { tx }: SystemWork,
  village: Village,
  suggestion: Suggestion,
  rung: RungName,
): Promise<Reachable[]> {
  const supervisors = async () => (village.townshipId ? listReachable(tx, { supervisorsOf: village.townshipId }) : []);
  // What a sealed case says, and that it is there, is not for the people it may be about.
  if (suggestion.sealed) return await supervisors();
  switch (rung) {
    case "respond":
    case "half":
    case "most":
    case "due": {
      const owner = suggestion.ownerId === null ? [] : await listReachable(tx, { owner: suggestion.ownerId });
      // An owner who left, or has no phone, leaves it to the secretary.
      return owner.length > 0 ? owner : await listReachable(tx, { secretariesOf: village.id });
    }
    case "secretary":
      return await listReachable(tx, { secretariesOf: village.id });
    case "township":
    case "order_most":
    case "order_late":
      return await supervisors();
  }
}

function writeReminder(
  { now }: SystemWork,
  village: Village,
  suggestion: Suggestion,
  rung: RungName,
  order?: Order,
): string {
  const number = sayNumber(suggestion);
  const said = quoteCase(suggestion);
  const day = (until: Date) => sayDate(new Date(until.getTime() - 1), now);
  const due = day(suggestion.dueAt);
  switch (rung) {
    case "respond":
      return renderSms("reminder", { number, said, standing: `还没有人回应，${due}前要答复` });
    case "half":
      return renderSms("reminder", { number, said, standing: `时间已过半，${due}前要答复` });
    case "most":
      return renderSms("reminder", { number, said, standing: `时间不多了，${due}前要答复` });
    case "due":
      return renderSms("reminder", { number, said, standing: `答应${due}前答复，已经超期` });
    case "secretary":
      return renderSms("overdue", { number, said, owner: suggestion.owner ?? "村委会" });
    case "township":
      return renderSms("escalated", {
        village: village.name,
        number,
        said,
        cause: suggestion.dueAt <= now ? "超期没有答复" : "村里请乡镇协调",
      });
    case "order_most":
    case "order_late": {
      const standing = `乡镇督办${order ? `${day(order.replyBy)}` : ""}到期，${rung === "order_late" ? "还没有答复" : "还在等答复"}`;
      return renderSms("reminder", { number, said, standing });
    }
  }
}

/** The first words of a case, without anything that could be somebody's number. */
export const quoteCase = ({ text, sealed }: Pick<Suggestion, "text" | "sealed">): string =>
  sealed ? "密件" : shorten(text.replace(/\p{Nd}(?:[\s\-.·]{0,2}\p{Nd}){5,}/gu, "***"), 14);
