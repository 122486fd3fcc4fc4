import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import type { MessageId, VillageId } from "../../src/lib/ids.ts";
import type { ReportState } from "../../src/message/message.ts";
import { type CallResult, recordResults } from "../../src/message/record.queries.ts";
import { inSystemWork } from "../../src/queue/work.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, givenApproved, givenVillage } from "../support/given.ts";

/** What is heard of one text: six callbacks, and the answer to our own call. */
type Heard = { kind: "report"; state: ReportState } | { kind: "answer" };
const CALLBACKS: readonly ReportState[] = ["accepted", "sent", "sent", "failed", "undelivered", "delivered"];
const HOUSEHOLDS = 720;

let t: TestContext;
let cast: Cast;
beforeAll(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: HOUSEHOLDS });
}, 60_000);
afterAll(() => t.stop());

function orders<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) => orders(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

/** Texts that are just being called: nothing has been heard of them yet. */
async function calledMessages(n: number): Promise<MessageId[]> {
  const ids: MessageId[] = [];
  while (ids.length < n) {
    const id = await givenApproved(t.ctx, cast, `第 ${ids.length} 户`);
    await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
    const rows = await t.ctx.db.system
      .updateTable("messages")
      .set({ state: "claimed", attempt: 1, called_at: t.clock.now() })
      .where("broadcast_id", "=", id)
      .returning("id")
      .execute();
    ids.push(...rows.map((row) => row.id));
  }
  return ids.slice(0, n);
}

async function hear(id: MessageId, state: ReportState): Promise<void> {
  await t.ctx.reports.take({
    channelId: t.ctx.channelId,
    messageId: id,
    attempt: 1,
    carrierMessageId: `SM-${id}`,
    word: state,
    state,
    code: state === "failed" || state === "undelivered" ? "30003" : null,
    fields: {},
  });
}

const answerTo = (id: MessageId, outcome: "accepted" | "unknown"): CallResult => ({
  messageId: id,
  villageId: cast.village.id as VillageId,
  channelId: t.ctx.channelId,
  attempt: 1,
  calledAt: t.clock.now().toISOString(),
  outcome,
  code: outcome === "unknown" ? "ECONNRESET" : null,
  carrierMessageId: outcome === "accepted" ? `SM-${id}` : null,
  retryMs: 0,
});

/** Every callback comes twice: at once, or all of them again when everything else has been heard. */
const REPEATS = {
  "at once": (story: readonly Heard[]): Heard[] =>
    story.flatMap((heard): Heard[] => (heard.kind === "report" ? [heard, heard] : [heard])),
  "at the end": (story: readonly Heard[]): Heard[] => [...story, ...story.filter((heard) => heard.kind === "report")],
};
type Repeat = keyof typeof REPEATS;

/** All texts go step by step, each in its own order. */
async function playOut(stories: readonly Heard[][], outcome: "accepted" | "unknown", repeat: Repeat): Promise<unknown> {
  const ids = await calledMessages(stories.length);
  const whole = stories.map(REPEATS[repeat]);
  for (let step = 0; whole.some((story) => step < story.length); step++) {
    const now = ids.flatMap((id, i) => {
      const heard = whole[i]?.[step];
      return heard ? [{ id, heard }] : [];
    });
    const answers = now.flatMap(({ id, heard }) => (heard.kind === "answer" ? [answerTo(id, outcome)] : []));
    await Promise.all(now.map(({ id, heard }) => (heard.kind === "report" ? hear(id, heard.state) : undefined)));
    if (answers.length > 0) await recordResults(t.ctx.db.system, answers);
  }
  return await t.ctx.db.system
    .selectFrom("messages")
    .select(["state", "reason", "claim_id", (eb) => eb.fn.countAll<string>().as("n")])
    .select((eb) => eb("carrier_message_id", "is not", null).as("named"))
    .where("id", "in", ids)
    .groupBy(["state", "reason", "claim_id", "named"])
    .execute();
}

const callbacks = CALLBACKS.map((state): Heard => ({ kind: "report", state }));
const ANSWER: Heard = { kind: "answer" };
const everyOrder = orders(callbacks);
/** Every order, with our own answer before, between and after the callbacks. */
const withAnswer = (at: number) => everyOrder.map((order) => order.toSpliced(at, 0, ANSWER));
const DELIVERED = { state: "delivered", reason: null, claim_id: null, named: true, n: "720" };

describe.each(Object.keys(REPEATS) as Repeat[])("all 720 orders of six callbacks, each repeated %s,", (repeat) => {
  test.each([0, 1, 2, 3, 4, 5, 6])(
    "end alike when our answer comes after %i of them",
    async (at) => {
      expect(everyOrder).toHaveLength(720);
      expect(await playOut(withAnswer(at), "accepted", repeat)).toEqual([DELIVERED]);
    },
    120_000,
  );

  test("end alike when our answer is lost, whenever we notice", async () => {
    const stories = everyOrder.map((order, i) => order.toSpliced(i % 7, 0, ANSWER));
    expect(await playOut(stories, "unknown", repeat)).toEqual([DELIVERED]);
  }, 120_000);

  test("end alike without the last of them, too: by rank, not by who came last", async () => {
    const short = orders(callbacks.slice(0, 5)).map((order, i) => order.toSpliced(i % 6, 0, ANSWER));
    const ends = await playOut(short, "accepted", repeat);
    expect(ends).toEqual([{ ...DELIVERED, state: "undelivered", reason: "30003", n: "120" }]);
  }, 120_000);
});
