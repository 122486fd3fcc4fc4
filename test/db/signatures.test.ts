import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBroadcast } from "../../src/broadcast/broadcast.queries.ts";
import type { DraftWish } from "../../src/broadcast/check-draft.ts";
import { type DraftPart, saveDraft } from "../../src/broadcast/compose/save-draft.ts";
import { viewBroadcast } from "../../src/broadcast/describe-broadcast.ts";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { listEvents } from "../../src/broadcast/events.queries.ts";
import { makeSchedule } from "../../src/broadcast/schedule/schedule.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import { commentOnBroadcast } from "../../src/broadcast/signing/comments.ts";
import { returnBroadcast, withdrawBroadcast } from "../../src/broadcast/signing/return-broadcast.ts";
import { countersignBroadcast } from "../../src/broadcast/signing/rush-broadcast.ts";
import { compareVersions } from "../../src/broadcast/signing/show-history.ts";
import { missingKeys } from "../../src/broadcast/signing/signatures.ts";
import { listVersions } from "../../src/broadcast/signing/versions.queries.ts";
import { submitBroadcast } from "../../src/broadcast/submit-broadcast.ts";
import type { BroadcastId } from "../../src/lib/ids.ts";
import type { Outcome } from "../../src/lib/refusal.ts";
import type { Actor } from "../../src/lib/roles.ts";
import { inSystemWork, inWork, type Work } from "../../src/queue/work.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenSupervisor, givenVillage } from "../support/given.ts";

let t: TestContext;
let cast: Cast;
let overseer: Actor;
let supervisor: Actor;
/** A village in which nobody has an account for the supervision committee. */
let without: Cast;
let theirSupervisor: Actor;

beforeAll(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 3, township: "town" });
  overseer = await cast.actor("overseer", "guozhangshun");
  supervisor = await givenSupervisor(t.ctx, cast);
  without = await givenVillage(t.ctx, { code: "lijia", households: 3, firstPhone: 50, township: "town2" });
  theirSupervisor = await givenSupervisor(t.ctx, without, "dudao2");
}, 60_000);
afterAll(() => t.stop());

const as = <T>(actor: Actor, body: (work: Work) => Promise<T>): Promise<T> => inWork(t.ctx.work, actor, body);
const write = async (wish: Partial<DraftWish> = {}, where = cast, by = where.clerk): Promise<BroadcastId> =>
  expectOk(
    await as(by, (work) =>
      draftBroadcast(
        work,
        where.village,
        { column: "财务公开", body: "九月的账：收入15150元。", repeatAnyway: true, ...wish },
        true,
      ),
    ),
  );
const approve = (actor: Actor, id: BroadcastId, seen: number | null = null) =>
  as(actor, (work) => approveBroadcast(work, id, seen));
const read = async (id: BroadcastId) => {
  const found = await findBroadcast(t.ctx.db.system, id);
  if (!found) throw new Error("gone");
  return { state: found.state, missing: missingKeys(found), text: found.text, version: found.version, row: found };
};
const codeOf = <T>(outcome: Outcome<T>) => (outcome.ok ? "ok" : outcome.refusal.code);

