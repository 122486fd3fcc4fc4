import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBroadcast } from "../../src/broadcast/broadcast.queries.ts";
import { saveDraft } from "../../src/broadcast/compose/save-draft.ts";
import { approveBroadcast } from "../../src/broadcast/signing/approve-broadcast.ts";
import { submitBroadcast } from "../../src/broadcast/submit-broadcast.ts";
import { findEntry } from "../../src/disclosure/find-entry.ts";
import type { SheetId } from "../../src/finance/sheet.ts";
import type { BroadcastId } from "../../src/lib/ids.ts";
import type { Actor } from "../../src/lib/roles.ts";
import { writeXlsx } from "../../src/lib/xlsx.ts";
import { inWork } from "../../src/queue/work.ts";
import { csrfToken, SESSION_COOKIE } from "../../src/web/guard.ts";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { StoppedClock } from "../support/clock.ts";
import { TEST_KEY } from "../support/database.ts";
import { type Cast, expectOk, givenVillage } from "../support/given.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

type Made = { id: string; notice: string | null; state: string; computed: number; opening: number | null };
const entry = (kind: "income" | "expense", amount: number, purpose = "土地流转费", day = "2026-07-03") => ({
  ...{ kind, amount, purpose, day },
});

let system: System;
let here: Cast;
let desk: Visitor;
let clerk: Api;
let overseer: Actor;

const clock = new StoppedClock("2026-10-09T09:00:00+08:00");

beforeAll(async () => {
  system = await startSystem({ clock });
  here = await givenVillage(system.ctx, { code: "here", households: 3, township: "town" });
  overseer = await here.actor("overseer", "looker");
  desk = await signIn(system.url, "here-clerk");
  clerk = await system.api("clerk", { village: "here" });
}, 60_000);
afterAll(() => system.stop());

const page = async (path: string) => (await desk.get(path)).text();
const post = async (path: string, fields: Record<string, string> = {}) => {
  const answer = await desk.post(path, fields);
  return { status: answer.status, to: answer.headers.get("location") ?? "", text: await answer.text() };
};
const find = (id: string) => findBroadcast(system.ctx.db.system, id as BroadcastId);

/** Handed in, and signed by the village supervision committee and the secretary. */
async function sign(cast: Cast, overseer: Actor, notice: string): Promise<void> {
  const id = notice as BroadcastId;
  expectOk(await inWork(system.ctx.work, cast.clerk, (work) => submitBroadcast(work, id)));
  for (const signer of [overseer, cast.secretary])
    expectOk(await inWork(system.ctx.work, signer, (work) => approveBroadcast(work, id)));
}

