import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dueBroadcasts } from "../../src/broadcast/sending/send.queries.ts";
import { verifyAudit } from "../../src/db/audit.queries.ts";
import { checkDataKey } from "../../src/db/installation.queries.ts";
import { ifUnlocked } from "../../src/db/lock.ts";
import { moment, onDay } from "../../src/demo/calendar.ts";
import { makeOrganisation, VILLAGE_CODE } from "../../src/demo/make-organisation.ts";
import { SENT } from "../../src/demo/notices.ts";
import { OPEN } from "../../src/demo/open-cases.ts";
import { OTHER_TEXTS } from "../../src/demo/other-texts.ts";
import { historyScenes } from "../../src/demo/play-history.ts";
import { seedDemo } from "../../src/demo/seed-demo.ts";
import { SETTLED } from "../../src/demo/settled-cases.ts";
import { knownCarrierIds } from "../../src/inbound/inbound.queries.ts";
import { DAY } from "../../src/lib/clock.ts";
import { ROLES } from "../../src/lib/roles.ts";
import { pause } from "../../src/lib/slots.ts";
import { endOfWorkday, isWorkday, workdaysLeft } from "../../src/lib/workdays.ts";
import { SWEEPING } from "../../src/run-sweeps.ts";
import { signIn } from "../../src/staff/sign-in.ts";
import { isOpen } from "../../src/suggestion/suggestion.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { TEST_KEY } from "../support/database.ts";
import { givenVillage } from "../support/given.ts";
import { openSecondVillage, type SecondVillage } from "../support/second-village.ts";

const fresh = async (): Promise<TestContext> => {
  const t = await startContext();
  await checkDataKey(t.ctx.db.system, TEST_KEY);
  return t;
};
const rows = async <Row>(t: TestContext, query: string): Promise<Row[]> =>
  (await t.ctx.pools.system.query(query)).rows as Row[];
const count = async (t: TestContext, what: string): Promise<number> =>
  Number((await rows<{ n: string }>(t, `select count(*) as n from ${what}`))[0]?.n);
const tally = async (t: TestContext, column: string, table: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await rows<{ of: string; n: string }>(t, `select ${column} as of, count(*) as n from ${table} group by 1`)).map(
      ({ of, n }) => [of, Number(n)],
    ),
  );

/** Pages of one thing, and the table of it. */
const OF_NOUN: Readonly<Record<string, string>> = {
  ...{ notices: "broadcasts", cases: "suggestions", people: "households", sheets: "sheets" },
};

