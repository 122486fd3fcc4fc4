import { sayMoment } from "../../lib/china-time.ts";
import type { MessageState } from "../../message/message.ts";
import { STATE_WORDS } from "../../message/message.ts";
import { type DoorKind, type DoorSquare, doorGrid, stateBar } from "../../web/charts.ts";
import { escapeHtml } from "../../web/escape.ts";
import { unitOf } from "../audience/audience.ts";
import type { Counts, Door } from "../audience/recipients.queries.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import type { BroadcastState, HeldFor } from "../broadcast.ts";
import { barParts, type Progress, readProgress, sayProgress } from "./progress.ts";

/** As many doors as a page can carry as squares; a larger village is read from its numbers. */
export const MOST_DRAWN = 600;

/** How a state is marked, beside its word. */
export const TONE: Record<BroadcastState, string> = {
  draft: "off",
  awaiting_approval: "soon",
  returned: "soon",
  scheduled: "",
  held: "late",
  sending: "",
  paused: "soon",
  sent: "done",
  canceled: "off",
};

/** A notice's page answers "has everybody got it?": its title says so. */
export function titleOf(broadcast: Broadcast, progress: Progress, now: Date): string {
  const unit = unitOf(broadcast);
  switch (broadcast.state) {
    case "sending":
    case "sent":
      return sayProgress(progress, unit);
    case "paused":
      return `已暂停：${sayProgress(progress, unit)}`;
    case "scheduled":
      return broadcast.sendAt && broadcast.sendAt > now
        ? `定在 ${sayMoment(broadcast.sendAt, now)} 发给 ${broadcast.recipients} ${unit}`
        : "马上开始发送";
    case "awaiting_approval":
      return `等审批，批准后发给 ${broadcast.recipients} ${unit}`;
    case "held":
      return HELD_WORDS[broadcast.heldFor ?? "late"];
    case "canceled":
      return broadcast.launchedAt ? `已取消：${sayProgress(progress, unit)}` : "已取消，没有发出";
    case "draft":
      return "草稿，还没交给别人审批";
    case "returned":
      return "退回来了，改好再交";
  }
}

const HELD_WORDS: Record<HeldFor, string> = {
  late: "过了时间还没发，等人决定",
  budget: "额度不够，等乡镇同意",
  audience: "收的人有变化，等人决定",
  series: "连载的前一条没发，等人决定",
};

/** Reports come in for days; an open page stops asking when nobody is on the way any more. */
export const isOver = (state: BroadcastState, progress: Progress): boolean =>
  ["sent", "canceled"].includes(state) && progress.underWay + progress.waiting === 0;

/** A page that was opened just before its notice leaves sees it leave. */
const SOON_MS = 10 * 60 * 1000;

/** Whether the page of a notice in this state has anything to wait for. */
export function isFollowed({ state, sendAt }: Broadcast, progress: Progress, now: Date): boolean {
  if (state === "scheduled") return sendAt === null || sendAt.getTime() - now.getTime() < SOON_MS;
  return ["sending", "paused", "sent"].includes(state) && !isOver(state, progress);
}

/** The part of the page that changes by itself: a bar, its numbers in words, the doors. */
export function describeLive(counts: Counts, doors: readonly Door[]) {
  const progress = readProgress(counts);
  const phoneless = doors.filter((door) => !door.hasPhone).length;
  return {
    bar: stateBar(barParts(progress)),
    legend: describeLegend(progress, phoneless),
    progress,
    /** Somebody has not got it, or never could by text; of a village too large to be drawn that is taken for granted. */
    missed: doors.length === 0 || progress.lost + progress.doubtful + progress.suppressed + phoneless > 0,
    grids: groupDoors(doors),
  };
}

/** The same words and squares for the bar and the doors; what nobody is in is left out. */
function describeLegend(progress: Progress, phoneless: number): { kind: DoorKind; words: string; n: number }[] {
  const lines: { kind: DoorKind; words: string; n: number }[] = [
    { kind: "under-way", words: "在路上", n: progress.underWay },
    { kind: "waiting", words: "还没发", n: progress.waiting },
    { kind: "doubt", words: "结果不明", n: progress.doubtful },
    { kind: "lost", words: "没收到", n: progress.lost },
    { kind: "waiting", words: "没有发", n: progress.suppressed },
    { kind: "waiting", words: "已取消", n: progress.canceled },
    { kind: "none", words: "没有手机", n: phoneless },
  ];
  return [{ kind: "delivered", words: "已送达", n: progress.delivered }, ...lines.filter((line) => line.n > 0)];
}

/** 一村一图: the doors by grid, one square each. */
export function groupDoors(doors: readonly Door[]) {
  const grids = new Map<string, Door[]>();
  for (const door of doors) {
    const name = door.grid ?? "未分网格";
    grids.set(name, [...(grids.get(name) ?? []), door]);
  }
  return [...grids].map(([name, members]) => {
    const reached = members.filter((door) => door.state === "delivered").length;
    const label = `${name}一户一格：送达 ${reached} / ${members.length} 户`;
    return { name, reached, all: members.length, svg: doorGrid(members.map(square), label, escapeHtml) };
  });
}

function square(door: Door): DoorSquare {
  const said = door.state ? STATE_WORDS[door.state] : door.hasPhone ? "没有发" : "没有手机号";
  return { title: `${door.number} ${said}`, kind: door.hasPhone ? kindOf(door.state) : "none" };
}

function kindOf(state: MessageState | null): DoorKind {
  switch (state) {
    case "delivered":
      return "delivered";
    case "accepted":
    case "sent":
      return "under-way";
    case "unknown":
      return "doubt";
    case "undelivered":
    case "failed":
      return "lost";
    default:
      return "waiting";
  }
}
