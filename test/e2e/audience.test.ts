import iconv from "iconv-lite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readValueFile } from "../../src/broadcast/personal/read-values.ts";
import { OPERATOR } from "../../src/lib/roles.ts";
import { writeXlsx } from "../../src/lib/xlsx.ts";
import { inWork } from "../../src/queue/work.ts";
import { findVillage, type Village } from "../../src/village/village.queries.ts";
import { csrfToken, SESSION_COOKIE } from "../../src/web/guard.ts";
import { signIn } from "../support/browser-session.ts";
import { TEST_KEY } from "../support/database.ts";
import { expectOk, givenStaff, phoneOf } from "../support/given.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

let system: System;
let clerk: Api;
let secretary: Api;
beforeAll(async () => {
  system = await startSystem();
  const platform = await system.api("platform");
  await platform.post("/villages", { code: "guojia", name: "郭家村", signature: "郭家村村委会", sendingHours: "any" });
  clerk = await system.api("clerk", { village: "guojia" });
  secretary = await system.api("secretary", { village: "guojia" });
  const rows = [1, 2, 3, 4].map((n) => `${n},郭${n},${phoneOf(n === 2 ? 1 : n)},${n < 3 ? "一组" : "二组"}`);
  await clerk.post("/villages/guojia/roster", `户号,姓名,手机号,小组\n${rows.join("\n")}\n`, {
    "content-type": "text/csv",
  });
}, 60_000);
afterAll(() => system.stop());

const village = async (): Promise<Village> =>
  (await inWork(system.ctx.work, OPERATOR, (work) => findVillage(work.tx, "guojia"))) as Village;

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

type Notice = { id: string; state: string; recipients: number; segments: number; personal: boolean; audience: object };
const write = (more: object) =>
  clerk.post<Notice & { code: string; errors: { field: string; message: string }[] }>("/villages/guojia/broadcasts", {
    column: "村务公开",
    body: "二组的请明天来交表。",
    ...more,
  });

