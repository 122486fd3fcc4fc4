import type { BroadcastId, TemplateId } from "../lib/ids.ts";
import type { Moves } from "../lib/moves.ts";

export const BROADCAST_KINDS = ["notice", "poll", "emergency"] as const;
export type BroadcastKind = (typeof BROADCAST_KINDS)[number];

export const BROADCAST_STATES = [
  "draft",
  "awaiting_approval",
  "returned",
  "scheduled",
  "held",
  "sending",
  "paused",
  "sent",
  "canceled",
] as const;
export type BroadcastState = (typeof BROADCAST_STATES)[number];

/**
 *   draft ─▶ awaiting_approval ─▶ scheduled ─▶ sending ◀─▶ paused
 *     ▲        │      ▲              │  ▲         └──▶ sent
 *     └─ withdrawn    └─ returned    ▼  │
 *                                   held ── found long after its time; a person decides
 * Everything before `sent` can be canceled. `sent` means nothing is pending or claimed: unknowns may be left, and one
 * that turns out never to have reached the carrier makes the broadcast `sending` again.
 */
export const BROADCAST_MOVES: Moves<BroadcastState> = {
  draft: ["awaiting_approval", "canceled"],
  awaiting_approval: ["returned", "scheduled", "draft", "canceled"],
  returned: ["awaiting_approval", "canceled"],
  scheduled: ["sending", "held", "canceled"],
  held: ["scheduled", "canceled"],
  sending: ["paused", "sent", "canceled"],
  paused: ["sending", "canceled"],
  sent: ["sending"],
  canceled: [],
};

export const BROADCAST_STATE_WORDS: Record<BroadcastState, string> = {
  draft: "草稿",
  awaiting_approval: "等待审批",
  returned: "已退回",
  scheduled: "等待发送",
  held: "等人决定",
  sending: "正在发送",
  paused: "已暂停",
  sent: "已发完",
  canceled: "已取消",
};

/**
 * Why a notice is held: found long after its time, the month's budget does not reach, those it is for are no more, or
 * it would overtake an earlier part of its series.
 */
export type HeldFor = "late" | "budget" | "audience" | "series";

/** Doors by the names of their groups and grids, by the tags of the people behind them, or by their numbers. */
export type Doors = { groups?: string[]; grids?: string[]; tags?: string[]; households?: string[] };

/**
 * One SMS per household's contact phone, or one per villager who has a phone. Without any of the lists: everybody; with
 * several: whoever is in one of them. `unreachedOf` are those whom that notice did not reach.
 */
export type Audience = Doors & {
  scope: "households" | "villagers";
  unreachedOf?: BroadcastId;
  except?: Doors;
};
export const EVERYONE: Audience = { scope: "households" };

/** The first so many leave at once, the rest so many minutes later, unless somebody pauses in between. */
export type Stages = { first: number; waitMinutes: number };
export const MAX_STAGE_MINUTES = 24 * 60;

/** One part of a long text that was cut into numbered notices; parts count from 1. */
export type Series = { id: string; part: number; parts: number };

/** What a notice was made from. */
export type Origin = {
  templateId?: TemplateId | null;
  series?: Series | null;
  /** The notice that this one corrects. */
  correctsId?: BroadcastId | null;
  disclosureId?: string | null;
  sheetId?: string | null;
};

/** More than this is a booklet: it belongs on the board, or cut into a series. */
export const MAX_SEGMENTS = 10;

/** A broadcast found this long after its time is held for a person, not sent: the news may be stale. */
export const LATE_AFTER_MS = 60 * 60 * 1000;

/**
 * A broadcast pauses itself when, of its last `ofLast` texts called, at least `atLeast` and at least `share` were
 * refused for reasons that do not lie with one phone: a word in it that carriers block, a sender that is not
 * registered. Each text more costs money and trust. Twenty, because a few blocked numbers are ordinary; a fifth, because
 * of a large village some filter always dislikes a few.
 */
export const REFUSAL_RATE = { ofLast: 200, atLeast: 20, share: 0.2 } as const;

/** What a broadcast's history says of each kind of event. */
export const EVENT_WORDS: Record<string, string> = {
  drafted: "写好",
  edited: "改了草稿",
  repeated: "重复的日子到了，按定好的内容写好",
  submitted: "提交审批",
  approved: "批准",
  values: "附上每户内容的表格",
  overseen: "村监会签字",
  overseen_for: "替村监会签字",
  rushed: "先发出，等补签",
  countersigned: "补签：认可",
  objected: "补签：不认可",
  withdrawn: "撤回来改",
  commented: "留言",
  missed: "过了定的时间，还没签完",
  visits_listed: "列入入户清单",
  corrected: "发了更正",
  returned: "退回",
  launched: "开始发送",
  paused: "暂停",
  resumed: "接着发",
  canceled: "取消",
  closed: "表态截止，剩下的不再发",
  inquired: "问运营商",
  resent: "重发结果不明的",
  resent_itself: "自动重发结果不明的",
  surrendered: "作罢结果不明的",
  held: "过时未发，等人决定",
  overtakes: "前一条没发，没有发",
  over_budget: "额度不够，没有发",
  audience_changed: "收的人有变化，没有发",
  allowed: "同意超额度发送",
  stopped: "自动暂停",
};