describe("a notice of finance", () => {
  test.each(["overseer first", "approver first"])("leaves with both signatures, %s", async (order) => {
    const id = await write();
    expect(await read(id)).toMatchObject({ state: "awaiting_approval", missing: ["approver", "overseer"] });
    const [first, second] = order === "overseer first" ? [overseer, cast.secretary] : [cast.secretary, overseer];
    expectOk(await approve(first, id));
    expect(await read(id)).toMatchObject({
      state: "awaiting_approval",
      missing: [order === "overseer first" ? "approver" : "overseer"],
      text: null,
    });
    expect(codeOf(await approve(first, id))).toBe("move_not_allowed");
    expectOk(await approve(second, id));
    expect(await read(id)).toMatchObject({
      state: "scheduled",
      missing: [],
      text: expect.stringContaining("九月的账"),
    });
    expect(codeOf(await approve(second, id))).toBe("move_not_allowed");
  });

  test("cannot be frozen by anybody who goes round the rule: the table itself says no", async () => {
    const id = await write();
    expectOk(await approve(cast.secretary, id));
    const at = t.clock.now();
    const { clerk, secretary } = cast;
    const frozen = { state: "scheduled" as const, text: "x", frozen_at: at };
    for (const round of [
      frozen,
      { ...frozen, approved_by: null, approved_at: null, needs_overseer: false },
      { overseen_by: secretary.id, overseen_at: at },
      { overseen_by: clerk.id, overseen_at: at, approved_by: null, approved_at: null },
      { approved_by: clerk.id, approved_at: at },
      { objected_by: clerk.id, objected_at: at },
    ]) {
      const written = t.ctx.db.system.updateTable("broadcasts").set(round).where("id", "=", id).execute();
      await expect(written, JSON.stringify(round)).rejects.toThrow(/check constraint/);
    }
  });

  test("is signed by the township where the village has no overseer, and nowhere else", async () => {
    expect(codeOf(await approve(supervisor, await write()))).toBe("forbidden");
    const id = await write({}, without);
    expect(expectOk(await as(without.clerk, (work) => viewBroadcast(work, id)))).toMatchObject({
      waitingFor: ["approver", "overseer"],
      note: expect.stringContaining("村里还没有村监会的账号"),
    });
    expectOk(await approve(theirSupervisor, id));
    expectOk(await approve(without.secretary, id));
    const events = await listEvents(t.ctx.db.system, id);
    expect(events.map(({ kind }) => kind)).toEqual(["drafted", "submitted", "overseen_for", "approved"]);
  });

  test("cannot come again by itself", async () => {
    const rhythm = { weekdays: [1], monthDay: null, minute: 600 };
    const made = await as(cast.clerk, (work) =>
      makeSchedule(work, cast.village, { ...rhythm, column: "财务公开", body: "本月的账贴出来了。" }),
    );
    expect(made).toMatchObject({ ok: false, refusal: { errors: [{ field: "column" }] } });
    const subsidy = { ...rhythm, column: "村务公开", body: "本月的补贴发到卡上了。", needsOverseer: true };
    const paid = await as(cast.clerk, (work) => makeSchedule(work, cast.village, subsidy));
    expect(paid).toMatchObject({ ok: false, refusal: { errors: [{ field: "column" }] } });
  });

  test("needs the overseer too when a draft is moved into its column", async () => {
    const id = expectOk(
      await as(cast.clerk, (work) =>
        draftBroadcast(work, cast.village, { column: "村务公开", body: "账目。", repeatAnyway: true }, false),
      ),
    );
    const moved = { column: "财务公开", body: "账目。" };
    await change(id, moved);
    expect((await read(id)).missing).toEqual(["approver", "overseer"]);
  });
});

test("an overseer's name on an ordinary notice is refused, and so is its drafter's", async () => {
  const id = await write({ column: "村务公开" });
  expect(codeOf(await approve(overseer, id))).toBe("forbidden");
  const own = await write({ column: "村务公开" }, cast, cast.secretary);
  expect(codeOf(await approve(cast.secretary, own))).toBe("self_approval");
});

/** Changes a draft, and hands it in again. */
async function change(id: BroadcastId, part: DraftPart): Promise<void> {
  const key = { id, kind: null, version: null };
  expectOk(await as(cast.clerk, (work) => saveDraft(work, cast.village, key, part)));
  expectOk(await as(cast.clerk, (work) => submitBroadcast(work, id, { repeatAnyway: true })));
}

test("whoever mends another's notice is its drafter from then on", async () => {
  const id = expectOk(
    await as(cast.clerk, (work) => draftBroadcast(work, cast.village, { column: "村务公开", body: "账目。" }, false)),
  );
  const key = { id, kind: null, version: (await read(id)).version };
  expectOk(await as(cast.secretary, (work) => saveDraft(work, cast.village, key, { body: "书记自己的话。" })));
  expectOk(await as(cast.secretary, (work) => submitBroadcast(work, id)));
  expect(codeOf(await approve(cast.secretary, id))).toBe("self_approval");
});