describe("a program that writes a notice", () => {
  test("names whom it is for, and is told when a name is unknown", async () => {
    const audience = { scope: "households", groups: ["2组"], except: { households: ["4号"] } };
    const made = await write({ audience });
    expect(made).toMatchObject({
      status: 201,
      body: { recipients: 1, audience: { scope: "households", groups: ["二组"], except: { households: ["4"] } } },
    });
    const wrong = await write({ audience: { scope: "households", groups: ["二租"] } });
    expect(wrong).toMatchObject({
      status: 422,
      body: { code: "validation_failed", errors: [{ field: "audience.groups" }] },
    });
    expect(wrong.body.errors[0]?.message).toContain("是不是“二组”？");
    expect((await write({ audience: { scope: "households", group: ["二组"] } })).status).toBe(422);
  });

  test("sees before it leaves whom it passes by, and why, with the number masked", async () => {
    await givenStaff(system.ctx, (await village()).id, "clerk", "cunwu", "赵晓梅");
    const desk = await signIn(system.url, "cunwu");
    const audience = { scope: "households", except: { households: ["4"] } };
    const { body } = await write({ body: "{{姓名}}来领{{东西}}。", audience, submit: false });
    const shown = async (id: string) => await (await desk.get(`/v/guojia/notices/${id}/left-out`)).text();
    const lacking = await shown(body.id);
    expect(lacking).toContain("缺“东西”");
    expect(lacking).toMatch(/138\*{4}0001/);
    const plain = await write({ body: "明天交水费，请带零钱。", audience, submit: false });
    const page = await shown(plain.body.id);
    for (const words of ["2号", "4号", "同一部手机", "排除"]) expect(page).toContain(words);
    expect(page).not.toContain("3号");
  });

  test("on the page, only those ticked with nothing ticked is nobody, and the choice stands", async () => {
    const desk = await signIn(system.url, "cunwu");
    const { id } = (await write({ submit: false })).body;
    const refused = await desk.post(`/v/guojia/notices/${id}/who`, { to: "some" });
    expect(refused.status).toBe(422);
    const shown = await refused.text();
    expect(shown).toContain("还没有勾选发给谁");
    expect(shown).toMatch(/value="some" checked/);
    const looked = await desk.post(`/v/guojia/notices/${id}/who/look`, { to: "some", "groups:二组": "1" });
    expect(await looked.text()).toMatch(/发给\s2\s户/);
  });

  test("a door's own text is found by its number as people write it, and another's is never taken for it", async () => {
    const desk = await signIn(system.url, "cunwu");
    const { id } = (await write({ body: "{{姓名}}来开会。", submit: false })).body;
    const look = async (door: string) => await (await desk.get(`/v/guojia/notices/${id}/check?door=${door}`)).text();
    expect(await look("03号")).toContain("郭3来开会");
    expect(await look("77")).toContain("这条通知不发给这个户号");
  });

  test("says that it means to repeat itself", async () => {
    const body = "周六上午开村民代表会，请代表参加。";
    expect((await write({ body })).status).toBe(201);
    expect(await write({ body })).toMatchObject({ status: 409, body: { code: "repeated_notice" } });
    const { id } = (await write({ body, submit: false })).body;
    expect((await clerk.post(`/broadcasts/${id}/submission`)).status).toBe(409);
    expect((await clerk.post(`/broadcasts/${id}/submission`, { repeatAnyway: true })).status).toBe(200);
  });

  test("fills its blanks from a table, and each door gets its own text", async () => {
    const { body: draft } = await write({ body: "{{姓名}}您家分红{{金额}}元。", submit: false });
    expect(draft.personal).toBe(true);
    expect(await clerk.post(`/broadcasts/${draft.id}/submission`)).toMatchObject({ status: 422 });
    const table = "户号,金额\n1,350.00\n2,8\n3,\n77,1\n";
    expect(await clerk.post(`/broadcasts/${draft.id}/values`, { table })).toMatchObject({
      status: 200,
      body: {
        names: ["金额"],
        taken: 2,
        problems: [
          { row: 4, household: "3" },
          { row: 5, household: "77" },
        ],
      },
    });
    // The same as a file, in the dialects of an office, by a program and on the page.
    const path = `/broadcasts/${draft.id}/values`;
    const gbk = iconv.encode(table.replaceAll(",", ";"), "gbk");
    expect((await clerk.post(path, gbk, { "content-type": "text/csv" })).body).toMatchObject({ taken: 2 });
    const cells = table
      .trim()
      .split("\n")
      .map((line) => line.split(","));
    const xlsx = writeXlsx(cells, "分红");
    expect((await clerk.post(path, xlsx, { "content-type": XLSX })).body).toMatchObject({ taken: 2 });
    expect((await clerk.post(path, { tables: table })).status).toBe(422);
    expect((await clerk.post(path, Buffer.from("%PDF-1.7"), { "content-type": "text/csv" })).body).toMatchObject({
      errors: [{ field: "file", message: expect.stringContaining("PDF") }],
    });
    const handedIn = await clerk.post(`/broadcasts/${draft.id}/submission`);
    expect(handedIn).toMatchObject({ status: 200, body: { recipients: 2, segments: 2 } });
    expect((await secretary.post(`/broadcasts/${draft.id}/approval`)).status).toBe(200);
    await system.settle();
    const { rows } = await system.ctx.pools.system.query<{ body: string }>(
      "select body from simulator.messages where recipient = $1 and body like '%分红%' order by sid",
      [phoneOf(1)],
    );
    expect(rows.map((row) => row.body).sort()).toEqual([
      "【郭家村村委会】郭1您家分红350.00元。",
      "【郭家村村委会】郭2您家分红8元。",
    ]);
    const recipients = await clerk.get<{ items: { household: string; state: string; reason: string | null }[] }>(
      `/broadcasts/${draft.id}/recipients?state=suppressed`,
    );
    expect(recipients.body.items.map((one) => [one.household, one.reason])).toEqual([
      ["3", expect.stringContaining("内容不全")],
      ["4", expect.stringContaining("内容不全")],
    ]);
  });

  test("gets the table to fill with its doors in it, and sends it back on the page", async () => {
    await givenStaff(system.ctx, (await village()).id, "clerk", "guojia-files", "管表的");
    const visitor = await signIn(system.url, "guojia-files");
    const { id } = (await write({ body: "{{姓名}}您家该交水费{{水费}}元，请核对。", submit: false })).body;
    const page = `/v/guojia/notices/${id}/values`;
    const send = async (bytes: Buffer) => {
      const form = new FormData();
      form.append("_csrf", csrfToken(TEST_KEY, visitor.token));
      form.append("file", new Blob([new Uint8Array(bytes)]), "水费.xlsx");
      const headers = { cookie: `${SESSION_COOKIE}=${visitor.token}` };
      return await fetch(`${system.url}${page}/file`, { method: "POST", headers, body: form, redirect: "manual" });
    };
    const given = await visitor.get(`${page}/to-fill.xlsx`);
    const bytes = Buffer.from(await given.arrayBuffer());
    const rows = expectOk(await readValueFile(bytes)).map((row) => row.cells.slice(0, 3));
    expect(rows.map((cells) => cells.join("|").replace(/\|$/, ""))).toEqual([
      "户号|姓名|水费",
      "1|郭1",
      "2|郭2",
      "3|郭3",
      "4|郭4",
    ]);
    const refused = await send(bytes);
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining("没有一行能用")]);
    const filled = rows.map((cells, i) => [cells[0] ?? "", cells[1] ?? "", i === 0 ? "水费" : `${i * 10}.50`]);
    expect((await send(writeXlsx(filled, "水费"))).headers.get("location")).toContain("done=values_attached");
    expect(await (await visitor.get(page)).text()).toMatch(/已用 <strong>4 户<\/strong>的内容/);
  });
});