describe("the demo of a first start", () => {
  let t: TestContext;
  let signIns: string | null;
  beforeAll(async () => {
    t = await fresh();
    signIns = await seedDemo(t.ctx);
  });
  afterAll(() => t.stop());

  test("says how everybody signs in, and it works", async () => {
    const lines = (signIns ?? "").split("\n").slice(1);
    const accounts = lines.map((line) => line.trim().split(/\s+/));
    expect(accounts.map(([, login]) => login)).toEqual([
      ...["admin", "dudao", "shuji", "cunwu", "jianhui", "ganbu1", "ganbu2", "ganbu3"],
    ]);
    for (const [, login = "", password = ""] of accounts) {
      const entry = { login, password, source: "test", device: "" };
      expect(await signIn({ system: t.ctx.db.system, clock: t.clock }, entry), login).toMatchObject({ ok: true });
    }
    expect(Object.keys(await tally(t, "role", "actors")).sort()).toEqual([...ROLES].sort());
    expect(await count(t, "staff where must_change_password or phone is null")).toBe(0);
  });

  test("has a village of 120 doors, some of them without a phone, some sharing one", async () => {
    expect(await count(t, "households")).toBe(120);
    expect(await count(t, "households where contact_hash is not null")).toBe(108);
    expect(await count(t, "(select distinct contact_hash from households where contact_hash is not null) c")).toBe(104);
    expect(await count(t, "villagers")).toBeGreaterThan(280);
    expect(await count(t, "groups")).toBe(4);
    expect(
      await tally(t, "(select name from grids g where g.id = grid_id)", "households where cadre_id is not null"),
    ).toEqual({ "1号网格": 40, "2号网格": 40, "3号网格": 40 });
    const people = await rows<{ tags: string[] }>(t, "select tags from villagers");
    expect([...new Set(people.flatMap(({ tags }) => tags))]).toEqual(
      expect.arrayContaining(["党员", "村民代表", "低保户", "外出务工", "独居老人"]),
    );
  });

  test("uses no number but the simulator's own, and never one that misbehaves", async () => {
    const numbers = await rows<{ number: string; label: string }>(t, "select number, label from simulator.phones");
    expect(numbers.filter(({ number }) => !/^\+861990000(?!90)\d{4}$/.test(number))).toEqual([]);
    expect(numbers).toContainEqual({ number: expect.any(String), label: "郭秀兰 3组12号" });
    expect(numbers.length).toBe((await count(t, "phones")) + 8 + 3);
  });

  test("has notices in every stage but none that goes wrong", async () => {
    expect(await tally(t, "state", "broadcasts")).toEqual({
      sent: SENT.length,
      draft: 1,
      awaiting_approval: 1,
      returned: 1,
      scheduled: 1,
    });
    const [next] = await rows<{ at: Date; messages: string }>(
      t,
      `select send_at as at, (select count(*) from messages m where m.broadcast_id = b.id) as messages
         from broadcasts b where state = 'scheduled'`,
    );
    expect(next).toEqual({ at: onDay(t.clock.now(), 2, "19:00"), messages: "0" });
    expect(await dueBroadcasts(t.ctx.db.system, t.clock.now())).toEqual([]);
    expect(await count(t, "broadcasts where state = 'returned' and note is null")).toBe(0);
    expect(await count(t, "(select distinct column_id from broadcasts where state = 'sent') c")).toBeGreaterThan(6);
  });

  test("leaves nothing that a worker would send", async () => {
    const states = await tally(t, "state", "messages");
    expect(states).toMatchObject({ unknown: 1, sent: 2, failed: 1 });
    expect(Object.keys(states).sort()).toEqual(["delivered", "failed", "sent", "suppressed", "undelivered", "unknown"]);
    expect(states.delivered).toBeGreaterThan(1000);
    expect(t.carrier.arrivals).toEqual([]);
    // Asked about it, the carrier's list shows no later text of ours, so its absence proves nothing yet.
    const [doubt] = await rows<{ last: boolean }>(
      t,
      `select called_at > (select max(created_at) from simulator.messages where direction = 'outbound-api') as last
         from messages where state = 'unknown'`,
    );
    expect(doubt).toEqual({ last: true });
  });

  test("writes no text longer than three segments", async () => {
    expect(await count(t, "messages where segments > 3")).toBe(0);
    expect(await count(t, "broadcasts where segments_per_message > 3")).toBe(0);
  });

  test("marks the numbers that the carrier called bad, as a report would", async () => {
    expect(await tally(t, "problem", "phones where problem is not null")).toEqual({ invalid: 3, blocked: 1 });
    expect(await count(t, "phones where problem_at > now()")).toBe(0);
    expect(await count(t, "phones p where problem_at > (select max(created_at) from messages)")).toBe(0);
  });

  test("agrees with the carrier about every text, either way", async () => {
    expect(
      await count(
        t,
        `messages m left join broadcasts b on b.id = m.broadcast_id
           left join simulator.messages s on s.sid = m.carrier_message_id and s.body = coalesce(m.body, b.text)
                                         and s.status = m.state and s.segments = m.segments
          where m.carrier_message_id is not null and s.sid is null`,
      ),
    ).toBe(0);
    expect(await count(t, "simulator.messages where direction = 'outbound-api'")).toBe(
      await count(t, "attempts where outcome = 'accepted'"),
    );
    const received = await rows<{ sid: string }>(t, "select sid from simulator.messages where direction = 'inbound'");
    const sids = received.map(({ sid }) => sid);
    expect((await knownCarrierIds(t.ctx.db.system, t.ctx.carrier.name, sids)).size).toBe(sids.length);
    expect(await count(t, "simulator.webhooks")).toBe(0);
  });

  test("has texts of every kind that is understood, and strangers'", async () => {
    const ratings = [...SETTLED, ...OPEN].flatMap(({ steps }) => steps.filter(({ deed }) => deed.does === "text"));
    const strangers = OTHER_TEXTS.filter(({ from }) => from.startsWith("+")).length;
    const meanings = await tally(t, "meaning", "inbound");
    expect(meanings).toMatchObject({
      suggestion: SETTLED.length + OPEN.length + strangers - 1,
      wrong_number: 1,
      rating: ratings.length,
      opt_out: 3,
      opt_in: 1,
      noise: 1,
    });
    expect(meanings.courtesy).toBe(OTHER_TEXTS.length - strangers - 6);
    expect(await count(t, "inbound where registered is not true")).toBe(strangers);
    expect(await count(t, "opt_outs where ended_at is null")).toBe(2);
  });

  test("has cases at every turn of their life", async () => {
    type Row = { state: string; due: Date; late: boolean; up: boolean; more: boolean; again: number } & {
      rating: number | null;
      kind: string | null;
      plan: string | null;
      owner: string;
    };
    const cases = await rows<Row>(
      t,
      `select s.state, due_at as due, escalated_at is not null as up, extended_once as more, reopened_times as again,
              rating, result_kind as kind, planned_for as plan, a.role as owner
         from suggestions s join actors a on a.id = s.owner_id order by number`,
    );
    const now = t.clock.now();
    const left = cases.flatMap(({ state, due }) =>
      isOpen(state as Parameters<typeof isOpen>[0]) ? [workdaysLeft(due, now)] : [],
    );
    expect(left).toEqual(expect.arrayContaining([-4, -3, -1, 0]));
    const has = (wanted: Partial<Row>) => expect(cases).toContainEqual(expect.objectContaining(wanted));
    has({ state: "registered" });
    has({ state: "accepted", up: false });
    has({ state: "accepted", up: true });
    has({ state: "assigned", owner: "cadre" });
    has({ state: "assigned", more: true });
    has({ state: "answered", kind: "solved", rating: null });
    has({ state: "answered", kind: "planned", plan: expect.any(String) as string });
    has({ state: "closed", rating: 1, again: 0 });
    has({ state: "closed", rating: 2 });
    has({ state: "closed", rating: 1, again: 1 });
    has({ state: "closed", rating: null });
    has({ state: "reopened", rating: 4, again: 1 });
    has({ state: "declined" });
    for (const kind of ["solved", "partly", "planned", "explained"]) has({ kind });
  });

  test("tells every case in the order in which it happened", async () => {
    const events = await rows<{ case: string; at: Date; kind: string }>(
      t,
      "select suggestion_id as case, at, kind from suggestion_events order by suggestion_id, id",
    );
    expect(
      events.filter((event, i) => events[i - 1]?.case === event.case && (events[i - 1]?.at ?? 0) > event.at),
    ).toEqual([]);
    expect(events.filter(({ kind }) => kind === "receipt").length).toBe(SETTLED.length + OPEN.length);
    expect(await count(t, `suggestions where first_response_at <= opened_at or answered_at <= first_response_at`)).toBe(
      0,
    );
    // Texts of a household sort by id as they came.
    expect(
      await count(
        t,
        "messages where abs(extract(epoch from created_at - to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0))) > 1",
      ),
    ).toBe(0);
  });

  test("leaves the audit log whole", async () => {
    expect(await verifyAudit(t.ctx.db.system)).toEqual([]);
  });

  test("is made once", async () => {
    const everything = () =>
      Promise.all(
        ["staff", "villages", "villagers", "messages", "inbound", "suggestion_events", "simulator.messages"].map(
          async (table) => rows(t, `select count(*), max(md5(r::text)), min(md5(r::text)) from ${table} r`),
        ),
      );
    const before = await everything();
    expect(await seedDemo(t.ctx)).toBeNull();
    expect(await everything()).toEqual(before);
  });

  describe("shows nothing of itself in another village of its township", () => {
    let near: SecondVillage;
    beforeAll(async () => {
      near = await openSecondVillage(t.ctx, /dudao\s+(\S+)/.exec(signIns ?? "")?.[1] ?? "");
    }, 120_000);
    afterAll(() => near.stop());

    test("on any page or list", async () => {
      const { routes, ask, marks } = near;
      const lists = routes.filter(({ url }) => !/:(?!code)/.test(url));
      expect([lists.length > 30, new Set(marks.values()).size > 20]).toEqual([true, true]);
      for (const route of lists) {
        const answer = await ask(route, route.url.replace(":code", "near"));
        const body = await answer.text();
        const foreign = [...marks].filter(([mark]) => body.includes(mark)).map(([mark, table]) => `${table}: ${mark}`);
        expect([route.url, answer.status < 500, foreign]).toEqual([route.url, true, []]);
      }
    });

    test("by any id that is its own", async () => {
      const { routes, ask, marks } = near;
      const ids = new Map([...marks].filter(([mark]) => mark.length === 36).map(([id, table]) => [table, id]));
      // Under their own code they are there: it is the code that does not fit.
      const answers: Record<string, [number, number]> = {};
      for (const route of routes) {
        const [, noun = ""] = /:code\/([^:]+)\/:id$/.exec(route.url) ?? [];
        const id = ids.get(OF_NOUN[noun] ?? "");
        if (!id) continue;
        const at = async (code: string) =>
          (await ask(route, route.url.replace(":code", code).replace(":id", id))).status;
        answers[noun] = [await at(VILLAGE_CODE), await at("near")];
      }
      expect(answers).toEqual(Object.fromEntries(Object.keys(OF_NOUN).map((noun) => [noun, [200, 404]])));
    });
  });
});

