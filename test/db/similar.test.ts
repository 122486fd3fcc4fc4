import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBroadcast } from "../../src/broadcast/broadcast.queries.ts";
import type { DraftWish } from "../../src/broadcast/check-draft.ts";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { countNotices } from "../../src/broadcast/lint/count-notices.queries.ts";
import { cancelBroadcast } from "../../src/broadcast/sending/control-broadcast.ts";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import { findSimilarNotices } from "../../src/broadcast/similar/similar-notices.ts";
import { fromLocal } from "../../src/lib/china-time.ts";
import { DAY } from "../../src/lib/clock.ts";
import type { BroadcastId } from "../../src/lib/ids.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { importRoster } from "../../src/roster/import-roster.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenVillage, phoneOf } from "../support/given.ts";

let t: TestContext;
let cast: Cast;
beforeAll(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx);
  const rows = [1, 2, 3, 4].map((n) => `${n},郭${n},${phoneOf(n)},${n < 3 ? "一组" : "二组"}`);
  const file = Buffer.from(`户号,姓名,手机号,小组\n${rows.join("\n")}\n`);
  expectOk(await inWork(t.ctx.work, cast.clerk, (work) => importRoster(work, t.ctx.sealer, cast.village.id, file)));
});
afterAll(() => t.stop());

const POWER = "明天上午八点到十点全村停电，请提前做好准备。";
const write = (wish: Partial<DraftWish>, submit = true) =>
  inWork(t.ctx.work, cast.clerk, (work) =>
    draftBroadcast(work, cast.village, { column: "村务公开", body: POWER, ...wish }, submit),
  );
async function sent(wish: Partial<DraftWish>): Promise<BroadcastId> {
  const id = expectOk(await write(wish));
  expectOk(await inWork(t.ctx.work, cast.secretary, (work) => approveBroadcast(work, id)));
  await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, id));
  return id;
}
const similarTo = async (id: BroadcastId) => {
  const sketch = await findBroadcast(t.ctx.db.system, id);
  if (!sketch) throw new Error("no such notice");
  return await inWork(t.ctx.work, cast.clerk, (work) => findSimilarNotices(work, sketch));
};
const setClock = (at: Date) => t.clock.set(at.toISOString());
const group = (name: string) => ({ scope: "households" as const, groups: [name] });

test("notices of a week are those that left or will leave in it, without emergencies and without itself", async () => {
  setClock(fromLocal(2026, 9, 14, 9));
  const week = {
    from: fromLocal(2026, 9, 14),
    until: fromLocal(2026, 9, 21),
    except: null as string | null,
    now: t.clock.now(),
  };
  const count = (range = week) => countNotices(t.ctx.db.system, cast.village.id, range);
  const at = (sendAt: Date, body: string) => write({ body, sendAt });
  await write({ body: "还在写的。" }, false);
  expectOk(await write({ body: "等批准的。" }));
  const canceled = expectOk(await write({ body: "不发了的。" }));
  expectOk(await inWork(t.ctx.work, cast.secretary, (work) => cancelBroadcast(work, canceled)));
  expect(await count()).toBe(1);
  const first = await sent({ body: "已经发了的。" });
  await sent({ body: "发大水了。", kind: "emergency" });
  for (const [when, body] of [
    [fromLocal(2026, 9, 20, 23), "星期天夜里的。"],
    [fromLocal(2026, 9, 21), "下星期一的。"],
  ] as const) {
    const id = expectOk(await at(when, body));
    expectOk(await inWork(t.ctx.work, cast.secretary, (work) => approveBroadcast(work, id)));
  }
  expect([await count(), await count({ ...week, except: first })]).toEqual([3, 2]);
});

describe("a notice that says what another one said", () => {
  test("in the same words to the same people within a day is refused, until somebody means it", async () => {
    setClock(fromLocal(2026, 10, 9, 9));
    const first = await sent({ audience: group("一组") });
    setClock(fromLocal(2026, 10, 9, 15));
    const again = await write({ body: `${POWER.replace("，", ", ")} ` });
    expect(again).toMatchObject({
      ok: false,
      refusal: { code: "repeated_notice", errors: [{ field: "repeatAnyway" }] },
    });
    expect(again.ok ? "" : again.refusal.message).toContain("今天 09:00 发给了 2 户，其中 2 户这次又会收到");
    // To others it is no repetition.
    expectOk(await write({ audience: group("二组") }));
    // For the day after it is none either; drafts may say what they like.
    expectOk(await write({ audience: group("一组"), sendAt: fromLocal(2026, 10, 10, 10) }));
    expectOk(await write({}, false));
    const meant = expectOk(await write({ repeatAnyway: true }));
    const { note } = await t.ctx.db.system
      .selectFrom("broadcast_events")
      .select("note")
      .where("broadcast_id", "=", meant)
      .where("kind", "=", "submitted")
      .executeTakeFirstOrThrow();
    expect(note).toBe("知道一天内发过一样的，再发一次");
    expect((await similarTo(meant)).find((one) => one.id === first)).toMatchObject({
      ...{ same: true, repeats: true, overlap: 2, recipients: 2, left: true },
      words: "“明天上午八点到十点全村停电，请提前做好…”今天 09:00 发给了 2 户，其中 2 户这次又会收到",
    });
  });

  test("in an emergency it goes all the same; whoever was not reached may get it again", async () => {
    setClock(fromLocal(2026, 11, 2, 9));
    const flood = { column: "生产生活", body: "今夜有暴雨，低洼处的住户请到村委会过夜。", kind: "emergency" as const };
    await sent(flood);
    expectOk(await write(flood));
    const first = await sent({ body: "养老认证还没做的，请这两天做完。" });
    await t.ctx.db.system
      .updateTable("messages")
      .set({ state: "undelivered" })
      .where("broadcast_id", "=", first)
      .execute();
    const audience = { scope: "households" as const, unreachedOf: first };
    expectOk(await write({ body: "养老认证还没做的，请这两天做完。", audience }));
  });

  test("in other words is told with when and to how many, for a month", async () => {
    setClock(fromLocal(2027, 1, 4, 9));
    await sent({ body: "7月财务公开：收入15150元，支出9420元，结余见公开栏。" });
    const canceled = expectOk(
      await write({ body: "7月财务公开：收入15150元，支出9420元，结余见公开栏！", repeatAnyway: true }),
    );
    expectOk(await inWork(t.ctx.work, cast.secretary, (work) => cancelBroadcast(work, canceled)));
    t.clock.advance(20 * DAY);
    const next = expectOk(await write({ body: "8月财务公开：收入12000元，支出8100元，结余见公开栏。" }, false));
    expect(await similarTo(next)).toMatchObject([{ same: false, repeats: false, overlap: 4, left: true }]);
    t.clock.advance(11 * DAY);
    expect(await similarTo(next)).toEqual([]);
  });
});
