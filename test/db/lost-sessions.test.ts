import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { countMessages } from "../../src/broadcast/audience/recipients.queries.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { createPool, type Db } from "../../src/db/connect.ts";
import { SECOND } from "../../src/lib/clock.ts";
import { createDispatcher, type Dispatcher } from "../../src/message/dispatch.ts";
import { inSystemWork } from "../../src/queue/work.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { givenApproved, givenVillage } from "../support/given.ts";

let t: TestContext;
beforeEach(async () => {
  t = await startContext();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await t.stop();
});

describe("a pool", () => {
  const open = () => createPool({ url: t.database.access.system.url, max: 2, name: "test", log: t.ctx.log });

  test("outlives a session that the server ends in somebody's hands, between two statements", async () => {
    const pool = open();
    const client = await pool.connect();
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    const ended = new Promise((resolve) => client.once("end", resolve));
    await t.ctx.pools.system.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
    await ended;
    await expect(client.query("select 1")).rejects.toThrow();
    client.release();
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });

  test("asks the server to notice a machine that is gone, and to end a transaction that nobody goes on with", async () => {
    const pool = open();
    const { rows } = await pool.query(
      `select name, setting || coalesce(unit, '') as value from pg_settings
        where name in ('tcp_keepalives_idle', 'idle_in_transaction_session_timeout') order by name`,
    );
    expect(rows).toEqual([
      { name: "idle_in_transaction_session_timeout", value: "30000ms" },
      { name: "tcp_keepalives_idle", value: "20s" },
    ]);
    await pool.end();
  });
});

describe("a dispatcher whose database answers late or not at all", () => {
  let dispatcher: Dispatcher;
  afterEach(() => dispatcher.stop());

  const launchTwenty = async () => {
    const id = await givenApproved(t.ctx, await givenVillage(t.ctx, { households: 20 }));
    await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
    return id;
  };
  const dispatcherOn = (system: Db) =>
    createDispatcher({
      sending: system,
      carrier: t.carrier,
      sealer: t.ctx.sealer,
      clock: t.clock,
      log: t.ctx.log,
      concurrency: 8,
      stopBroadcast: async () => undefined,
      callForHelp: async () => undefined,
    });
  /** Twenty doors, sent by a dispatcher for whom something happens after each commit of "the call begins". */
  const send = async (afterBegin: (nth: number) => void) => {
    const id = await launchTwenty();
    // So slow that nobody's turn comes with the claim: each call is begun by itself.
    await t.ctx.pools.system.query("update channels set rate = 20");
    dispatcher = dispatcherOn(watchBeginnings(t.ctx.db.system, afterBegin));
    await dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
    return await countMessages(t.ctx.db.system, id);
  };
  const expectEachOnce = () =>
    expect(new Set(t.carrier.arrivals.map((a) => a.to)).size).toBe(t.carrier.arrivals.length);

  test("the answer to its commit is lost: it knows that it has not called, and leaves no doubt", async () => {
    const counts = await send((nth) => {
      if (nth <= 2) throw new Error("the session has ended");
    });
    expect(counts).toEqual({ accepted: 20 });
    expectEachOnce();
  });

  test("the answer comes after its lease has run out: others may have sent it, so it does not call", async () => {
    let slept = 0;
    const { now } = performance;
    vi.spyOn(performance, "now").mockImplementation(() => now.call(performance) + slept);
    const arrivals: number[] = [];
    const counts = await send((nth) => {
      arrivals.push(t.carrier.arrivals.length);
      if (nth === 1) slept += 20 * SECOND;
    });
    // The first text went with its claim.
    expect(arrivals.slice(0, 2)).toEqual([1, 1]);
    expect(counts).toEqual({ accepted: 20 });
    expectEachOnce();
  });

  test("the answer to a claim is lost, and with it that calls were begun: all of it is taken back", async () => {
    let lost = 0;
    const losing = new Proxy(t.ctx.db.system, {
      get(db, name) {
        if (name === "transaction") return () => ({ execute: (body: never) => loseAnswer(db, body) });
        const value: unknown = Reflect.get(db, name, db);
        return typeof value === "function" ? value.bind(db) : value;
      },
    });
    const loseAnswer = async (db: Db, body: never) => {
      const answer = await db.transaction().execute(body);
      if (++lost <= 2) throw new Error("the session has ended");
      return answer;
    };
    const id = await launchTwenty();
    dispatcher = dispatcherOn(losing);
    const dispatch = () => dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
    await expect(dispatch()).rejects.toThrow("the session has ended");
    expect(await countMessages(t.ctx.db.system, id)).toEqual({ pending: 20 });
    await expect(dispatch()).rejects.toThrow("the session has ended");
    await dispatch();
    expect(await countMessages(t.ctx.db.system, id)).toEqual({ accepted: 20 });
    expectEachOnce();
  });
});

function watchBeginnings(db: Db, after: (nth: number) => void): Db {
  const beginnings = new WeakSet<object>();
  let nth = 0;
  return db.withPlugin({
    transformQuery({ node, queryId }) {
      if (JSON.stringify(node).includes("set attempt = m.attempt + 1")) beginnings.add(queryId);
      return node;
    },
    async transformResult({ result, queryId }) {
      if (beginnings.has(queryId)) after(++nth);
      return result;
    },
  });
}
