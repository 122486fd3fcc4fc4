import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBroadcast } from "../../src/broadcast/broadcast.queries.ts";
import { draftBroadcast } from "../../src/broadcast/draft-broadcast.ts";
import { type ColumnId, type InboundId, newId } from "../../src/lib/ids.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { optOut } from "../../src/roster/opt-out.queries.ts";
import { countDeclined } from "../../src/village/columns.queries.ts";
import { isOptional } from "../../src/village/columns.ts";
import { findColumn } from "../../src/village/find-column.ts";
import { addColumn, addMissingColumns, type ColumnWish, raiseColumn, setColumn } from "../../src/village/set-column.ts";
import { listAllColumns, listColumns } from "../../src/village/village.queries.ts";
import { startContext, type TestContext } from "../support/context.ts";
import { type Cast, expectOk, givenVillage, phoneOf } from "../support/given.ts";

let t: TestContext;
let cast: Cast;
beforeAll(async () => {
  t = await startContext();
  cast = await givenVillage(t.ctx, { households: 3 });
});
afterAll(() => t.stop());

const idOf = async (name: string): Promise<ColumnId> => {
  const column = (await listAllColumns(t.ctx.db.system, cast.village.id)).find((one) => one.name === name);
  if (!column) throw new Error(`no column ${name}`);
  return column.id;
};
const set = async (name: string, wish: ColumnWish) => {
  const id = await idOf(name);
  return await inWork(t.ctx.work, cast.secretary, (work) => setColumn(work, cast.village, id, wish));
};
const namesNow = async () => (await listColumns(t.ctx.db.system, cast.village.id)).map((one) => one.name);

describe("a village's columns", () => {
  test("are added behind the others, renamed, and put into another order", async () => {
    const add = (name: string, columnClass = "life") =>
      inWork(t.ctx.work, cast.secretary, (work) => addColumn(work, cast.village, { name, class: columnClass }));
    const id = expectOk(await add("村 史"));
    expect((await namesNow()).at(-1)).toBe("村史");
    expectOk(await inWork(t.ctx.work, cast.secretary, (work) => raiseColumn(work, cast.village, id)));
    expect((await namesNow()).at(-2)).toBe("村史");
    expectOk(await set("村史", { name: "村史故事" }));
    expect(await namesNow()).toContain("村史故事");
    for (const [name, said] of [
      ["村務公開", "已经有"],
      ["", "请写"],
      ["一二三四五六七八九十一", "最多 10 个字"],
    ] as const)
      expect(await add(name)).toMatchObject({ refusal: { message: expect.stringContaining(said) } });
    expect(await add("新栏目", "secret")).toMatchObject({ refusal: { errors: [{ field: "class" }] } });
  });

  test("that others began with and this one lacks come with one word, what was retired stays away", async () => {
    const add = () => inWork(t.ctx.work, cast.secretary, (work) => addMissingColumns(work, cast.village));
    expect(await add()).toEqual({ ok: true, value: 0 });
    expectOk(await set("经典老人言", { retired: true }));
    expect(await add()).toEqual({ ok: true, value: 0 });
    expectOk(await set("敬老孝亲", { name: "孝老" }));
    expect(await add()).toEqual({ ok: true, value: 1 });
    expect((await namesNow()).at(-1)).toBe("敬老孝亲");
    expectOk(await set("经典老人言", { retired: false }));
  });

  test("of 三务公开 can be neither declined nor done without", async () => {
    expect(await set("财务公开", { mayDecline: true })).toMatchObject({
      refusal: { errors: [{ field: "mayDecline" }] },
    });
    expect(await set("财务公开", { retired: true })).toMatchObject({ refusal: { errors: [{ field: "retired" }] } });
  });

  test("that may not be left any more keep out whoever had left them", async () => {
    const columnId = await idOf("智慧语录");
    const phoneHash = t.ctx.sealer.hashPhone(phoneOf(1) as never);
    await inSystemWork(t.ctx.work, (work) =>
      optOut(work.tx, { villageId: cast.village.id, phoneHash, columnId, inboundId: newId<InboundId>() }, work.now),
    );
    expect(await countDeclined(t.ctx.db.system, cast.village.id)).toEqual(new Map([[columnId, 1]]));
    expectOk(await set("智慧语录", { mayDecline: false }));
    const column = await findColumn(t.ctx.db.system, cast.village.id, "智慧语录");
    expect(column && isOptional(column)).toBe(false);
    const draft = { column: "智慧语录", body: "人心齐，泰山移。" };
    const id = expectOk(
      await inWork(t.ctx.work, cast.clerk, (work) => draftBroadcast(work, cast.village, draft, false)),
    );
    expect(await findBroadcast(t.ctx.db.system, id)).toMatchObject({ recipients: 2 });
  });

  test("that are retired stay with what was written under them, and take nothing new", async () => {
    expectOk(await set("经典老人言", { retired: true }));
    expect(await namesNow()).not.toContain("经典老人言");
    const draft = { column: "经典老人言", body: "吃亏是福。" };
    expect(
      await inWork(t.ctx.work, cast.clerk, (work) => draftBroadcast(work, cast.village, draft, false)),
    ).toMatchObject({ refusal: { errors: [{ field: "column" }] } });
    expectOk(await set("经典老人言", { retired: false }));
    expect(await namesNow()).toContain("经典老人言");
  });

  test("say whom a notice is for where its writer does not", async () => {
    const audience = { scope: "households" as const, tags: ["党员"] };
    expectOk(await set("党务公开", { audience }));
    const draft = { column: "党务公开", body: "周五主题党日。" };
    expect(
      await inWork(t.ctx.work, cast.clerk, (work) => draftBroadcast(work, cast.village, draft, false)),
    ).toMatchObject({ refusal: { errors: [{ field: "audience.tags" }] } });
    await inWork(t.ctx.work, cast.clerk, (work) =>
      work.tx
        .updateTable("villagers")
        .set({ tags: ["党员"] })
        .where("name", "=", "村民2")
        .execute(),
    );
    const id = expectOk(
      await inWork(t.ctx.work, cast.clerk, (work) => draftBroadcast(work, cast.village, draft, false)),
    );
    expect(await findBroadcast(t.ctx.db.system, id)).toMatchObject({ audience, recipients: 1 });
  });
});