test("a start that a crash cut short is gone on with, at midnight in a holiday, and no worker sweeps in its past", {
  timeout: 60_000,
}, async () => {
  const t = await fresh();
  t.clock.set("2026-10-03T00:10:00+08:00");
  await makeOrganisation(t.ctx.work, t.ctx.sealer);
  const swept = new Set<number>();
  const worker = new AbortController();
  const sweeping = (async () => {
    const look = async () => void swept.add(await count(t, "broadcasts"));
    while (!worker.signal.aborted) {
      await ifUnlocked(t.ctx.pools.system, SWEEPING, look);
      await pause(10);
    }
  })();
  const signIns = await seedDemo(t.ctx);
  worker.abort();
  await sweeping;
  expect([...swept].filter((notices) => notices !== 0 && notices !== SENT.length + 4)).toEqual([]);
  expect(signIns).toContain("shuji");
  expect(await count(t, "staff where password_hash = ''")).toBe(0);
  expect(await count(t, "households")).toBe(120);
  expect(await tally(t, "state", "broadcasts")).toMatchObject({ sent: SENT.length, scheduled: 1 });
  expect(await count(t, "inbound where understood_at is not null")).toBe(await count(t, "inbound"));
  expect(await count(t, "suggestions")).toBe(SETTLED.length + OPEN.length);
  expect(await count(t, "simulator.phones where seen_at > '2026-01-01'")).toBeGreaterThan(100);
  expect(await verifyAudit(t.ctx.db.system)).toEqual([]);
  expect(await seedDemo(t.ctx)).toBeNull();
  await t.stop();
});

