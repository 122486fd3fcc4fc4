import { fromLocal, sayDate } from "../lib/china-time.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { type Action, may } from "../lib/roles.ts";
import { endOfSpan } from "../lib/spans.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork, Work } from "../queue/work.ts";
import { acceptSuggestion } from "../suggestion/accept-suggestion.ts";
import { answerSuggestion } from "../suggestion/answer-suggestion.ts";
import { assignSuggestion } from "../suggestion/assign-suggestion.ts";
import { extendSuggestion } from "../suggestion/extend-suggestion.ts";
import { noteSuggestion } from "../suggestion/note-suggestion.ts";
import { sayDoorAndName } from "../suggestion/owner-notice.ts";
import type { Suggestion } from "../suggestion/suggestion.queries.ts";
import { RESULT_WORDS } from "../suggestion/suggestion.ts";
import type { Village } from "../village/village.queries.ts";
import type { StaffCommand } from "./staff-text.ts";

const NEEDS: Record<StaffCommand["action"], Action> = {
  accept: "suggestion.accept",
  assign: "suggestion.assign",
  extend: "suggestion.extend",
  note: "suggestion.note",
  answer: "suggestion.answer",
};

const FORBIDDEN: Record<StaffCommand["action"], string> = {
  accept: "受理要由书记或村务员来做",
  assign: "交办要由书记来做",
  extend: "延期要由书记或承办人来做",
  note: "您的账号不能记事",
  answer: "答复要由书记或承办人来做，可以先“记”下来",
};

/** The same actions as the page's, with the same refusals. What he is told afterwards, or why not. */
export async function doCommand(
  work: Work,
  village: Village,
  suggestion: Suggestion,
  command: StaffCommand,
): Promise<Outcome<string>> {
  const { id } = suggestion;
  const number = String(suggestion.number);
  const who = sayDoorAndName(suggestion.household, suggestion.villager);
  if (!may(work.actor.role, NEEDS[command.action])) return refusal("forbidden", FORBIDDEN[command.action]);
  switch (command.action) {
    case "accept": {
      const done = await acceptSuggestion(work, id);
      return done.ok ? ok(renderSms("staff-accepted", { number, who })) : done;
    }
    case "note": {
      const done = await noteSuggestion(work, id, command.text);
      return done.ok ? ok(renderSms("staff-noted", { number })) : done;
    }
    case "assign": {
      const to = command.to[0];
      if (!to) return refusal("validation_failed", "请写明交给谁");
      const done = await assignSuggestion(work, id, to.id);
      return done.ok ? ok(renderSms("staff-assigned", { number, to: to.name })) : done;
    }
    case "extend": {
      const dueAt = readDueAt(village, suggestion, command);
      const done = await extendSuggestion(work, id, { reason: command.reason, dueAt });
      return done.ok ? ok(renderSms("staff-extended", { number, who, due: sayDue(dueAt, work.now) })) : done;
    }
    case "answer": {
      const done = await answerSuggestion(work, id, {
        resultKind: command.result,
        text: command.text,
        plannedFor: command.plannedFor ?? undefined,
      });
      return done.ok ? ok(renderSms("staff-answered", { number, who, result: RESULT_WORDS[command.result] })) : done;
    }
  }
}

/** What would happen, for him to confirm by a digit. */
export function previewCommand(
  work: SystemWork,
  village: Village,
  suggestion: Suggestion,
  command: StaffCommand,
): string {
  const asking = (what: string) =>
    renderSms("staff-confirm", {
      number: String(suggestion.number),
      who: sayDoorAndName(suggestion.household, suggestion.villager),
      what,
    });
  switch (command.action) {
    case "accept":
      return asking("要受理吗？");
    case "note":
      return asking(`要记下“${command.text}”吗？`);
    case "assign":
      if (command.to.length === 1) return asking(`要交给${command.to[0]?.name}吗？`);
      return renderSms("staff-choose", { choices: command.to.map((one, i) => `${i + 1}${one.name}`).join(" ") });
    case "extend":
      return asking(`要延到${sayDue(readDueAt(village, suggestion, command), work.now)}吗？原因：${command.reason}。`);
    case "answer":
      return asking(`将收到（按“${RESULT_WORDS[command.result]}”登记）：${endSentence(command.text)}`);
  }
}

const endSentence = (text: string) => (/[。!?\uff01\uff1f…]$/.test(text) ? text : `${text}。`);

/** The end of the day he named, or so many working days more; else as long as the village allows. */
function readDueAt(village: Village, { dueAt }: Suggestion, wish: Extract<StaffCommand, { action: "extend" }>): Date {
  if (wish.until !== null) {
    const [year, month, day] = wish.until.split("-").map(Number) as [number, number, number];
    return fromLocal(year, month, day, 24);
  }
  const span =
    wish.workdays === null ? village.promises.extension : { amount: wish.workdays, unit: "working_days" as const };
  return endOfSpan(span, new Date(dueAt.getTime() - 1), village.calendar);
}

const sayDue = (dueAt: Date, now: Date): string => sayDate(new Date(dueAt.getTime() - 1), now);
