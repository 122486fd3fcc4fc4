import { listOfChain } from "../disclosure/disclosure.queries.ts";
import { listObligations } from "../disclosure/list-obligations.ts";
import type { Obligation } from "../disclosure/obligation.ts";
import { openEvent } from "../disclosure/open-event.ts";
import { noteDisclosure } from "../disclosure/post-disclosure.ts";
import { startChain, tickStep } from "../disclosure/run-chain.ts";
import { localDate } from "../lib/china-time.ts";
import { after } from "../lib/clock.ts";
import type { DisclosureChainId } from "../lib/ids.ts";
import { addDays, type IsoDay, noonOf } from "../lib/iso-day.ts";
import { ok } from "../lib/result.ts";
import { PLAN } from "../lib/workdays.ts";
import { AGE, onDay } from "./calendar.ts";
import { act } from "./perform.ts";
import { given, type Scene, type Stage } from "./stage.ts";

/** Of what was due, this one was posted late, and that one not at all; the others hung there in time. */
const POSTED_LATE = "V02";
const NOT_POSTED = "V05";

/** The board as it was kept in these weeks: items posted, one late, one forgotten, one due soon, and a matter half-way. */
export const disclosureScenes = (now: Date): Scene[] => [...boardScenes(now), ...eventScenes(now), ...chainScenes(now)];

function boardScenes(now: Date): Scene[] {
  const today = localDate(now);
  const since = localDate(after(now, -AGE));
  const due = listObligations({ rules: [], calendar: PLAN, since, from: since, until: addDays(today, -1), today });
  return due.filter(({ item }) => item.code !== NOT_POSTED).map((one) => postScene(one, now));
}

function postScene({ item, period, dueOn }: Obligation, now: Date): Scene {
  const on = addDays(dueOn, item.code === POSTED_LATE ? 3 : -2);
  return note(item.code, period, on, now);
}

/** Noted on the day it was posted, or on the first day that the village was here. */
function note(item: string, period: string, on: IsoDay, now: Date): Scene {
  const [first, last] = [onDay(now, -35, "10:20"), onDay(now, -1, "10:20")];
  const day = new Date(Math.min(Math.max(noonOf(on).getTime(), first.getTime()), last.getTime()));
  const boardPostedOn = on < localDate(last) ? on : localDate(last);
  return {
    at: onDay(day, 0, "10:20"),
    play: (stage) =>
      act(stage, "cunwu", async (work) => {
        const noted = await noteDisclosure(work, { villageId: stage.village.id, item, period, boardPostedOn });
        // A village that a crash made begin later than it should owes less.
        return noted.ok || noted.refusal.code !== "not_found" ? noted : ok(null);
      }),
  };
}

function eventScenes(now: Date): Scene[] {
  const open = (item: string, daysAgo: number, title: string): Scene => {
    const at = onDay(now, -daysAgo, "15:40");
    return {
      at,
      play: (stage) =>
        act(stage, "cunwu", (work) => openEvent(work, stage.village, { item, title, on: localDate(at) })),
    };
  };
  const settled = localDate(onDay(now, -24, "12:00"));
  return [
    open("V07", 24, "机井房翻修结算"),
    note("V07", settled, localDate(onDay(now, -5, "12:00")), now),
    open("F04", 6, "村西鱼塘重新发包"),
  ];
}

const SQUARE = "平整老场院，建健身广场";

function chainScenes(now: Date): Scene[] {
  let id: DisclosureChainId | null = null;
  const day = (daysAgo: number) => onDay(now, -daysAgo, "21:10");
  const tick = (step: string, daysAgo: number, votes: readonly number[] = []): Scene => {
    const [eligible = Number.NaN, present = Number.NaN, agreeing = Number.NaN] = votes;
    const wish = { step, doneOn: localDate(day(daysAgo)), eligible, present, agreeing };
    return {
      at: day(daysAgo),
      play: (stage) => act(stage, "shuji", (work) => tickStep(work, stage.village, given(id), wish)),
    };
  };
  return [
    {
      at: onDay(now, -34, "20:00"),
      async play(stage) {
        const heldOn = localDate(day(34));
        const wish = { kind: "four_two", title: SQUARE, heldOn, noticeDays: null };
        id = await act(stage, "shuji", (work) => startChain(work, stage.village, wish));
      },
    },
    tick("propose", 34),
    tick("discuss", 32),
    tick("deliberate", 29, [23, 19, 19]),
    tick("decide", 26, [20, 18, 18]),
    {
      at: onDay(now, -25, "17:30"),
      play: (stage) => postDecision(stage, given(id), localDate(onDay(now, -25, "12:00"))),
    },
  ];
}

const postDecision = (stage: Stage, chainId: DisclosureChainId, boardPostedOn: IsoDay) =>
  act(stage, "cunwu", async (work) => {
    const { item, period } = given((await listOfChain(work.tx, chainId)).at(-1) ?? null);
    return await noteDisclosure(work, { villageId: stage.village.id, item, period, boardPostedOn });
  });
