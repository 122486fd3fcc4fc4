import { localDate } from "../lib/china-time.ts";
import type { SuggestionId } from "../lib/ids.ts";
import { assertNever } from "../lib/result.ts";
import { endOfWorkday } from "../lib/workdays.ts";
import { inSystemWork } from "../queue/work.ts";
import { acceptSuggestion } from "../suggestion/accept-suggestion.ts";
import { answerSuggestion } from "../suggestion/answer-suggestion.ts";
import { assignSuggestion } from "../suggestion/assign-suggestion.ts";
import { declineSuggestion } from "../suggestion/decline-suggestion.ts";
import { escalateSuggestion } from "../suggestion/escalate-suggestion.ts";
import { extendSuggestion } from "../suggestion/extend-suggestion.ts";
import { noteSuggestion } from "../suggestion/note-suggestion.ts";
import { closeUnrated } from "../suggestion/rate-suggestion.ts";
import { findSuggestion } from "../suggestion/suggestion.queries.ts";
import { accountOf, type Login } from "./accounts.ts";
import { moment, onDay } from "./calendar.ts";
import type { Case, Deed, Hand } from "./case.ts";
import { OPEN } from "./open-cases.ts";
import { act, actAndTell, hear } from "./perform.ts";
import { SETTLED } from "./settled-cases.ts";
import { findPerson, given, type Scene, type Stage } from "./stage.ts";

/** Every case, from the text that opened it to where it stands today. */
export const caseScenes = (now: Date): Scene[] => [...SETTLED, ...OPEN].flatMap((one) => scenesOf(one, now));

function scenesOf(one: Case, now: Date): Scene[] {
  const at = moment(one.at, now);
  let id: SuggestionId | null = null;
  return [
    {
      at,
      async play(stage) {
        id = await hear(stage, findPerson(stage, one.from).phone, one.text);
      },
    },
    ...one.steps.map(
      ({ day, clock, deed }): Scene => ({
        at: onDay(at, day, clock),
        play: (stage) => perform(stage, one, given(id), deed, now),
      }),
    ),
  ];
}

function perform(stage: Stage, { from }: Case, id: SuggestionId, deed: Deed, now: Date): Promise<unknown> {
  const { phone, cadre } = findPerson(stage, from);
  const login = (hand: Hand): Login => (hand === "cadre" ? cadre : hand);
  switch (deed.does) {
    case "accept":
      return act(stage, "cunwu", (work) => acceptSuggestion(work, id));
    case "assign":
      return act(stage, "shuji", (work) => assignSuggestion(work, id, stage.actors[cadre].id));
    case "note":
      return act(stage, login(deed.by), (work) => noteSuggestion(work, id, deed.text));
    case "answer":
      return actAndTell(stage, login(deed.by), (work) =>
        answerSuggestion(work, id, {
          resultKind: deed.kind,
          text: deed.text,
          plannedFor: deed.plannedInDays === null ? undefined : localDate(onDay(now, deed.plannedInDays, "12:00")),
        }),
      );
    case "answer by text":
      return answerByText(stage, login(deed.by), id, deed.text);
    case "extend":
      return extend(stage, id, deed);
    case "decline":
      return actAndTell(stage, "shuji", (work) => declineSuggestion(work, id, deed.reason));
    case "escalate":
      return act(stage, "shuji", (work) => escalateSuggestion(work, id, deed.reason));
    case "text":
      return hear(stage, phone, deed.text);
    case "lapse":
      return inSystemWork(stage.work, closeUnrated);
    default:
      return assertNever(deed);
  }
}

const extend = (stage: Stage, id: SuggestionId, deed: Extract<Deed, { does: "extend" }>): Promise<unknown> =>
  actAndTell(stage, "shuji", async (work) => {
    const before = await findSuggestion(work.tx, id);
    if (!before) throw new Error("the case to extend is not there");
    // A promise ends with its day, so one moment earlier is that day.
    const dueAt = endOfWorkday(new Date(before.dueAt.getTime() - 1), deed.workdays);
    return await extendSuggestion(work, id, { reason: deed.reason, dueAt });
  });

async function answerByText(stage: Stage, by: Login, id: SuggestionId, text: string): Promise<void> {
  const { number } = given((await findSuggestion(stage.work.system, id)) ?? null);
  await hear(stage, accountOf(by).phone, `${number} ${text}`);
  const after = await findSuggestion(stage.work.system, id);
  if (after?.state !== "answered") throw new Error(`${by} did not answer case ${number} by text`);
}