describe("what was signed is what leaves", () => {
  test("a version that was not seen is not approved", async () => {
    const id = await write({ column: "村务公开" });
    const { version } = await read(id);
    expectOk(await as(cast.clerk, (work) => withdrawBroadcast(work, id)));
    const changed = { column: "村务公开", body: "改过的话。" };
    await change(id, changed);
    const refused = await approve(cast.secretary, id, version);
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: "move_not_allowed", message: "内容刚改过，请再看一遍" },
    });
    expectOk(await approve(cast.secretary, id, version + 1));
  });

  test("no signature outlives a withdrawal, a return or a change, and each text that was handed in is kept", async () => {
    const id = await write();
    expectOk(await approve(overseer, id));
    expect(codeOf(await as(cast.secretary, (work) => withdrawBroadcast(work, id)))).toBe("forbidden");
    expectOk(await as(cast.clerk, (work) => withdrawBroadcast(work, id)));
    expectOk(await as(cast.clerk, (work) => submitBroadcast(work, id, { repeatAnyway: true })));
    expect((await read(id)).missing).toEqual(["approver", "overseer"]);

    expectOk(await approve(cast.secretary, id));
    expectOk(await as(overseer, (work) => returnBroadcast(work, id, "第三笔对不上")));
    const mended = { column: "财务公开", body: "九月的账：收入15150元，支出4360元。" };
    await change(id, mended);
    expect((await read(id)).missing).toEqual(["approver", "overseer"]);
    const versions = await as(cast.secretary, (work) => listVersions(work.tx, id));
    expect(versions.map(({ body }) => body)).toEqual(["九月的账：收入15150元。", mended.body]);

    // What is signed beside the words is kept too, and told where it changed.
    expectOk(await as(overseer, (work) => returnBroadcast(work, id, "先给一半户")));
    await change(id, { column: "村务公开", audience: { scope: "households", except: { households: ["1"] } } });
    const [, , third] = compareVersions(await as(cast.secretary, (work) => listVersions(work.tx, id)));
    expect(third?.facts).toEqual([
      { name: "栏目", words: "村务公开", was: "财务公开" },
      { name: "给谁", words: "全村，除了1号，每户一条", was: "全村，每户一条" },
      { name: "村监会", words: "要签字", was: null },
    ]);
    expect(third?.pieces).toEqual([{ kind: "same", text: mended.body }]);
  });

  // Round the use cases too: the table itself sees to it, whoever writes to it.
  test.each([
    ["body", "别的话。", true],
    ["column_id", null, true],
    ["audience", JSON.stringify({ scope: "villagers" }), true],
    ["options", ["好", "不好"], true],
    ["send_at", "2099-01-01T08:00:00+08:00", false],
    ["closes_at", "2099-01-02T08:00:00+08:00", false],
    ["stage_first", 7, false],
    ["stage_minutes", 45, false],
    ["needs_overseer", false, false],
    ["personal", true, false],
  ] as const)("no signature outlives another %s, and new words have a new drafter", async (column, value, words) => {
    const poll = { kind: "poll" as const, options: ["同意", "不同意"], needsOverseer: true };
    const id = await write({ column: "村务公开", ...poll, stages: { first: 5, waitMinutes: 30 } });
    expectOk(await approve(cast.secretary, id));
    const { version } = await read(id);
    await as(overseer, async ({ tx }) => {
      const other = await tx
        .selectFrom("columns")
        .select("id")
        .where("name", "=", "党务公开")
        .executeTakeFirstOrThrow();
      const changed = { [column]: column === "column_id" ? other.id : value };
      await tx.updateTable("broadcasts").set(changed).where("id", "=", id).execute();
    });
    const { row } = await read(id);
    expect([row.version, row.approvedAt, row.draftedBy]).toEqual([
      version + 1,
      null,
      words ? overseer.id : cast.clerk.id,
    ]);
  });

  test("a signature outlives what changes nothing of it, and the last one everything", async () => {
    const id = await write();
    const set = (changed: { note: string } | { send_at: Date }) =>
      as(cast.clerk, ({ tx }) => tx.updateTable("broadcasts").set(changed).where("id", "=", id).execute());
    expectOk(await approve(cast.secretary, id));
    await set({ note: "x" });
    expect((await read(id)).missing).toEqual(["overseer"]);
    expectOk(await approve(overseer, id));
    const { version } = await read(id);
    await set({ send_at: new Date("2099-01-01T08:00:00+08:00") });
    const { row } = await read(id);
    expect([row.version, row.approvedBy, row.overseenBy]).toEqual([version, cast.secretary.id, overseer.id]);
  });

  test("after the last signature nobody takes it back", async () => {
    const id = await write({ column: "村务公开" });
    expectOk(await approve(cast.secretary, id));
    expect(codeOf(await as(cast.clerk, (work) => withdrawBroadcast(work, id)))).toBe("move_not_allowed");
    expect(codeOf(await as(cast.secretary, (work) => returnBroadcast(work, id, "晚了")))).toBe("move_not_allowed");
  });
});

