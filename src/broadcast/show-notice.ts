import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import { cutBubble } from "../message/cut-bubble.ts";
import { countDoubts } from "../message/doubts.queries.ts";
import { nextOpening, writeSignature } from "../village/village.ts";
import type { Page, Visit } from "../web/page.ts";
import { describeAfter } from "./after-sending/after-view.ts";
import { listReplies } from "./after-sending/replies.queries.ts";
import { sayTo, unitOf } from "./audience/audience.ts";
import { countMessages, listDoors } from "./audience/recipients.queries.ts";
import { BROADCAST_STATE_WORDS } from "./broadcast.ts";
import { askBudget, showBudgetOf } from "./budget.ts";
import { allSegments, costOf } from "./cost.ts";
import { readTurnout } from "./describe-broadcast.ts";
import { listEvents } from "./events.queries.ts";
import { describePersonal } from "./personal/show-personal.ts";
import { countVotes } from "./poll/poll.queries.ts";
import { writeBody } from "./poll/poll.ts";
import { describeTurnout, describeVotes } from "./poll/poll-view.ts";
import { describeLive, isFollowed, MOST_DRAWN, TONE, titleOf } from "./sending/live-view.ts";
import { readProgress } from "./sending/progress.ts";
import { describeHistory } from "./signing/history.ts";
import { describeSigning } from "./signing/signing-view.ts";
import { visitNotice } from "./visit-notice.ts";

/** One notice: who has it, who has not, what was said about it, and what may be done with it now. */
export async function showNotice({ work, params }: Visit): Promise<Outcome<Page>> {
  const found = await visitNotice(work, params);
  if (!found.ok) return found;
  const { village, broadcast } = found.value;
  const counts = await countMessages(work.tx, broadcast.id);
  const progress = readProgress(counts);
  const launched = broadcast.launchedAt !== null;
  const votes = launched ? await countVotes(work.tx, broadcast.id) : null;
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
        unit: unitOf(broadcast),
        to: sayTo(broadcast.audience, unitOf(broadcast)),
        segments: broadcast.segmentsPerMessage,
        all: allSegments(broadcast),
        cost: costOf(allSegments(broadcast), broadcast.price),
        sendAt: broadcast.sendAt,
        stages: broadcast.stages,
        parts: cutBubble(broadcast.text ?? writeSignature(village.signature) + writeBody(broadcast)),
      },
      personal: await describePersonal(work, broadcast),
      doubts: progress.doubtful > 0 ? await countDoubts(work.tx, { broadcastId: broadcast.id }) : null,
      budget: await showBudgetOf(work, broadcast),
      over: over?.over ? over.sentence : null,
      // Two stages: the second leaves by the database's clock.
      restAt: broadcast.state === "sending" && progress.waiting > 0 ? broadcast.restAt : null,
      waitsFor:
        broadcast.state === "sending" && broadcast.kind !== "emergency" && opening !== null && opening > work.now
          ? opening
          : null,
      poll: votes && describeVotes(votes, broadcast.closesAt, work.now),
      turnout: votes && describeTurnout(broadcast.quorum ?? "half", await readTurnout(work, broadcast, votes)),
      after: await describeAfter(work, broadcast, progress),
      live: launched ? describeLive(counts, await listDoors(work.tx, broadcast, MOST_DRAWN)) : null,
      replies: await listReplies(work.tx, broadcast.id),
      follow: isFollowed(broadcast, progress, work.now),
      signing: await describeSigning(work, broadcast),
      events: describeHistory(await listEvents(work.tx, broadcast.id)),
      can: {
        edit: ["draft", "returned"].includes(broadcast.state) && may(role, "broadcast.draft"),
        test: broadcast.frozenAt === null && broadcast.state !== "canceled" && may(role, "broadcast.draft"),
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
