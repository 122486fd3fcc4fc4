import { sayMoment } from "../lib/china-time.ts";
import type { MessageState } from "../message/message.ts";
import { STATE_WORDS } from "../message/message.ts";
import { type DoorSquare, doorGrid, stateBar } from "../web/charts.ts";
import { escapeHtml } from "../web/escape.ts";
import type { Broadcast } from "./broadcast.queries.ts";
import { BROADCAST_STATE_WORDS } from "./broadcast.ts";
import { barParts, type Progress, readProgress, sayProgress } from "./progress.ts";
import type { Counts, Door } from "./recipients.queries.ts";

/** A notice's page answers "has everybody got it?": its title says so. */
export function titleOf(broadcast: Broadcast, progress: Progress, now: Date): string {
  switch (broadcast.state) {
    case "sending":
    case "sent":
      return sayProgress(progress);
    case "paused":
      return `已暂停:${sayProgress(progress)}`;
    case "scheduled":
      return broadcast.sendAt
        ? `定在${sayMoment(broadcast.sendAt, now)}发给 ${broadcast.recipients} 户`
        : "马上开始发送";
    case "awaiting_approval":
      return `等审批,批准后发给 ${broadcast.recipients} 户`;
    default:
      return BROADCAST_STATE_WORDS[broadcast.state];
  }
}

/** The part of the page that changes by itself: words first, then the bar, then the doors. */
export function describeLive(counts: Counts, doors: readonly Door[]) {
  const progress = readProgress(counts);
  return {
    words: sayProgress(progress),
    bar: stateBar(barParts(progress)),
    progress,
    grids: groupDoors(doors),
  };
}

function groupDoors(doors: readonly Door[]) {
  const grids = new Map<string, Door[]>();
  for (const door of doors) {
    const name = door.grid ?? "未分网格";
    grids.set(name, [...(grids.get(name) ?? []), door]);
  }
  return [...grids].map(([name, members]) => ({
    name,
    reached: members.filter((door) => door.state === "delivered").length,
    all: members.length,
    svg: doorGrid(members.map(square), escapeHtml),
  }));
}

function square(door: Door): DoorSquare {
  const said = door.state ? STATE_WORDS[door.state] : door.hasPhone ? "没有发" : "没有手机号";
  return { title: `${door.number} ${said}`, kind: door.hasPhone ? kindOf(door.state) : "none" };
}

function kindOf(state: MessageState | null): DoorSquare["kind"] {
  switch (state) {
    case "delivered":
      return "delivered";
    case "accepted":
    case "sent":
    case "unknown":
      return "under-way";
    case "undelivered":
    case "failed":
      return "lost";
    default:
      return "waiting";
  }
}