test("where something of its name is there already, no demo is made, now or later", async () => {
  const t = await fresh();
  await givenVillage(t.ctx, { code: "guojiacun" });
  expect(await seedDemo(t.ctx)).toBeNull();
  expect(await count(t, "townships")).toBe(0);
  expect(await count(t, "staff where login = 'admin'")).toBe(0);
  expect(await count(t, "installation where seeded_at is not null")).toBe(1);
  await t.stop();
});

test("under a real carrier no demo is made: its numbers could be somebody's", async () => {
  const t = await fresh();
  expect(await seedDemo({ ...t.ctx, config: { ...t.ctx.config, carrier: "twilio" } })).toBeNull();
  expect(await count(t, "villages")).toBe(0);
  await t.stop();
});

test("whatever the day, everything lies behind us in its order, and the promises end when they should", () => {
  for (let day = 0; day < 400; day++) {
    const now = onDay(new Date("2026-01-01T12:00:00+08:00"), day, ["00:05", "08:30", "12:20", "23:55"][day % 4] ?? "");
    const scenes = historyScenes(now).map(({ at }) => at.getTime());
    expect(scenes.every((at) => at < now.getTime() && at > now.getTime() - 36 * DAY)).toBe(true);
    for (const { at, steps } of [...SETTLED, ...OPEN]) {
      const opened = moment(at, now);
      const times = [opened, ...steps.map((step) => onDay(opened, step.day, step.clock))].map(Number);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      if (!("dueIn" in at)) continue;
      const due = at.dueIn === 0 && !isWorkday(now) ? 1 : at.dueIn;
      expect(workdaysLeft(endOfWorkday(opened, 5), now), `${now.toISOString()} ${due}`).toBe(due);
    }
  }
});
