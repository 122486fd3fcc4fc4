import type { FastifyInstance } from "fastify";
import { type BroadcastId, isUuid, type MessageId } from "../lib/ids.ts";
import { maskPhone } from "../lib/phone.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Sealer } from "../lib/seal.ts";
import { shorten } from "../lib/text.ts";
import { MESSAGE_STATES, type MessageState, STATE_WORDS } from "../message/message.ts";
import { sayReason } from "../message/reasons.ts";
import type { Work } from "../queue/work.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { allowOverBudget } from "./allow-over-budget.ts";
import { unitOf } from "./audience/audience.ts";
import { countMessagesOf, listRecipients } from "./audience/recipients.queries.ts";
import { listBroadcasts } from "./broadcast.queries.ts";
import { BROADCAST_STATE_WORDS, type BroadcastKind } from "./broadcast.ts";
import { tryBroadcast } from "./compose/try-broadcast.ts";
import { cancelBroadcast, pauseBroadcast, resumeBroadcast } from "./sending/control-broadcast.ts";
import { TONE } from "./sending/live-view.ts";
import { readProgress, sayProgress } from "./sending/progress.ts";
import { showNotice } from "./show-notice.ts";
import { visitNotice } from "./visit-notice.ts";

const PAGE = 30;

/** What a notice is, where it is no plain one. */
const KIND_WORDS: Record<BroadcastKind, string> = { notice: "", poll: "表态", emergency: "紧急通知" };

/** The list of notices, and one notice: who has it, who has not, and what may be done with it now. */
export function noticeRoutes(app: FastifyInstance, deps: PageDeps & { sealer: Sealer }): void {
  pageRoute(app, deps, { url: "/v/:code/notices", access: "broadcast.read", show: showList });
  pageRoute(app, deps, { url: "/v/:code/notices/:id", access: "broadcast.read", show: showNotice });
  pageRoute(app, deps, {
    url: "/v/:code/notices/:id/recipients",
    access: "broadcast.read",
    show: (visit) => showRecipients(visit, deps.sealer),
  });

  type Move = (work: Work, id: BroadcastId) => Promise<Outcome<BroadcastId>>;
  const form = (url: string, access: Parameters<typeof pageForm>[2]["access"], done: string, move: Move) =>
    pageForm(app, deps, {
      url: `/v/:code/notices/:id/${url}`,
      access,
      page: showNotice,
      async act(work, params) {
        const found = await visitNotice(work, params);
        if (!found.ok) return found;
        const moved = await move(work, found.value.broadcast.id);
        return moved.ok ? ok(`/v/${params.code}/notices/${moved.value}?done=${done}`) : moved;
      },
    });
  form("test", "broadcast.draft", "test_sent", tryBroadcast);
  form("over-budget", "broadcast.overspend", "allowed", allowOverBudget);
  form("pause", "broadcast.control", "paused", pauseBroadcast);
  form("resume", "broadcast.control", "resumed", resumeBroadcast);
  form("cancellation", "broadcast.control", "canceled", cancelBroadcast);
}

async function showList({ work, params, query }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const before = query.before && isUuid(query.before) ? (query.before as BroadcastId) : null;
  const rows = await listBroadcasts(work.tx, village.value.id, PAGE + 1, before);
  const counts = await countMessagesOf(
    work.tx,
    rows.map((row) => row.id),
  );
  const items = rows.slice(0, PAGE).map((row) => {
    const progress = readProgress(counts.get(row.id) ?? {});
    return {
      id: row.id,
      column: [KIND_WORDS[row.kind], row.column].filter(Boolean).join(" · "),
      words: shorten(row.body, 60) || "（还没写内容）",
      state: BROADCAST_STATE_WORDS[row.state],
      tone: TONE[row.state],
      progress: row.launchedAt ? sayProgress(progress, unitOf(row)) : `${row.recipients} ${unitOf(row)}`,
      at: row.launchedAt ?? row.sendAt ?? row.createdAt,
      atWords: row.launchedAt ? "发出" : row.sendAt && row.state === "scheduled" ? "定在" : "写于",
      drafter: row.drafter,
      over: row.state === "sent" || row.state === "canceled",
      series: row.series,
    };
  });
  const waiting = rows.filter((row) => row.state === "awaiting_approval").length;
  return ok({
    view: "notices",
    title: waiting > 0 ? `有 ${waiting} 条通知等审批` : "通知",
    tab: "notices",
    village: village.value,
    data: { items, older: rows.length > PAGE ? (items.at(-1)?.id ?? null) : null },
  });
}

async function showRecipients({ work, params, query }: Visit, sealer: Sealer): Promise<Outcome<Page>> {
  const found = await visitNotice(work, params);
  if (!found.ok) return found;
  const { village, broadcast } = found.value;
  const state = MESSAGE_STATES.find((known) => known === query.state);
  const states: MessageState[] | null = state
    ? [state]
    : query.state === "lost"
      ? ["undelivered", "failed", "unknown", "suppressed"]
      : null;
  const after = query.after && isUuid(query.after) ? (query.after as MessageId) : null;
  const rows = await listRecipients(work.tx, broadcast.id, { states, limit: 101, after });
  return ok({
    view: "recipients",
    title: query.state === "lost" ? "这些户没收到" : "每户收到没有",
    tab: "notices",
    village,
    data: {
      notice: { id: broadcast.id, column: broadcast.column },
      show: query.state ?? "",
      older: rows.length > 100 ? (rows[99]?.id ?? null) : null,
      items: rows.slice(0, 100).map((row) => ({
        household: row.household ?? "",
        grid: row.grid ?? "",
        name: row.name ?? "",
        phone: maskPhone(sealer.openPhone(row.phone)),
        state: STATE_WORDS[row.state],
        tone:
          row.state === "delivered"
            ? "done"
            : ["undelivered", "failed"].includes(row.state)
              ? "late"
              : row.state === "unknown"
                ? "soon"
                : "",
        reason: sayReason(row.state, row.reason) ?? "",
      })),
    },
  });
}
