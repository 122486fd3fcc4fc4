import { after, MINUTE } from "../lib/clock.ts";
import type { SuggestionId } from "../lib/ids.ts";
import { countSegments } from "../message/segments.ts";
import { renderSms } from "../message/templates.ts";
import { inNameOfStaff, type SystemWork } from "../queue/work.ts";
import { writeAnswer } from "../suggestion/answer-suggestion.ts";
import { askQuestion, closeConfirmations } from "../suggestion/question.queries.ts";
import { findSuggestion, type Suggestion } from "../suggestion/suggestion.queries.ts";
import { writeSignature } from "../village/village.ts";
import { doCommand, previewCommand } from "./do-staff-command.ts";
import type { StaffHearing } from "./hear-staff.ts";
import { replyToStaff, writeCase, writeList } from "./reply-to-staff.ts";
import { findNumbered } from "./staff-text.queries.ts";
import type { StaffCommand, StaffVerdict } from "./staff-text.ts";

/** What became of a text of staff: stored with it. */
export type StaffOutcome = { action: string; number: number | null; suggestionId: SuggestionId | null };

const CONFIRM_WITHIN = 30 * MINUTE;
/** Longer answers are shown as they will be read before they go. */
const SENT_AT_ONCE = 2;

export async function followStaffText(
  work: SystemWork,
  hearing: StaffHearing,
  verdict: StaffVerdict,
): Promise<StaffOutcome> {
  const outcome = (action: string, suggestion?: Suggestion): StaffOutcome => ({
    action,
    number: suggestion?.number ?? null,
    suggestionId: suggestion?.id ?? null,
  });
  switch (verdict.kind) {
    case "help":
      await replyToStaff(work, hearing, renderSms("staff-help", {}));
      return outcome("help");
    case "list":
      await replyToStaff(work, hearing, writeList(work, hearing));
      return outcome("list");
    case "lapsed":
      await replyToStaff(work, hearing, renderSms("staff-lapsed", {}));
      await closeConfirmations(work.tx, hearing.text.fromHash, work.now);
      return outcome("lapsed");
    case "unclear":
      await replyToStaff(work, hearing, renderSms("staff-hint", { hint: verdict.hint }));
      return outcome("unclear");
    case "show": {
      const suggestion = await find(work, hearing, verdict.number);
      if (suggestion) await replyToStaff(work, hearing, writeCase(work, suggestion), suggestion);
      return { ...outcome("show", suggestion), number: verdict.number };
    }
    case "rejection":
    case "choice": {
      const asked = hearing.asked;
      const suggestion = asked?.suggestionId ? await findSuggestion(work.tx, asked.suggestionId) : undefined;
      if (!asked || !suggestion) return outcome("unclear");
      await closeConfirmations(work.tx, hearing.text.fromHash, work.now);
      if (verdict.kind === "rejection") {
        await replyToStaff(
          work,
          hearing,
          renderSms("staff-dropped", { number: String(suggestion.number) }),
          suggestion,
        );
        return outcome("rejection", suggestion);
      }
      const command = choose(asked.command as StaffCommand, verdict.option);
      await carryOut(work, hearing, suggestion, command);
      return outcome(command.action, suggestion);
    }
    case "command": {
      const suggestion = await find(work, hearing, verdict.number);
      if (!suggestion) return { action: verdict.command.action, number: verdict.number, suggestionId: null };
      if (verdict.sure && !isLong(hearing, suggestion, verdict.command) && !isChoice(verdict.command)) {
        await closeConfirmations(work.tx, hearing.text.fromHash, work.now);
        await carryOut(work, hearing, suggestion, verdict.command);
        return outcome(verdict.command.action, suggestion);
      }
      await confirmFirst(work, hearing, suggestion, verdict.command);
      return outcome(`confirm_${verdict.command.action}`, suggestion);
    }
  }
}

/** Beyond what a person writes: kept and shown, not acted on; said once. */
export async function tooMany(work: SystemWork, hearing: StaffHearing, first: boolean): Promise<StaffOutcome> {
  if (first) await replyToStaff(work, hearing, renderSms("staff-too-many", {}));
  return { action: "too_many", number: null, suggestionId: null };
}

async function find(work: SystemWork, hearing: StaffHearing, number: number): Promise<Suggestion | undefined> {
  const seat = { villageId: hearing.village.id, actor: hearing.actor };
  const id = await findNumbered(work.tx, seat, number);
  if (id) return await findSuggestion(work.tx, id);
  const hint = hearing.actor.role === "cadre" ? "没有这件，或不归您办" : "没有这件，请核对编号";
  await replyToStaff(work, hearing, renderSms("staff-refused", { number: String(number), hint }));
  return undefined;
}

async function carryOut(work: SystemWork, hearing: StaffHearing, suggestion: Suggestion, command: StaffCommand) {
  const done = await inNameOfStaff(work, hearing.actor, hearing.text.id, (part) =>
    doCommand(part, hearing.village, suggestion, command),
  );
  const said = done.ok
    ? done.value
    : renderSms("staff-refused", { number: String(suggestion.number), hint: done.refusal.message });
  await replyToStaff(work, hearing, said, suggestion);
}

/** Rehearsed first, so that nobody confirms what would be refused. */
async function confirmFirst(
  work: SystemWork,
  hearing: StaffHearing,
  suggestion: Suggestion,
  command: StaffCommand,
): Promise<void> {
  const { actor, text, village } = hearing;
  await closeConfirmations(work.tx, text.fromHash, work.now);
  const rehearsed = await inNameOfStaff(
    work,
    actor,
    text.id,
    (part) => doCommand(part, village, suggestion, choose(command, 1)),
    true,
  );
  if (!rehearsed.ok) {
    const hint = rehearsed.refusal.message;
    return void (await replyToStaff(
      work,
      hearing,
      renderSms("staff-refused", { number: String(suggestion.number), hint }),
      suggestion,
    ));
  }
  const messageId = await replyToStaff(work, hearing, previewCommand(work, village, suggestion, command), suggestion);
  await askQuestion(
    work.tx,
    {
      villageId: village.id,
      phoneHash: text.fromHash,
      kind: "confirmation",
      messageId,
      suggestionId: suggestion.id,
      expiresAt: after(work.now, CONFIRM_WITHIN),
      command,
    },
    work.now,
  );
}

/** The command with one of the people it could mean. */
const choose = (command: StaffCommand, option: number): StaffCommand =>
  isChoice(command) ? { ...command, to: command.to.slice(option - 1, option) } : command;

const isChoice = (command: StaffCommand): command is Extract<StaffCommand, { action: "assign" }> =>
  command.action === "assign" && command.to.length > 1;

function isLong({ village }: StaffHearing, suggestion: Suggestion, command: StaffCommand): boolean {
  if (command.action !== "answer") return false;
  const whole = writeSignature(village.signature) + writeAnswer(suggestion, command.text);
  return countSegments(whole).segments > SENT_AT_ONCE;
}
