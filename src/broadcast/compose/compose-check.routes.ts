import type { FastifyInstance } from "fastify";
import { isoLocal } from "../../lib/china-time.ts";
import { invalid, type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { Work } from "../../queue/work.ts";
import { type Fields, type PageDeps, pageForm, pageRoute } from "../../web/page.ts";
import { type Broadcast, lockBroadcast } from "../broadcast.queries.ts";
import { moveBroadcast } from "../change-broadcast.queries.ts";
import { stageProblem } from "../check-draft.ts";
import { noteEvent } from "../events.queries.ts";
import { makeSchedule } from "../schedule/schedule.ts";
import { timeProblem } from "../sending/send-time.ts";
import { submitBroadcast } from "../submit-broadcast.ts";
import { type Composing, type Kept, keyOf, visitKept } from "./compose.ts";
import { keepRoute } from "./compose-keep.routes.ts";
import { readRhythm, readSendAt, readStages, wantsRepeat } from "./read-compose.ts";
import { FROZEN, saveDraft } from "./save-draft.ts";
import { showCheck } from "./show-check.ts";
import { tryBroadcast } from "./try-broadcast.ts";

/** The third step: everything once more, when it leaves, and the one button that hands it in. */
export function composeCheckRoutes(app: FastifyInstance, deps: PageDeps): void {
  const url = "/v/:code/notices/:id/check";
  const access = "broadcast.draft";
  pageRoute(app, deps, { url, access, show: showCheck });
  pageForm(app, deps, {
    url,
    access,
    page: showCheck,
    async act(work, params, fields) {
      const found = await visitKept(work, params);
      if (!found.ok) return found;
      return wantsRepeat(fields) ? await repeat(work, found.value, fields) : await send(work, found.value, fields);
    },
  });
  keepRoute(app, deps, "check", saveMoment);
}

async function saveMoment(work: Work, composing: Composing, fields: Fields): Promise<Outcome<Broadcast>> {
  const sendAt = readSendAt(fields);
  if (!sendAt.ok) return sendAt;
  const stages = readStages(fields);
  const wrong = stages && stageProblem(stages);
  if (wrong) return invalid(wrong);
  return await saveDraft(work, composing.village, keyOf(composing, fields), { sendAt: sendAt.value, stages });
}

async function send(work: Work, composing: Kept, fields: Fields): Promise<Outcome<string>> {
  const { base } = composing;
  const saved = await saveMoment(work, composing, fields);
  if (!saved.ok) return saved;
  if (fields.then === "test") {
    const tried = await tryBroadcast(work, saved.value.id);
    return tried.ok ? ok(`${base}/check?done=tested`) : tried;
  }
  if (fields.then === "later") return ok(`${base}?done=drafted`);
  if (fields.then !== "submit") {
    const door = (fields.door ?? "").trim();
    return ok(`${base}/check?${new URLSearchParams({ done: "saved", ...(door === "" ? {} : { door }) })}`);
  }
  const late = momentProblem(work, composing, saved.value.sendAt, fields);
  if (late) return invalid({ field: "sendAt", message: late });
  const submitted = await submitBroadcast(work, saved.value.id, { repeatAnyway: fields.repeatAnyway === "1" });
  return submitted.ok ? ok(`${base}?done=submitted`) : submitted;
}

/** A moment at which it would not leave is refused; a holiday is asked about once. */
function momentProblem(work: Work, { village, kind }: Kept, sendAt: Date | null, fields: Fields): string | null {
  if (sendAt === null) return null;
  const { sendingHours: hours, calendar } = village;
  const problem = timeProblem(sendAt, { hours, calendar, now: work.now, urgent: kind === "emergency" });
  if (problem === null || (problem.level === "ask" && fields.asked === isoLocal(sendAt))) return null;
  return problem.message;
}

/** A notice that comes again is a schedule, and the draft it was written as is done with. */
async function repeat(work: Work, { draft: shown, village }: Kept, fields: Fields): Promise<Outcome<string>> {
  const rhythm = readRhythm(fields);
  if (!rhythm.ok) return rhythm;
  const draft = await lockBroadcast(work.tx, shown.id);
  if (draft?.state !== "draft" && draft?.state !== "returned") return refusal("move_not_allowed", FROZEN);
  if (draft.kind !== "notice") return invalid({ field: "repeat", message: "表态和紧急通知不能重复，请选“不重复”" });
  const { id, villageId, columnId: column, body, audience, needsOverseer } = draft;
  const made = await makeSchedule(work, village, { ...rhythm.value, column, body, audience, needsOverseer });
  if (!made.ok) return made;
  const note = "改成了每周每月重复的";
  await moveBroadcast(work.tx, id, "canceled", { finished_at: work.now, note });
  const event = { broadcastId: id, villageId, actorId: work.actor.id, kind: "canceled", note };
  await noteEvent(work.tx, event, work.now);
  return ok(`/v/${village.code}/schedules?done=schedule_made`);
}
