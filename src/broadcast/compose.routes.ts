import type { FastifyInstance } from "fastify";
import { fromLocal, localMonth } from "../lib/china-time.ts";
import { type BroadcastId, isUuid } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import { channelOfVillage } from "../message/channel.queries.ts";
import { cutBubble } from "../message/cut-bubble.ts";
import { countSegments, unitsOverBorder } from "../message/segments.ts";
import type { Work } from "../queue/work.ts";
import { readBudget } from "../village/budget.queries.ts";
import { describeBudget } from "../village/budget-view.ts";
import { listColumns, type Village } from "../village/village.queries.ts";
import { writeSignature } from "../village/village.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Fields, type Page, type PageDeps, pageForm, pageFragment, pageRoute, type Visit } from "../web/page.ts";
import { countAudience } from "./audience.queries.ts";
import { findBroadcast } from "./broadcast.queries.ts";
import { EVERYONE, MAX_SEGMENTS, type Stages } from "./broadcast.ts";
import { sayDuration } from "./bubble.ts";
import { costOf } from "./cost.ts";
import { draftBroadcast, editBroadcast } from "./draft-broadcast.ts";
import { type Rhythm, readMinute, WEEKDAY_NAMES } from "./rhythm.ts";
import { makeSchedule } from "./schedule.ts";
import { tryBroadcast } from "./try-broadcast.ts";

/** Writing a notice: one page, with what it will look like and cost while one writes. */
export function composeRoutes(app: FastifyInstance, deps: PageDeps): void {
  const access = "broadcast.draft";

  pageRoute(app, deps, { url: "/v/:code/notices/new", access, show: showCompose });
  pageForm(app, deps, {
    url: "/v/:code/notices",
    access,
    page: showCompose,
    act: (work, params, fields) =>
      wantsRepeat(fields)
        ? saveSchedule(work, params, fields)
        : save(work, params, fields, (village, wish, submit) => draftBroadcast(work, village, wish, submit)),
  });

  pageRoute(app, deps, { url: "/v/:code/notices/:id/edit", access, show: showCompose });
  pageForm(app, deps, {
    url: "/v/:code/notices/:id/edit",
    access,
    page: showCompose,
    act: (work, params, fields) =>
      save(work, params, fields, (village, wish, submit) =>
        editBroadcast(work, village, params.id as BroadcastId, wish, submit),
      ),
  });

  // The bubble under the text field, asked for while somebody types; the page itself holds the same one.
  pageFragment(app, deps, {
    url: "/v/:code/notices/preview",
    access,
    async show(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      return ok({
        view: "parts/estimate",
        data: { estimate: await estimateText(work, village.value, fields.body ?? "") },
      });
    },
  });
}

async function showCompose({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const id = params.id;
  const draft = id && isUuid(id) ? await findBroadcast(work.tx, id as BroadcastId) : undefined;
  if (id && draft?.villageId !== village.value.id) return refusal("not_found", "没有这条通知");
  if (draft && draft.state !== "draft" && draft.state !== "returned") {
    return refusal("move_not_allowed", "这条通知已经提交，不能再改；要改请先退回");
  }
  const columns = await listColumns(work.tx, village.value.id);
  const typed: Fields = problem?.fields ?? {
    column: draft?.column ?? columns[0]?.name ?? "",
    body: draft?.body ?? "",
    sendAt: draft?.sendAt ? new Date(draft.sendAt.getTime() + 8 * 3_600_000).toISOString().slice(0, 16) : "",
    stageFirst: draft?.stages ? String(draft.stages.first) : "",
    stageMinutes: draft?.stages ? String(draft.stages.waitMinutes) : "",
  };
  return ok({
    view: "notice-compose",
    title: draft ? "改通知" : "写一条通知",
    tab: "notices",
    village: village.value,
    data: {
      columns: columns.map((column) => ({ value: column.name, label: column.name })),
      form: typed,
      // Monday first, as a week is read.
      weekdays: draft ? null : [1, 2, 3, 4, 5, 6, 0].map((day) => ({ value: day, label: WEEKDAY_NAMES[day] })),
      returned: draft?.state === "returned" ? draft.note : null,
      action: draft ? `/v/${village.value.code}/notices/${draft.id}/edit` : `/v/${village.value.code}/notices`,
      estimate: await estimateText(work, village.value, typed.body ?? ""),
    },
  });
}

type Save = (
  village: Village,
  wish: Parameters<typeof draftBroadcast>[2],
  submit: boolean,
) => Promise<Outcome<BroadcastId>>;

async function save(work: Work, params: Fields, fields: Fields, write: Save): Promise<Outcome<string>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const sendAt = readLocalMoment(fields.sendAt ?? "");
  if (!sendAt.ok) return sendAt;
  const submit = fields.then !== "keep" && fields.then !== "test";
  const stages = readStages(fields);
  const wish = { column: fields.column ?? "", body: fields.body ?? "", sendAt: sendAt.value, stages };
  const saved = await write(village.value, wish, submit);
  if (!saved.ok) return saved;
  if (fields.then === "test") {
    const tried = await tryBroadcast(work, saved.value);
    return tried.ok ? ok(`/v/${village.value.code}/notices/${saved.value}/edit?done=tested`) : tried;
  }
  return ok(`/v/${village.value.code}/notices/${saved.value}?done=${submit ? "submitted" : "drafted"}`);
}

