import { isoLocal, sayMoment } from "../../lib/china-time.ts";
import { MINUTE } from "../../lib/clock.ts";
import type { Outcome } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { Work } from "../../queue/work.ts";
import type { Page, Visit } from "../../web/page.ts";
import { sayTo } from "../audience/audience.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import { QUORUM_SHARES } from "../poll/poll.ts";
import { WEEKDAY_NAMES } from "../sending/rhythm.ts";
import { suggestTimes, timeProblem } from "../sending/send-time.ts";
import { saySigners } from "../signing/say-signers.ts";
import { listSigners } from "../signing/signers.queries.ts";
import { findSimilarNotices } from "../similar/similar-notices.ts";
import { describeStep, type Kept, visitKept } from "./compose.ts";
import { type EstimateView, estimateSketch } from "./estimate.ts";
import { readSendAt, writeLocalMoment } from "./read-compose.ts";

/** The third step as a page: what villagers read, all numbers, who signs, and when it leaves. */
export async function showCheck({ work, params, query, problem }: Visit): Promise<Outcome<Page | string>> {
  const found = await visitKept(work, params);
  if (!found.ok) return found;
  const { village, draft, frozen, base } = found.value;
  if (frozen) return ok(`${base}?done=frozen`);
  const typed = problem && readSendAt(problem.fields);
  const sendAt = typed?.ok ? typed.value : draft.sendAt;
  const door = (problem?.fields.door ?? query.door ?? "").trim() || null;
  const estimate = await estimateSketch(work, village, { ...draft, sendAt }, door);
  const rushed = draft.urgentReason !== null;
  const { id: actorId } = work.actor;
  const signers = await listSigners(work.tx, village.id);
  return ok({
    view: "notice-compose-check",
    title: estimate.recipients > 0 ? `查对一遍，发给 ${estimate.recipients} ${estimate.unit}` : "查对一遍，再发",
    tab: "notices",
    village,
    data: {
      ...(await describeStep(work, found.value, "check", problem)),
      notice: draft,
      to: sayTo(draft.audience, estimate.unit),
      poll: draft.kind === "poll" ? sayPoll(draft, work.now) : null,
      estimate: { ...estimate, cuts: [], canCut: false },
      finish: estimate.finish && roundUp(estimate.finish),
      door,
      rushed,
      signers: saySigners(signers, { actorId, needsOverseer: draft.needsOverseer, rushed }),
      similar: await findSimilarNotices(work, { ...draft, sendAt }),
      remedies: estimate.lacks > 0 ? sayRemedies(estimate) : [],
      ...describeMoment(work, found.value, sendAt, problem?.fields.when),
      form: { ...firstFields(draft), ...problem?.fields },
      // Monday first, as a week is read.
      weekdays:
        draft.kind === "notice"
          ? [1, 2, 3, 4, 5, 6, 0].map((day) => ({ value: day, label: WEEKDAY_NAMES[day] }))
          : null,
    },
  });
}

/** Until when one may vote, and how many must. */
const sayPoll = ({ closesAt, quorum }: Broadcast, now: Date): string =>
  `${closesAt ? sayMoment(closesAt, now) : "发出 72 小时后"}截止，${QUORUM_SHARES[quorum ?? "half"].words}的户表态才算数`;

/** To the minute: nobody is told of seconds. */
const roundUp = (at: Date): Date => new Date(Math.ceil(at.getTime() / MINUTE) * MINUTE);

const firstFields = (draft: Broadcast) => ({
  sendAt: draft.sendAt ? writeLocalMoment(draft.sendAt) : "",
  stageFirst: draft.stages ? String(draft.stages.first) : "",
  stageMinutes: draft.stages ? String(draft.stages.waitMinutes) : "",
});

/** The moments to choose from, which one is chosen, and what is the matter with it. */
function describeMoment(work: Work, { village, kind }: Kept, sendAt: Date | null, when: string | undefined) {
  const { sendingHours: hours, calendar } = village;
  const urgent = kind === "emergency";
  const wrong = sendAt && timeProblem(sendAt, { hours, calendar, now: work.now, urgent });
  const offered = suggestTimes(hours, work.now).map(({ at, words }) => ({ value: writeLocalMoment(at), words }));
  const better = wrong?.better ? { value: writeLocalMoment(wrong.better), at: wrong.better } : null;
  const chosen = sendAt && writeLocalMoment(sendAt);
  const known = offered.some((one) => one.value === chosen) || better?.value === chosen;
  return {
    offered,
    better: better && offered.every((one) => one.value !== better.value) ? better : null,
    when: when === "other" || (chosen !== null && !known) ? "other" : (chosen ?? "now"),
    moment: wrong,
    // What the page has asked about once is not asked again.
    asked: sendAt && wrong?.level === "ask" ? isoLocal(sendAt) : "",
  };
}

/** What can be done about a month's budget that does not reach. */
function sayRemedies({ lacks, segments, recipients, saving }: EstimateView): string[] {
  const shorter = segments > 1 && saving?.all != null ? saving.all : 0;
  return [
    `这个月还差 ${lacks} 条。`,
    ...(shorter > 0 ? [`内容减 ${saving?.over} 个字，可省 ${shorter} 条${shorter >= lacks ? "，就够了" : ""}。`] : []),
    ...(segments > 0 && recipients > Math.ceil(lacks / segments)
      ? [`或者少发 ${Math.ceil(lacks / segments)} 户，其余的用大喇叭或入户说。`]
      : []),
    "或者定到下个月发，或者提交以后请乡镇点“同意超额度发”。",
  ];
}
