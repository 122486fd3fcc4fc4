import { maskPhone } from "../lib/phone.ts";
import { ROLE_NAMES, type Role } from "../lib/roles.ts";
import type { Sealer } from "../lib/seal.ts";
import type { Calendar } from "../lib/workdays.ts";
import { STATE_WORDS } from "../message/message.ts";
import { sayReason } from "../message/reasons.ts";
import { promiseBar } from "../web/charts.ts";
import { describeClasses } from "./class-view.ts";
import { readPromise } from "./promise.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import {
  HEARD_WORDS,
  isOpen,
  RATING_WORDS,
  type Rating,
  RESULT_WORDS,
  SUGGESTION_STATE_WORDS,
  sayNumber,
} from "./suggestion.ts";
import type { EventKind, TimelineEvent } from "./timeline.queries.ts";

/** Where the cases will come from, said where there are none. */
export const sayNothingOpen = (role: Role): string =>
  role === "cadre" ? "书记交给您办的，会排在这里。" : "村民发来的短信会自动登记在“意见”里。";

/** The person first, then the system: "丁大爷还在等" before "状态:办理中". */
export function titleOf(suggestion: Suggestion): string {
  const who = sayVillager(suggestion);
  switch (suggestion.state) {
    case "answered":
      return waitsForTelling(suggestion) ? `要当面告诉${who}` : `已答复${who}，等评价`;
    case "closed":
      return suggestion.rating === null ? `已办结（${who}没有评价）` : `已办结，${who}${sayRating(suggestion)}`;
    case "declined":
    case "transferred":
    case "merged":
      return `${who}的事：${SUGGESTION_STATE_WORDS[suggestion.state]}`;
    default:
      return `${who}还在等`;
  }
}

/** Answered on paper only: whoever has no phone does not know it yet. */
const waitsForTelling = ({ state, phoneHash, toldAt }: Suggestion): boolean =>
  state === "answered" && phoneHash === null && toldAt === null;

export const sayVillager = (suggestion: Pick<Suggestion, "villager">): string => suggestion.villager ?? "一位村民";
const sayRating = (suggestion: Suggestion): string => `评价“${RATING_WORDS[suggestion.rating as Rating]}”`;

export function describeCase(suggestion: Suggestion, now: Date, calendar: Calendar, sealer?: Sealer) {
  const promise = readPromise(suggestion, now, calendar);
  const open = isOpen(suggestion.state);
  return {
    id: suggestion.id,
    number: sayNumber(suggestion),
    classes: describeClasses(suggestion),
    who: sayVillager(suggestion),
    household: suggestion.household,
    phone: sealer && suggestion.phone ? maskPhone(sealer.openPhone(suggestion.phone)) : null,
    text: suggestion.text,
    state: waitsForTelling(suggestion) ? "已答复，等当面告诉" : SUGGESTION_STATE_WORDS[suggestion.state],
    tone: open
      ? promise.tone === "wait"
        ? ""
        : promise.tone
      : suggestion.state === "closed"
        ? "done"
        : suggestion.state === "answered"
          ? ""
          : "off",
    open,
    promise: { ...promise, bar: promiseBar(promise.gone, promise.promised) },
    openedAt: suggestion.openedAt,
    owned: suggestion.owner !== null,
    owner:
      suggestion.owner === null
        ? "还没有人"
        : `${suggestion.owner}${suggestion.ownerPost ? ` ${suggestion.ownerPost}` : ""}`,
    escalated: suggestion.escalatedAt !== null,
    extended: suggestion.extendedOnce,
    reopened: suggestion.reopenedTimes,
    urgent: suggestion.urgent,
    result: suggestion.resultKind ? RESULT_WORDS[suggestion.resultKind] : null,
    plannedFor: suggestion.plannedFor,
    passedTo: suggestion.passedTo,
    oral: suggestion.heard && HEARD_WORDS[suggestion.heard],
    toldAt: suggestion.toldAt,
    rating: suggestion.rating === null ? null : RATING_WORDS[suggestion.rating as Rating],
  };
}
export type CaseView = ReturnType<typeof describeCase>;

const EVENT_WORDS: Record<EventKind, string> = {
  opened: "来信",
  receipt: "自动回执",
  accepted: "受理",
  assigned: "交办",
  note: "记了一笔（村民看不到）",
  heard: "代为登记",
  named: "换人办",
  asked: "问村民",
  added: "村民补充",
  unanswered: "到期没有补充，接着办",
  extended: "延期，已告诉村民",
  escalated: "上报乡镇",
  reminded: "提醒",
  supervised: "督办",
  rereckoned: "重新算了日期",
  answered: "答复",
  told: "当面答复",
  declined: "不予受理，已告诉村民",
  transferred: "转交，已告诉村民",
  inquired: "问运营商",
  resent: "重发结果不明的短信",
  surrendered: "作罢结果不明的短信",
  rated: "评价",
  reopened: "重办，已告诉村民",
  closed: "办结",
  closed_unrated: "到期没有评价，办结",
  published: "已公开",
  withdrawn: "不再公开",
  alarm_taken: "去处理了",
  sealed: "转为密件，已告诉村民",
  added_after_answer: "答复后又来信",
  merged: "并入别件，已告诉村民",
  took_in: "并入一件",
  split: "另立一件，已告诉村民",
  split_from: "从别件分出",
  moved: "转到别村，由那边答复",
  moved_here: "别村转来",
};

/**
 * One case as one conversation: bubbles are what one of the two said to the other. What only the office sees is an
 * event in the middle or a note on other paper, never mixed up with what the villager reads.
 */
export const describeTimeline = (events: readonly TimelineEvent[]) =>
  events.map((event) => ({
    at: event.at,
    side: readSide(event),
    who: sayWho(event),
    what: event.byText ? `${EVENT_WORDS[event.kind]}（短信）` : EVENT_WORDS[event.kind],
    text: event.text,
    delivery: event.messageState === null ? null : STATE_WORDS[event.messageState],
    trouble: event.messageState === null ? null : sayReason(event.messageState, event.messageReason),
  }));

/** What staff do among themselves. */
const INSIDE: ReadonlySet<EventKind> = new Set([
  "accepted",
  "assigned",
  "escalated",
  "supervised",
  "alarm_taken",
  "heard",
  "told",
  "published",
  "withdrawn",
  "inquired",
  "resent",
  "surrendered",
]);

function readSide({ kind, voice }: TimelineEvent): "villager" | "staff" | "staff note" | "event" {
  if (kind === "note") return "staff note";
  return voice === "service" || INSIDE.has(kind) ? "event" : voice;
}

/** Empty for what the service did by itself. */
function sayWho(event: TimelineEvent): string {
  if (event.voice === "villager") return "村民";
  if (event.voice === "service") return "";
  return event.actor === null
    ? "已离任人员"
    : `${event.actor} ${event.post || (event.role ? ROLE_NAMES[event.role] : "")}`.trim();
}