/** Somebody who picked days and forgot to say "every" must not send a single notice. */
const wantsRepeat = (fields: Fields): boolean =>
  Boolean(
    fields.repeat || fields.monthDay?.trim() || fields.clock || WEEKDAY_NAMES.some((_, i) => fields[`weekday${i}`]),
  );

/** A notice that comes again: handed in at once, because only what is handed in can come by itself. */
async function saveSchedule(work: Work, params: Fields, fields: Fields): Promise<Outcome<string>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const rhythm = readRhythm(fields);
  if (!rhythm.ok) return rhythm;
  const made = await makeSchedule(work, village.value, {
    ...rhythm.value,
    column: fields.column ?? "",
    body: fields.body ?? "",
  });
  return made.ok ? ok(`/v/${village.value.code}/schedules?done=schedule_made`) : made;
}

function readRhythm(fields: Fields): Outcome<Rhythm> {
  const { monthDay = "", clock = "", sendAt = "", stageFirst = "", stageMinutes = "" } = fields;
  if (fields.repeat !== "weekly" && fields.repeat !== "monthly") {
    return invalid({ field: "repeat", message: "您选了重复的日子，请再选每周还是每月；只发一次就把日子清掉" });
  }
  if (fields.then !== "submit") {
    return invalid({ field: "repeat", message: "重复的通知不能存草稿，请提交，或先选“不重复”" });
  }
  if (sendAt.trim() !== "") return invalid({ field: "sendAt", message: "重复的通知，时间填在“几点几分”里，这里留空" });
  if (stageFirst.trim() + stageMinutes.trim() !== "") {
    return invalid({ field: "stageFirst", message: "重复的通知不能分两次发，这里留空" });
  }
  const minute = readMinute(clock);
  if (minute === null) return invalid({ field: "clock", message: "请填几点几分，比如 18:30" });
  if (fields.repeat === "weekly") {
    const weekdays = WEEKDAY_NAMES.map((_, day) => day).filter((day) => fields[`weekday${day}`]);
    if (weekdays.length === 0) return invalid({ field: "weekdays", message: "请选每周的哪几天" });
    return ok({ weekdays, monthDay: null, minute });
  }
  const day = /^\d{1,2}$/.test(monthDay.trim()) ? Number(monthDay) : 0;
  if (day < 1 || day > 31) return invalid({ field: "monthDay", message: "每月的几号要写 1 到 31" });
  return ok({ weekdays: null, monthDay: day, minute });
}

/** What a `datetime-local` field says, in the village's time. */
function readLocalMoment(text: string): Outcome<Date | null> {
  if (text.trim() === "") return ok(null);
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(text.trim());
  if (!match) return invalid({ field: "sendAt", message: "时间没填完整，请选日期和时间，或者留空" });
  const [year, month, day, hour, minute] = match.slice(1).map(Number) as [number, number, number, number, number];
  return ok(fromLocal(year, month, day, hour, minute));
}

/** Both empty: no stages. What is half filled in is refused beside its field. */
function readStages({ stageFirst = "", stageMinutes = "" }: Fields): Stages | null {
  if (stageFirst.trim() === "" && stageMinutes.trim() === "") return null;
  return { first: Number(stageFirst.trim() || Number.NaN), waitMinutes: Number(stageMinutes.trim() || Number.NaN) };
}

async function estimateText(work: Work, village: Village, body: string) {
  const text = writeSignature(village.signature) + cleanText(body).trim();
  const { segments, units } = countSegments(text);
  const { recipients, optedOut, badNumber, samePhone } = await countAudience(work.tx, {
    villageId: village.id,
    audience: EVERYONE,
    columnId: null,
    emergency: false,
  });
  const channel = await channelOfVillage(work.tx, village.id);
  const over = unitsOverBorder(text);
  return {
    parts: cutBubble(text),
    units,
    segments,
    recipients,
    all: segments * recipients,
    cost: costOf(segments * recipients, channel.price),
    budget: describeBudget(await readBudget(work.tx, village.id, localMonth(work.now)), segments * recipients),
    duration: sayDuration(segments * recipients, channel.rate),
    saving: segments > 1 && over <= 25 ? { over, all: recipients } : null,
    tooLong: segments > MAX_SEGMENTS,
    left: [
      optedOut > 0 ? `${optedOut} 户已退订` : "",
      badNumber > 0 ? `${badNumber} 户号码有问题` : "",
      samePhone > 0 ? `${samePhone} 户与别户同一部手机` : "",
    ].filter((part) => part !== ""),
  };
}
