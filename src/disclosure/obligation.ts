import { daysBetween, type IsoDay } from "../lib/iso-day.ts";
import type { EffectiveItem } from "./rules.ts";

/**
 * What was really done about one obligation. The board is what the law asks for; an SMS reaches more people and is
 * evidence beside it, but by itself it is half.
 */
export type Deeds = { boardPostedOn: IsoDay | null; smsSentOn: IsoDay | null };

/**
 *   later     its period is not over yet          open      it may be published, and there is time
 *   soon      a week or less is left              half      only the SMS was sent
 *   overdue   past its day, not on the board      done      on the board in time
 *   done_late on the board after its day: that stays visible
 */
export const STATUSES = ["overdue", "half", "soon", "open", "later", "done_late", "done"] as const;
export type Status = (typeof STATUSES)[number];
export type Tone = "late" | "soon" | "done" | "done-late" | "wait" | "off";

/** Every status has a word, a colour and a shape (LOOK.md). */
export const STATUS_LOOKS: Record<Status, { word: string; tone: Tone }> = {
  overdue: { word: "超期没公开", tone: "late" },
  half: { word: "只发了短信", tone: "soon" },
  soon: { word: "快到期", tone: "soon" },
  open: { word: "还没公开", tone: "wait" },
  later: { word: "没到时候", tone: "off" },
  done_late: { word: "公开晚了", tone: "done-late" },
  done: { word: "按时公开", tone: "done" },
};

/** Days before the due day from which on it is shown as due soon. */
export const SOON_DAYS = 7;

export type Obligation = {
  item: EffectiveItem;
  /** `2026-07`, or an event's `2026-07-12`. */
  period: string;
  /** `7月`, or what happened. */
  label: string;
  /** From then on it can be published: the day after its period, or when it happened. */
  opensOn: IsoDay;
  dueOn: IsoDay;
  why: string;
};

export function statusOf(one: Pick<Obligation, "opensOn" | "dueOn">, deeds: Deeds, today: IsoDay): Status {
  if (deeds.boardPostedOn !== null) return deeds.boardPostedOn <= one.dueOn ? "done" : "done_late";
  if (today > one.dueOn) return "overdue";
  if (deeds.smsSentOn !== null) return "half";
  if (today < one.opensOn) return "later";
  return daysBetween(today, one.dueOn) <= SOON_DAYS ? "soon" : "open";
}

/** `还有 3 天，还没公开`, `超了 2 天，只发了短信，公开栏还没贴`, `公开晚了 4 天`. */
export function sayStatus(one: Pick<Obligation, "opensOn" | "dueOn">, deeds: Deeds, today: IsoDay): string {
  const left = daysBetween(today, one.dueOn);
  const until = left === 0 ? "今天到期" : `还有 ${left} 天`;
  const half = deeds.smsSentOn === null ? "还没公开" : "只发了短信，公开栏还没贴";
  const status = statusOf(one, deeds, today);
  switch (status) {
    case "overdue":
      return `超了 ${-left} 天，${half}`;
    case "half":
    case "soon":
    case "open":
      return `${until}，${half}`;
    case "later":
      return "没到时候";
    case "done":
      return deeds.smsSentOn === null ? "已按时公开" : "已按时公开，短信也发了";
    case "done_late":
      return `公开了，晚了 ${daysBetween(one.dueOn, deeds.boardPostedOn ?? today)} 天`;
  }
}

/** Somebody must do something about it now. */
export const isPressing = (status: Status): boolean => status === "overdue" || status === "half" || status === "soon";
