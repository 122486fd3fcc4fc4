import type { FastifyInstance } from "fastify";
import { type BroadcastId, isUuid, type MessageId } from "../lib/ids.ts";
import { maskPhone } from "../lib/phone.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import type { Sealer } from "../lib/seal.ts";
import { shorten } from "../lib/text.ts";
import { cutBubble } from "../message/cut-bubble.ts";
import { countDoubts } from "../message/doubts.queries.ts";
import { MESSAGE_STATES, type MessageState, STATE_WORDS } from "../message/message.ts";
import { sayReason } from "../message/reasons.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { nextOpening, writeSignature } from "../village/village.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { allowOverBudget } from "./allow-over-budget.ts";
import { approveBroadcast, returnBroadcast } from "./approve-broadcast.ts";
import { type Broadcast, findBroadcast, listBroadcasts } from "./broadcast.queries.ts";
import { BROADCAST_STATE_WORDS, type BroadcastState } from "./broadcast.ts";
import { askBudget, showBudgetOf } from "./budget.ts";
import { cancelBroadcast, pauseBroadcast, resumeBroadcast } from "./control-broadcast.ts";
import { allSegments, costOf } from "./cost.ts";
import { listEvents } from "./events.queries.ts";
import { describeHistory } from "./history.ts";
import { describeLive, isFollowed, titleOf } from "./live-view.ts";
import { countVotes } from "./poll.queries.ts";
import { writeBody } from "./poll.ts";
import { describeVotes } from "./poll-view.ts";
import { readProgress, sayProgress } from "./progress.ts";
import { countMessages, countMessagesOf, listDoors, listRecipients } from "./recipients.queries.ts";
import { listReplies } from "./replies.queries.ts";
import { submitBroadcast } from "./submit-broadcast.ts";
import { tryBroadcast } from "./try-broadcast.ts";

const PAGE = 30;

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
  form("submission", "broadcast.draft", "submitted", submitBroadcast);
  form("test", "broadcast.draft", "test_sent", tryBroadcast);
  form("approval", "broadcast.approve", "approved", approveBroadcast);
  form("over-budget", "broadcast.overspend", "allowed", allowOverBudget);
  form("pause", "broadcast.control", "paused", pauseBroadcast);
  form("resume", "broadcast.control", "resumed", resumeBroadcast);
  form("cancellation", "broadcast.control", "canceled", cancelBroadcast);
  pageForm(app, deps, {
    url: "/v/:code/notices/:id/return",
    access: "broadcast.approve",
    page: showNotice,
    async act(work, params, fields) {
      const found = await visitNotice(work, params);
      if (!found.ok) return found;
      const moved = await returnBroadcast(work, found.value.broadcast.id, fields.reason ?? "");
      return moved.ok ? ok(`/v/${params.code}/notices/${moved.value}?done=returned`) : moved;
    },
  });
}

/** One notice of the village in the address, never another village's. */
export async function visitNotice(
  work: Work,
  params: Readonly<Record<string, string>>,
): Promise<Outcome<{ village: Village; broadcast: Broadcast }>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const id = params.id ?? "";
  const broadcast = isUuid(id) ? await findBroadcast(work.tx, id as BroadcastId) : undefined;
  if (broadcast?.villageId !== village.value.id) return refusal("not_found", "没有这条通知");
  return ok({ village: village.value, broadcast });
}

const TONE: Record<BroadcastState, string> = {
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
      column: row.column,
      words: shorten(row.body, 60),
      state: BROADCAST_STATE_WORDS[row.state],
      tone: TONE[row.state],
      progress: row.launchedAt ? sayProgress(progress) : `${row.recipients} 户`,
      at: row.launchedAt ?? row.sendAt ?? row.createdAt,
      atWords: row.launchedAt ? "发出" : row.sendAt && row.state === "scheduled" ? "定在" : "写于",
      drafter: row.drafter,
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

export async function showNotice({ work, params }: Visit): Promise<Outcome<Page>> {
  const found = await visitNotice(work, params);
  if (!found.ok) return found;
  const { village, broadcast } = found.value;
  const counts = await countMessages(work.tx, broadcast.id);
  const progress = readProgress(counts);
  const launched = broadcast.launchedAt !== null;
  const opening = nextOpening(village.sendingHours, work.now);
  const role = work.actor.role;
  const undecided = ["awaiting_approval", "scheduled", "held"].includes(broadcast.state);
  const over = undecided ? await askBudget(work, broadcast) : null;
  return ok({
    view: "notice",
    title: titleOf(broadcast, progress, work.now),
    tab: "notices",
    village,
    data: {
      notice: {
        id: broadcast.id,
        column: broadcast.column,
        urgent: broadcast.kind === "emergency",
        poll: broadcast.kind === "poll",
        state: broadcast.state,
        stateWords: BROADCAST_STATE_WORDS[broadcast.state],
        tone: TONE[broadcast.state],
        note: broadcast.note,
        drafter: broadcast.drafter,
        approver: broadcast.approver,
        recipients: broadcast.recipients,
        segments: broadcast.segmentsPerMessage,
        all: allSegments(broadcast),
        cost: costOf(allSegments(broadcast), broadcast.price),
        sendAt: broadcast.sendAt,
        stages: broadcast.stages,
        parts: cutBubble(broadcast.text ?? writeSignature(village.signature) + writeBody(broadcast)),
      },
      doubts: progress.doubtful > 0 ? await countDoubts(work.tx, { broadcastId: broadcast.id }) : null,
      budget: await showBudgetOf(work, broadcast),
      over: over?.over ? over.sentence : null,
      // Two stages: the second leaves by the database's clock.
      restAt: broadcast.state === "sending" && progress.waiting > 0 ? broadcast.restAt : null,
      waitsFor:
        broadcast.state === "sending" && broadcast.kind !== "emergency" && opening !== null && opening > work.now
          ? opening
          : null,
      poll: launched ? describeVotes(await countVotes(work.tx, broadcast.id), broadcast.closesAt, work.now) : null,
      live: launched ? describeLive(counts, await listDoors(work.tx, broadcast.id, village.id, 2000)) : null,
      replies: await listReplies(work.tx, broadcast.id),
      follow: isFollowed(broadcast, progress, work.now),
      events: describeHistory(await listEvents(work.tx, broadcast.id)),
      can: {
        edit: ["draft", "returned"].includes(broadcast.state) && may(role, "broadcast.draft"),
        test: broadcast.approvedAt === null && broadcast.state !== "canceled" && may(role, "broadcast.draft"),
        approve:
          broadcast.state === "awaiting_approval" &&
          may(role, "broadcast.approve") &&
          broadcast.draftedBy !== work.actor.id,
        approveNotSelf: broadcast.state === "awaiting_approval" && broadcast.draftedBy === work.actor.id,
        allow: over?.over === true && may(role, "broadcast.overspend"),
        pause: broadcast.state === "sending" && may(role, "broadcast.control"),
        resume: ["paused", "held"].includes(broadcast.state) && !over?.over && may(role, "broadcast.control"),
        decide: may(role, "message.resolve"),
        resend: may(role, "message.resolve") && broadcast.state !== "canceled",
        cancel: !["sent", "canceled"].includes(broadcast.state) && may(role, "broadcast.control"),
      },
    },
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
