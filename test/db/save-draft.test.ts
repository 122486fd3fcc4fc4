import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBroadcast } from "../../src/broadcast/broadcast.queries.ts";
import { EVERYONE } from "../../src/broadcast/broadcast.ts";
import { type DraftKey, type DraftPart, saveDraft } from "../../src/broadcast/compose/save-draft.ts";
import { listEvents } from "../../src/broadcast/events.queries.ts";
import { submitBroadcast } from "../../src/broadcast/submit-broadcast.ts";
import { type BroadcastId, newId } from "../../src/lib/ids.ts";
import type { Actor } from "../../src/lib/roles.ts";
import { inWork } from "../../src/queue/work.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenVillage } from "../support/given.ts";

let t: TestContext;
let cast: Cast;
let other: Actor;
beforeAll(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 4 });
  other = await cast.actor("clerk", "王春霞", "+8619900000066");
});
afterAll(() => t.stop());

const fresh = (kind: DraftKey["kind"] = "notice"): DraftKey => ({ id: newId<BroadcastId>(), version: null, kind });
const save = (actor: Actor, key: DraftKey, part: DraftPart) =>
  inWork(t.ctx.work, actor, (work) => saveDraft(work, cast.village, key, part));
const submit = (id: BroadcastId) => inWork(t.ctx.work, cast.clerk, (work) => submitBroadcast(work, id));
const read = async (id: BroadcastId) => {
  const found = await inWork(t.ctx.work, cast.clerk, (work) => findBroadcast(work.tx, id));
  if (!found) throw new Error("no such notice");
  return found;
};
const known = ({ id, version }: { id: BroadcastId; version: number }): DraftKey => ({ id, version, kind: null });

describe("a draft", () => {
  test("is kept however little of it is there, and is refused when it is handed in", async () => {
    const drafts: [DraftKey, DraftPart, string][] = [
      [fresh(), {}, "body"],
      [fresh(), { body: "长".repeat(2000) }, "body"],
      [fresh("poll"), { body: "修不修？", options: ["修"] }, "options"],
      [fresh(), { body: "开会", audience: { scope: "households", tags: ["没有这样的"] } }, "audience.tags"],
      [fresh(), { body: "开会", sendAt: new Date("2020-01-01T08:00:00+08:00") }, "sendAt"],
      [fresh(), { body: "请户主带身份证370303195201011236来" }, "body"],
    ];
    for (const [key, part, field] of drafts) {
      expectOk(await save(cast.clerk, key, part));
      const refused = await submit(key.id);
      expect([part, refused.ok || refused.refusal.errors?.[0]?.field]).toEqual([part, field]);
      expect((await read(key.id)).state).toBe("draft");
    }
  });

  test("saved twice under one id, even at once, is one draft", async () => {
    const key = fresh();
    const both = await Promise.all([save(cast.clerk, key, { body: "开会" }), save(cast.clerk, key, { body: "开会" })]);
    expect(both.map((one) => one.ok)).toEqual([true, true]);
    const again = expectOk(await save(cast.clerk, key, { body: "开会" }));
    expect(again.version).toBe(1);
    expect(await inWork(t.ctx.work, cast.clerk, (work) => listEvents(work.tx, key.id))).toHaveLength(1);
  });

  test("with an id that nobody gave out is not made", async () => {
    expect(await save(cast.clerk, { ...fresh(), kind: null }, { body: "x" })).toMatchObject({
      ok: false,
      refusal: { code: "not_found" },
    });
  });

  test("of another village is not to be had, by its id or over it", async () => {
    const there = await givenVillage(t.ctx, { code: "lijia", households: 1, firstPhone: 900 });
    const key = fresh();
    expectOk(await inWork(t.ctx.work, there.clerk, (work) => saveDraft(work, there.village, key, { body: "别村的" })));
    for (const kind of [null, "notice"] as const) {
      const refused = await save(cast.clerk, { ...key, kind }, { body: "x" });
      expect(refused).toMatchObject({ ok: false, refusal: { code: "not_found" } });
    }
  });

  test("gets a new version with each change of its words, people or time, and none without", async () => {
    const key = fresh();
    let draft = expectOk(await save(cast.clerk, key, { body: "一", audience: EVERYONE }));
    const changes: DraftPart[] = [
      { body: "二" },
      { audience: { scope: "households", households: ["1", "2"], except: { households: ["2"] } } },
      { sendAt: new Date("2099-01-01T08:00:00+08:00") },
      { stages: { first: 1, waitMinutes: 5 } },
      { column: "财务公开" },
    ];
    for (const part of changes) {
      const { version } = draft;
      draft = expectOk(await save(cast.clerk, known(draft), part));
      const stored = await read(key.id);
      expect([part, draft.version, stored.version]).toEqual([part, version + 1, version + 1]);
      expect(expectOk(await save(cast.clerk, known(draft), part)).version).toBe(version + 1);
    }
    expect(await read(key.id)).toMatchObject({ recipients: 1, needsOverseer: true, column: "财务公开" });
  });

  test("handed in is frozen", async () => {
    const draft = expectOk(await save(cast.clerk, fresh(), { body: "后天停水。", column: "村务公开" }));
    expectOk(await submit(draft.id));
    const refused = await save(cast.clerk, known(draft), { body: "后天不停水。" });
    expect(refused).toMatchObject({ ok: false, refusal: { code: "move_not_allowed" } });
    expect((await read(draft.id)).body).toBe("后天停水。");
  });
});

describe("two people at one draft", () => {
  test("the second is told who else is writing, keeps nothing unawares, and may then have his way", async () => {
    const first = expectOk(await save(cast.clerk, fresh(), { body: "周五开会。" }));
    expectOk(await save(other, known(first), { body: "周六开会。" }));
    const refused = await save(cast.clerk, known(first), { body: "周五下午开会。" });
    expect(refused).toMatchObject({ ok: false, refusal: { code: "move_not_allowed" } });
    expect(!refused.ok && refused.refusal.message).toContain("王春霞");
    const now = await read(first.id);
    expect(now.body).toBe("周六开会。");
    expect(expectOk(await save(cast.clerk, known(now), { body: "周五下午开会。" })).version).toBe(3);
  });

  test("one person at two windows is nobody to be warned of", async () => {
    const first = expectOk(await save(cast.clerk, fresh(), { body: "一" }));
    expectOk(await save(cast.clerk, known(first), { body: "二" }));
    expectOk(await save(cast.clerk, known(first), { body: "三" }));
  });
});