describe("an emergency with a reason", () => {
  const URGENT = { column: "生产生活", body: "河水漫坝，请马上到小学。", kind: "emergency" as const };
  const rush = (by: Actor = cast.clerk, more: Partial<DraftWish> = {}) =>
    as(by, (work) =>
      draftBroadcast(work, cast.village, { ...URGENT, urgentReason: "书记电话打不通，水已进院", ...more }, true),
    );
  const countersign = (by: Actor, id: BroadcastId, agree: boolean, reason = "") =>
    as(by, (work) => countersignBroadcast(work, id, { agree, reason }));
  const launch = (id: BroadcastId) => inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));

  test("leaves with one key, and waits for the second", async () => {
    const id = expectOk(await rush());
    expect(await read(id)).toMatchObject({ state: "scheduled", text: expect.stringContaining("河水漫坝") });
    expect(await launch(id)).toBe("launched");
    expect(await read(id)).toMatchObject({ state: "sending", missing: ["approver"] });
    expect(codeOf(await countersign(cast.secretary, id, false))).toBe("validation_failed");
    expectOk(await countersign(cast.secretary, id, true));
    expect((await read(id)).missing).toEqual([]);
    expect(codeOf(await countersign(supervisor, id, true))).toBe("move_not_allowed");
    const kinds = (await listEvents(t.ctx.db.system, id)).map(({ kind, note }) => [kind, note]);
    expect(kinds).toContainEqual(["rushed", "书记电话打不通，水已进院"]);
    expect(kinds.at(-1)).toEqual(["countersigned", ""]);
  });

  test("of the secretary is signed by the township, not by himself; an objection is written down and recalls nothing", async () => {
    const id = expectOk(await rush(cast.secretary));
    await launch(id);
    expect(codeOf(await countersign(cast.secretary, id, true))).toBe("self_approval");
    expectOk(await countersign(supervisor, id, false, "本来可以先打电话"));
    expect(await read(id)).toMatchObject({ state: "sending", missing: [], row: { approvedAt: null } });
    expect((await listEvents(t.ctx.db.system, id)).at(-1)).toMatchObject({
      kind: "objected",
      note: "本来可以先打电话",
    });
  });

  test("is not signed after by whoever sent it, though another wrote it", async () => {
    const id = expectOk(await as(cast.clerk, (work) => draftBroadcast(work, cast.village, URGENT, false)));
    const key = { id, kind: null, version: (await read(id)).version };
    expectOk(await as(cast.secretary, (work) => saveDraft(work, cast.village, key, { urgentReason: "等不及" })));
    expectOk(await as(cast.secretary, (work) => submitBroadcast(work, id, { repeatAnyway: true })));
    await launch(id);
    expect(codeOf(await countersign(cast.secretary, id, true))).toBe("self_approval");
    expectOk(await countersign(supervisor, id, true));
  });

  test.each([
    ["a notice", { kind: "notice" as const }],
    ["no reason", { urgentReason: " " }],
    ["a time", { sendAt: new Date("2026-10-20T10:00:00+08:00") }],
    ["finance", { column: "财务公开" }],
  ])("cannot be %s", async (_, more) => {
    expect(await rush(cast.clerk, more)).toMatchObject({ ok: false, refusal: { errors: [{ field: "reason" }] } });
  });

  test("is not the township's to send, and without a reason waits for two keys as ever", async () => {
    expect(codeOf(await rush(supervisor))).toBe("forbidden");
    const id = await write(URGENT);
    expect(await read(id)).toMatchObject({ state: "awaiting_approval", missing: ["approver"] });
  });
});

test("staff talk about a notice; empty words and too many are refused", async () => {
  const id = await write({ column: "村务公开" });
  expect(codeOf(await as(overseer, (work) => commentOnBroadcast(work, id, "  ")))).toBe("validation_failed");
  expect(codeOf(await as(overseer, (work) => commentOnBroadcast(work, id, "长".repeat(501))))).toBe(
    "validation_failed",
  );
  expectOk(await as(overseer, (work) => commentOnBroadcast(work, id, "日期写清楚些<b>")));
  expect((await listEvents(t.ctx.db.system, id)).at(-1)).toMatchObject({ kind: "commented", note: "日期写清楚些<b>" });
});