describe("a month's money", () => {
  let sheet = "";
  let notice = "";

  test("is begun, filled in by hand, and what is wrong comes back with what was typed", async () => {
    const begun = await post("/v/here/sheets", { month: "2026-07" });
    expect(begun.status).toBe(303);
    sheet = begun.to.split("?")[0] ?? "";
    const typed = { "day-1": "3", "kind-1": "income", "purpose-1": "土地流转费<b>", "amount-1": "12,000" };
    const wrong = await post(`${sheet}/entries`, {
      ...typed,
      "day-2": "40",
      "kind-2": "expense",
      "purpose-2": "电费",
      "amount-2": "-3",
    });
    expect(wrong.status).toBe(422);
    for (const words of [
      "第 2 行：没有这一天：40",
      "第 2 行：金额不能带正负号",
      'value="土地流转费&lt;b&gt;"',
      'value="-3"',
    ])
      expect(wrong.text).toContain(words);
    expect(await page(sheet)).toContain("还没有记");
    const added = await post(`${sheet}/entries`, {
      ...typed,
      "day-2": "9",
      "kind-2": "expense",
      "purpose-2": "修机井",
      "amount-2": "1620",
      next: "more",
    });
    expect(added.to).toContain("done=entries_added&rows=10");
    expect(await page(added.to)).toContain('name="amount-10"');
  });

  test("is pasted from a table; a bad row keeps all of it in place", async () => {
    const table = "日期\t摘要\t收入\t支出\n7/12\t付李四工钱\t\t1.2万\n7/15\t路灯电费\t\t486";
    const wrong = await post(`${sheet}/table`, { table });
    expect([
      wrong.status,
      wrong.text.includes("第 2 行：“1.2万”可能是约数"),
      wrong.text.includes("7/15\t路灯电费"),
    ]).toEqual([422, true, true]);
    expect((await post(`${sheet}/table`, { table: table.replace("1.2万", "12000") })).status).toBe(303);
    expect(await page(sheet)).toContain("12,000.00");
  });

  test("is read from a file, shown first, and a file that is no table says what to do", async () => {
    const send = async (bytes: string | Buffer) => {
      const body = new FormData();
      body.set("_csrf", csrfToken(TEST_KEY, desk.token));
      body.set("file", new Blob([new Uint8Array(Buffer.from(bytes as string))]), "七月.xlsx");
      const headers = { cookie: `${SESSION_COOKIE}=${desk.token}` };
      const answer = await fetch(`${system.url}${sheet}/file`, { method: "POST", headers, body });
      return [answer.status, await answer.text()] as const;
    };
    const book = writeXlsx([["郭家村7月流水"], ["日期", "摘要", "收入", "支出"], ["7/20", "卖树<i>", "", 3]], "七月");
    const [status, shown] = await send(book);
    expect([status, shown.includes("还没有记"), shown.includes("7/20\t卖树&lt;i&gt;\t\t3")]).toEqual([200, true, true]);
    expect(await page(sheet)).not.toContain("卖树");
    const [, , pasted = ""] = /(<textarea[^>]*>)([^<]*)<\/textarea>/.exec(shown) ?? [];
    const wrong = await post(`${sheet}/table`, {
      table: pasted.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replace("3", "3.456"),
    });
    expect([wrong.status, wrong.text.includes("第 3 行：")]).toEqual([422, true]);
    for (const bytes of ["", Buffer.from("%PDF-1.7 x"), "日期,摘要\n".repeat(1200)])
      expect((await send(bytes))[0]).toBe(422);
  });

  test("makes no notice while it does not balance, and says where to look", async () => {
    const computed = 100_000 + 12_000 - 1620 - 12_000 - 486;
    await post(`${sheet}/balances`, { opening: "100,000", closing: String(computed + 360) });
    const shown = await page(sheet);
    for (const words of ["差 360.00 元", "是不是 1,260.00 元，两个数字写颠倒了？"]) expect(shown).toContain(words);
    expect(shown).not.toContain("做成通知");
    const forced = await post(`${sheet}/notice`);
    expect([forced.status, forced.text.includes("差 360.00 元")]).toEqual([422, true]);
    expect((await post(`${sheet}/balances`, { opening: "x", closing: "1" })).text).toContain('value="x"');
  });

  test("is mended, made into a notice and locked with it", async () => {
    const [, entryPath = ""] = /href="([^"]+\/entries\/[^"]+)" aria-label="改“修机井”"/.exec(await page(sheet)) ?? [];
    expect(await page(entryPath)).toContain('value="1620.00"');
    expect((await post(entryPath, { day: "9", kind: "expense", purpose: "修机井", amount: "1260" })).status).toBe(303);
    expect(await page(sheet)).toContain("账平了");
    const made = await post(`${sheet}/notice`);
    expect(made.to).toMatch(/^\/v\/here\/notices\/.+done=notice_made$/);
    notice = /notices\/([^/]+)/.exec(made.to)?.[1] ?? "";
    const broadcast = await find(notice);
    expect(broadcast).toMatchObject({
      state: "draft",
      column: "财务公开",
      needsOverseer: true,
      sheetId: sheet.split("/").at(-1),
    });
    expect(broadcast?.body).toBe(
      "7月村集体的账：6月底结余100000元。收入12000元：土地流转费<b>12000元。支出13746元：修机井1260元，付李四工钱12000元，路灯电费486元。7月底结余98254元。明细见公开栏，看不明白请回短信问。",
    );
    expect((await post(`${sheet}/entries`, { "day-1": "3", "purpose-1": "x", "amount-1": "1" })).status).toBe(409);
    expect((await post(`${sheet}/notice`)).status).toBe(409);
    const forced = inWork(system.ctx.work, here.clerk, (work) =>
      work.tx.updateTable("sheet_entries").set({ amount: 1 }).execute(),
    );
    await expect(forced).rejects.toThrow("the sheet is locked");
  });

  test("cannot be edited away in its notice: neither handed in, nor in the database", async () => {
    const id = notice as BroadcastId;
    const body = (await find(notice))?.body ?? "";
    const wish = { column: "财务公开", body: body.replace("98254", "88254") };
    const key = { id, kind: null, version: null };
    expectOk(await inWork(system.ctx.work, here.clerk, (work) => saveDraft(work, here.village, key, wish)));
    const edited = await inWork(system.ctx.work, here.clerk, (work) => submitBroadcast(work, id));
    expect(edited).toMatchObject({ ok: false, refusal: { errors: [{ field: "body" }] } });
    const forced = system.ctx.pools.system.query("update broadcasts set state = 'awaiting_approval' where id = $1", [
      id,
    ]);
    await expect(forced).rejects.toThrow("check constraint");
  });

  test("is unlocked while nobody has the notice before him, which throws that away", async () => {
    expect((await post(`${sheet}/unlocking`)).to).toContain("sheet_unlocked");
    expect((await find(notice))?.state).toBe("canceled");
    notice = /notices\/([^/]+)/.exec((await post(`${sheet}/notice`)).to)?.[1] ?? "";
    expect((await post(`${sheet}/posting`, { postedOn: "2026-08-01" })).status).toBe(409);
    await sign(here, overseer, notice);
    const late = await post(`${sheet}/unlocking`);
    expect([late.status, /请先撤回或退回|通知已经发出/.test(late.text)]).toEqual([409, true]);
  });

  test("is posted on the board, a day that has come; the next month goes on from it", async () => {
    for (const on of ["2026-10-10", "2026-07-31", "昨天"])
      expect([on, (await post(`${sheet}/posting`, { postedOn: on })).status]).toEqual([on, 422]);
    expect((await post(`${sheet}/posting`, { postedOn: "2026-08-02" })).to).toContain("sheet_posted");
    expect((await post(`${sheet}/discarding`)).status).toBe(409);
    const print = await page(`${sheet}/print`);
    for (const words of ["集体收支公开表", "98,254.00", "8月2日", '书记：<span class="line">刘建国'])
      expect(print).toContain(words);
    const next = await clerk.post<Made>("/villages/here/sheets", { month: "2026-08", entries: [] });
    expect(next).toMatchObject({ status: 201, body: { opening: 9825400, computed: 9825400, state: "draft" } });
    // The database holds to it, whoever asks: posted is posted, and what does not add up is never more than a draft.
    const force = (id: string | undefined, change: { closing: number; state?: "locked" }) =>
      inWork(system.ctx.work, here.clerk, ({ tx }) =>
        tx
          .updateTable("sheets")
          .set(change)
          .where("id", "=", id as SheetId)
          .execute(),
      );
    await expect(force(sheet.split("/").at(-1), { closing: 9825400 })).rejects.toThrow("stays as it is");
    await expect(force(next.body.id, { closing: 9825401, state: "locked" })).rejects.toThrow("does not balance");
    const moved = inWork(system.ctx.work, here.clerk, ({ tx }) =>
      tx
        .updateTable("sheet_entries")
        .set({ sheet_id: next.body.id as SheetId })
        .where("sheet_id", "=", sheet.split("/").at(-1) as SheetId)
        .execute(),
    );
    await expect(moved).rejects.toThrow("the sheet is locked");
    const begun = inWork(system.ctx.work, here.clerk, ({ tx }) =>
      tx
        .insertInto("sheets")
        .expression((eb) =>
          eb
            .selectFrom("sheets")
            .selectAll()
            .where("id", "=", sheet.split("/").at(-1) as SheetId),
        )
        .execute(),
    );
    await expect(begun).rejects.toThrow("begins as a draft");
  });

  test("that was wrong is corrected by another sheet that names it", async () => {
    const [begun, twice] = await Promise.all([post(`${sheet}/correction`), post(`${sheet}/correction`)]);
    const correction = begun.to.split("?")[0] ?? "";
    expect(twice.to).toBe(begun.to);
    expect(await page(correction)).toContain("这是更正表");
    await post(`${correction}/entries`, {
      "day-1": "20",
      "kind-1": "expense",
      "purpose-1": "漏记的纸",
      "amount-1": "54",
    });
    await post(`${correction}/balances`, { opening: "100000", closing: "98200" });
    const again = /notices\/([^/]+)/.exec((await post(`${correction}/notice`)).to)?.[1] ?? "";
    expect((await find(again))?.body).toContain("更正7月村集体的账");
    await sign(here, overseer, again);
    expect((await post(`${correction}/posting`, { postedOn: "2026-10-09" })).to).toContain("sheet_posted");
    expect(await page(sheet)).toContain("后来更正过");
    // August began with what July said before.
    const august = (await clerk.get<{ items: Made[] }>("/villages/here/sheets")).body.items[0];
    expect(await page(`/v/here/sheets/${august?.id}`)).toContain(
      "上月结余写的是 98,254.00 元，2026年7月公布的月末结余是 98,200.00 元，差 54.00 元",
    );
    const year = await page("/v/here/sheets/year?year=2026");
    expect([year.includes("更正过"), year.includes("98,200.00"), year.includes("98,254.00")]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

test("a month that is owed turns green on the calendar the day its sheet is put up", async () => {
  const green = await givenVillage(system.ctx, { code: "green", households: 1, firstPhone: 80 });
  const guard = await green.actor("overseer", "guard");
  const api = await system.api("clerk", { village: "green" });
  const at = await signIn(system.url, "green-clerk");
  const entries = [entry("income", 200, "x", "2026-09-03")];
  const sheet = { month: "2026-09", opening: 100, closing: 300, entries, notice: true };
  const made = await api.post<Made>("/villages/green/sheets", sheet);
  const status = () =>
    inWork(system.ctx.work, green.secretary, async (work) => {
      const found = await findEntry(work, green.village, "F01", "2026-09");
      return found.ok ? [found.value.status, found.value.row?.sheetId ?? null, found.value.boardPostedOn] : found;
    });
  expect(await status()).toEqual(["soon", made.body.id, null]);
  expect((await find(made.body.notice ?? ""))?.disclosureId).not.toBeNull();
  await sign(green, guard, made.body.notice ?? "");
  expect((await at.post(`/v/green/sheets/${made.body.id}/posting`, { postedOn: "2026-10-09" })).status).toBe(303);
  expect(await status()).toEqual(["done", made.body.id, "2026-10-09"]);
});

describe("a program", () => {
  test("gets stable codes for what does not balance, does not continue, or is no entry", async () => {
    const there = await givenVillage(system.ctx, { code: "there", households: 1, firstPhone: 50 });
    const api = await system.api("clerk", { village: "there" });
    const sheet = { month: "2026-07", opening: 100, closing: 300, entries: [entry("income", 200)], notice: true };
    const send = (change: object) =>
      api.post<Made & { code: string }>("/villages/there/sheets", { ...sheet, ...change });
    expect(await send({ closing: 299 })).toMatchObject({ status: 422, body: { code: "does_not_balance" } });
    expect(await send({ entries: [entry("income", 200, "合计")] })).toMatchObject({
      status: 422,
      body: { code: "validation_failed", errors: [{ field: "entries.0.purpose" }] },
    });
    expect(await send({ entries: [entry("income", 200.5)] })).toMatchObject({ status: 422 });
    expect(await send({ month: "2026-10", entries: [], closing: 100 })).toMatchObject({
      status: 409,
      body: { code: "move_not_allowed" },
    });
    expect(await send({ month: "2026-13" })).toMatchObject({ status: 422 });
    const made = await send({});
    expect(made).toMatchObject({
      status: 201,
      body: { state: "locked", computed: 300, notice: expect.any(String) as string },
    });
    expect(await send({})).toMatchObject({ status: 409, body: { code: "already_exists" } });
    // Nothing of what was refused has stayed.
    expect((await api.get<{ items: unknown[] }>("/villages/there/sheets")).body.items).toHaveLength(1);
    for (const state of ["posted"]) await system.ctx.pools.system.query("select 1 where $1 = 'posted'", [state]);
    await sign(there, await there.actor("overseer", "guard"), made.body.notice ?? "");
    const at = await signIn(system.url, "there-clerk");
    expect((await at.post(`/v/there/sheets/${made.body.id}/posting`, { postedOn: "2026-08-02" })).status).toBe(303);
    const august = { month: "2026-08", entries: [entry("income", 200, "x", "2026-08-01")], closing: 500 };
    expect(await send({ ...august, opening: 299, closing: 499 })).toMatchObject({
      status: 409,
      body: { code: "does_not_continue" },
    });
    expect(await send({ ...august, month: "2026-09", entries: [], opening: 300, closing: 300 })).toMatchObject({
      status: 409,
      body: { code: "does_not_continue" },
    });
    expect(await send({ ...august, opening: undefined })).toMatchObject({
      status: 201,
      body: { opening: 300, state: "locked" },
    });
    expect((await api.get(`/villages/there/sheets/${made.body.id}`)).status).toBe(200);
    expect((await clerk.get(`/villages/here/sheets/${made.body.id}`)).status).toBe(404);
  });

  test("and an overseer read what they may not change", async () => {
    const looker = await signIn(system.url, "here-looker");
    expect((await looker.get("/v/here/sheets")).status).toBe(200);
    expect((await looker.post("/v/here/sheets", { month: "2026-09" })).status).toBe(403);
  });
});
