import type { FastifyInstance } from "fastify";
import { invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { type Fields, type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import type { Broadcast } from "./broadcast.queries.ts";
import { moveBroadcast } from "./change-broadcast.queries.ts";
import { stageProblem } from "./check-draft.ts";
import { type Composing, describeStep, keyOf } from "./compose.ts";
import { keepRoute } from "./compose-keep.routes.ts";
import { type Kept, visitKept } from "./compose-who.routes.ts";
import { estimateSketch } from "./estimate.ts";
import { noteEvent } from "./events.queries.ts";
import { readRhythm, readSendAt, readStages, wantsRepeat, writeLocalMoment } from "./read-compose.ts";
import { WEEKDAY_NAMES } from "./rhythm.ts";
import { saveDraft } from "./save-draft.ts";
import { makeSchedule } from "./schedule.ts";
import { describePersonal } from "./show-personal.ts";
import { findSimilarNotices } from "./similar-notices.ts";
import { submitBroadcast } from "./submit-broadcast.ts";
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
  if (fields.then !== "submit") return ok(`${base}?done=drafted`);
  const submitted = await submitBroadcast(work, saved.value.id, { repeatAnyway: fields.repeatAnyway === "1" });
  return submitted.ok ? ok(`${base}?done=submitted`) : submitted;
}

/** A notice that comes again is a schedule, and the draft it was written as is done with. */
async function repeat(work: Work, { draft, village }: Kept, fields: Fields): Promise<Outcome<string>> {
  const rhythm = readRhythm(fields);
  if (!rhythm.ok) return rhythm;
  if (draft.kind !== "notice") return invalid({ field: "repeat", message: "表态和紧急通知不能重复，请选“不重复”" });
  const made = await makeSchedule(work, village, {
    ...rhythm.value,
    column: draft.columnId,
    body: draft.body,
    audience: draft.audience,
  });
  if (!made.ok) return made;
  const note = "改成了每周每月重复的";
  await moveBroadcast(work.tx, draft.id, "canceled", { finished_at: work.now, note });
  const { id, villageId } = draft;
  await noteEvent(work.tx, { broadcastId: id, villageId, actorId: work.actor.id, kind: "canceled", note }, work.now);
  return ok(`/v/${village.code}/schedules?done=schedule_made`);
}

async function showCheck({ work, params, problem }: Visit): Promise<Outcome<Page | string>> {
  const found = await visitKept(work, params);
  if (!found.ok) return found;
  const { village, draft, frozen, base } = found.value;
  if (frozen) return ok(`${base}?done=frozen`);
  const estimate = await estimateSketch(work, village, draft);
  const form = problem?.fields ?? {
    when: draft.sendAt ? "other" : "now",
    sendAt: draft.sendAt ? writeLocalMoment(draft.sendAt) : "",
    stageFirst: draft.stages ? String(draft.stages.first) : "",
    stageMinutes: draft.stages ? String(draft.stages.waitMinutes) : "",
  };
  return ok({
    view: "notice-compose-check",
    title: "查对一遍，再发",
    tab: "notices",
    village,
    data: {
      ...(await describeStep(work, found.value, "check", problem)),
      notice: draft,
      estimate,
      personal: await describePersonal(work, draft),
      similar: await findSimilarNotices(work, draft),
      form,
      // Monday first, as a week is read.
      weekdays:
        draft.kind === "notice"
          ? [1, 2, 3, 4, 5, 6, 0].map((day) => ({ value: day, label: WEEKDAY_NAMES[day] }))
          : null,
    },
  });
}
