import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { type MessageId, newId } from "../../src/lib/ids.ts";
import { REPORT_RANK, type ReportState } from "../../src/message/message.ts";
import type { Report } from "../../src/message/reports.queries.ts";
import { matchWaitingReports } from "../../src/message/reports.queries.ts";
import { inSystemWork } from "../../src/queue/work.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, givenApproved, givenVillage } from "../support/given.ts";

let t: TestContext;
let cast: Cast;

beforeAll(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 800 });
});
afterAll(() => t.stop());

const report = (messageId: MessageId | null, state: ReportState | null, more: Partial<Report> = {}): Report => ({
  channelId: t.ctx.channelId,
  messageId,
  attempt: messageId === null ? null : 1,
  carrierMessageId: `SM-${messageId}`,
  word: state ?? "strange",
  state,
  code: null,
  fields: {},
  ...more,
});
const stateOf = async (id: MessageId) =>
  await t.ctx.db.system
    .selectFrom("messages")
    .select(["state", "reason", "attempt"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  );
}

async function sentMessages(body: string): Promise<MessageId[]> {
  const id = await givenApproved(t.ctx, cast, body);
  await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
  await t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
  const rows = await t.ctx.db.system.selectFrom("messages").select("id").where("broadcast_id", "=", id).execute();
  await t.ctx.db.system
    .updateTable("messages")
    .set({ carrier_message_id: null })
    .where("broadcast_id", "=", id)
    .execute();
  return rows.map((row) => row.id);
}

test("all 720 orders of six callbacks, each repeated, end in the same state", async () => {
  const states: ReportState[] = ["accepted", "sent", "sent", "undelivered", "failed", "delivered"];
  const orders = permutations(states);
  const messages = await sentMessages("六个回执的所有次序");
  expect(orders).toHaveLength(720);
  await Promise.all(
    orders.map(async (order, i) => {
      const id = messages[i] as MessageId;
      for (const state of order) {
        await t.ctx.reports.take(
          report(id, state, { code: state === "failed" || state === "undelivered" ? "30008" : null }),
        );
      }
      await t.ctx.reports.take(report(id, order[0] as ReportState));
    }),
  );
  const ends = await t.ctx.db.system
    .selectFrom("messages")
    .select(["state", "reason", (eb) => eb.fn.countAll<string>().as("n")])
    .where("id", "in", messages.slice(0, 720))
    .groupBy(["state", "reason"])
    .execute();
  expect(ends).toEqual([{ state: "delivered", reason: null, n: "720" }]);
}, 120_000);

describe("a report", () => {
  test("that overtakes our own note settles the message, and the note fills in", async () => {
    const [id] = await sentMessages("回执先到");
    if (!id) throw new Error("no message");
    await t.ctx.db.system
      .updateTable("messages")
      .set({ state: "claimed", accepted_at: null })
      .where("id", "=", id)
      .execute();
    await t.ctx.reports.take(report(id, "sent"));
    expect((await stateOf(id)).state).toBe("sent");
  });

  test("of a text whose answer was lost resolves the doubt", async () => {
    const [id] = await sentMessages("结果不明");
    if (!id) throw new Error("no message");
    await t.ctx.db.system.updateTable("messages").set({ state: "unknown" }).where("id", "=", id).execute();
    await t.ctx.reports.take(report(id, "delivered"));
    expect((await stateOf(id)).state).toBe("delivered");
  });

  test("of a text we thought was not taken stops the second sending", async () => {
    const [id] = await sentMessages("以为没收");
    if (!id) throw new Error("no message");
    await t.ctx.db.system
      .updateTable("messages")
      .set({ state: "pending", called_at: null })
      .where("id", "=", id)
      .execute();
    await t.ctx.reports.take(report(id, "accepted"));
    expect((await stateOf(id)).state).toBe("accepted");
  });

  test("of an earlier attempt does not touch the one that followed", async () => {
    const [id] = await sentMessages("第二次");
    if (!id) throw new Error("no message");
    await t.ctx.db.system.updateTable("messages").set({ attempt: 2, state: "accepted" }).where("id", "=", id).execute();
    await t.ctx.reports.take(report(id, "failed", { code: "30003" }));
    expect(await stateOf(id)).toMatchObject({ state: "accepted", attempt: 2 });
  });

  test("for an id nobody knows is kept, and matched when the id becomes known", async () => {
    const [id] = await sentMessages("先来后到");
    if (!id) throw new Error("no message");
    const carrierMessageId = `SM${newId()}`;
    await t.ctx.reports.take(report(null, "delivered", { carrierMessageId }));
    expect(await inSystemWork(t.ctx.work, (work) => matchWaitingReports(work.tx, 10))).toBe(0);
    await t.ctx.db.system
      .updateTable("attempts")
      .set({ carrier_message_id: carrierMessageId })
      .where("message_id", "=", id)
      .execute();
    await t.ctx.db.system
      .updateTable("messages")
      .set({ carrier_message_id: carrierMessageId })
      .where("id", "=", id)
      .execute();
    expect(await inSystemWork(t.ctx.work, (work) => matchWaitingReports(work.tx, 10))).toBe(1);
    expect((await stateOf(id)).state).toBe("delivered");
  });

  test("with a word that means nothing is kept and changes nothing", async () => {
    const [id] = await sentMessages("怪词");
    if (!id) throw new Error("no message");
    const before = await stateOf(id);
    await t.ctx.reports.take(report(id, null));
    expect(await stateOf(id)).toEqual(before);
  });

  test("of an empty number marks the phone", async () => {
    const [id] = await sentMessages("空号");
    if (!id) throw new Error("no message");
    await t.ctx.reports.take(report(id, "undelivered", { code: "30005" }));
    const message = await t.ctx.db.system
      .selectFrom("messages")
      .select("phone_hash")
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    const phone = await t.ctx.db.system
      .selectFrom("phones")
      .select("problem")
      .where("hash", "=", message.phone_hash)
      .executeTakeFirstOrThrow();
    expect(phone.problem).toBe("invalid");
  });
});

test("the ranks are the states that the carrier can make of a message", () => {
  expect(
    Object.entries(REPORT_RANK)
      .sort((a, b) => a[1] - b[1])
      .map(([state]) => state),
  ).toEqual(["accepted", "sent", "failed", "undelivered", "delivered"]);
});
