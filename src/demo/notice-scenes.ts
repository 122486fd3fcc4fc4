import { listForVisit, tellDoor } from "../broadcast/after-sending/list-visits.ts";
import { listVisits } from "../broadcast/after-sending/visits.queries.ts";
import { draftBroadcast } from "../broadcast/draft-broadcast.ts";
import { launchBroadcast } from "../broadcast/sending/launch-broadcast.ts";
import { finishBroadcasts } from "../broadcast/sending/send.queries.ts";
import { approveBroadcast } from "../broadcast/signing/approve-broadcast.ts";
import { returnBroadcast } from "../broadcast/signing/return-broadcast.ts";
import type { SheetId } from "../finance/sheet.ts";
import { localTime } from "../lib/china-time.ts";
import { after, MINUTE, SECOND } from "../lib/clock.ts";
import type { BroadcastId } from "../lib/ids.ts";
import { inSystemWork, inWork } from "../queue/work.ts";
import { moment, onDay } from "./calendar.ts";
import { deliverTexts } from "./deliver-texts.ts";
import { dateMessages } from "./demo.queries.ts";
import { fatesOfNotice } from "./fate.ts";
import { AWAITING, DRAFT, type Notice, RETURNED, SCHEDULED, SENT, type SheetNotice } from "./notices.ts";
import { act } from "./perform.ts";
import { hangSheet, writeSheet } from "./sheets.ts";
import { given, type Scene, type Stage } from "./stage.ts";

/** Every notice from its first draft by the clerk to where it stands today. */
export const noticeScenes = (now: Date): Scene[] => [
  ...SENT.flatMap((notice, nth) => sendScenes(notice, nth, now)),
  { at: moment(DRAFT.at, now), play: (stage) => write(stage, DRAFT, now, { submit: false }) },
  { at: moment(AWAITING.at, now), play: (stage) => write(stage, AWAITING, now, {}) },
  ...returnScenes(now),
  ...scheduleScenes(now),
];

function sendScenes(notice: Notice | SheetNotice, nth: number, now: Date): Scene[] {
  const at = moment(notice.at, now);
  let id: BroadcastId | null = null;
  let sheet: SheetId | null = null;
  return [
    {
      // In the morning of its day, or the afternoon before.
      at: localTime(at).hour < 12 ? onDay(at, -1, "16:40") : onDay(at, 0, "09:15"),
      async play(stage) {
        if ("sheet" in notice) ({ notice: id, sheet } = await writeSheet(stage, notice.sheet, at));
        else id = await write(stage, notice, at, {});
      },
    },
    {
      at: after(at, -10 * SECOND),
      async play(stage) {
        // Of the accounts the overseer signs first, as the rules of most villages have it.
        if (notice.column === "财务公开") await act(stage, "jianhui", (work) => approveBroadcast(work, given(id)));
        await act(stage, "shuji", (work) => approveBroadcast(work, given(id)));
      },
    },
    {
      at,
      async play(stage) {
        await launch(stage, given(id), nth);
        if (sheet) await hangSheet(stage, sheet, at);
      },
    },
    ...(nth === SENT.length - 1 ? visitScenes(at, () => given(id)) : []),
  ];
}

/** Whom the newest one did not reach is to be told: the clerk makes the list, and one cadre has been to two doors. */
const visitScenes = (sent: Date, id: () => BroadcastId): Scene[] => [
  {
    at: after(sent, 12 * MINUTE),
    async play(stage) {
      await act(stage, "cunwu", (work) => listForVisit(work, id(), ["no_phone", "bad_number", "dead"]));
    },
  },
  {
    at: after(sent, 25 * MINUTE),
    async play(stage) {
      const doors = await inWork(stage.work, stage.actors.ganbu2, (work) => listVisits(work.tx, id()));
      const about = { id: id(), villageId: stage.village.id };
      for (const [i, { householdId }] of doors.slice(0, 2).entries()) {
        const told = i === 0 ? { how: "in_person", note: "" } : { how: "absent", note: "门锁着，邻居说去镇上了" };
        await act(stage, "ganbu2", (work) => tellDoor(work, about, { householdId, ...told }));
      }
    },
  },
];

const write = (
  stage: Stage,
  notice: Notice,
  at: Date,
  how: { submit?: boolean; sendAt?: Date },
): Promise<BroadcastId> =>
  act(stage, "cunwu", (work) =>
    draftBroadcast(
      work,
      stage.village,
      { column: notice.column, body: notice.write(at), sendAt: how.sendAt },
      how.submit ?? true,
    ),
  );

const launch = (stage: Stage, id: BroadcastId, nth: number): Promise<void> =>
  inSystemWork(stage.work, async (work) => {
    const launched = await launchBroadcast(work, id);
    if (launched !== "launched") throw new Error(`a notice of the demo was not launched: ${launched}`);
    await dateMessages(work.tx, id);
    await deliverTexts(work, stage, { notice: id, fates: fatesOfNotice(nth) });
    await finishBroadcasts(work.tx, stage.channel.id, after(work.now, MINUTE));
  });

function returnScenes(now: Date): Scene[] {
  const at = moment(RETURNED.at, now);
  let id: BroadcastId | null = null;
  return [
    {
      at,
      async play(stage) {
        id = await write(stage, RETURNED, at, {});
      },
    },
    {
      at: after(at, 40 * MINUTE),
      play: (stage) => act(stage, "shuji", (work) => returnBroadcast(work, given(id), RETURNED.reason)),
    },
  ];
}

function scheduleScenes(now: Date): Scene[] {
  const at = moment(SCHEDULED.at, now);
  const sendAt = SCHEDULED.sendAt(now);
  let id: BroadcastId | null = null;
  return [
    {
      at,
      async play(stage) {
        id = await write(stage, SCHEDULED, sendAt, { sendAt });
      },
    },
    {
      at: after(at, 90 * MINUTE),
      play: (stage) => act(stage, "shuji", (work) => approveBroadcast(work, given(id))),
    },
  ];
}
