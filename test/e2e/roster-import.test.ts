import { Agent, request } from "node:http";
import iconv from "iconv-lite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OPERATOR } from "../../src/lib/roles.ts";
import { writeXlsx } from "../../src/lib/xlsx.ts";
import { inWork } from "../../src/queue/work.ts";
import { MAX_FILE } from "../../src/roster/roster-import.ts";
import { createApiKey } from "../../src/staff/api-keys.ts";
import { findVillage } from "../../src/village/village.queries.ts";
import { csrfToken } from "../../src/web/guard.ts";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { StoppedClock } from "../support/clock.ts";
import { TEST_KEY } from "../support/database.ts";
import { givenVillage, phoneOf } from "../support/given.ts";
import { makeXlsx, makeZip } from "../support/make-xlsx.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

let system: System;
let clerk: Visitor;
let api: Api;

beforeAll(async () => {
  system = await startSystem({ clock: new StoppedClock() });
  await givenVillage(system.ctx, { code: "guojia", households: 3 });
  await givenVillage(system.ctx, { code: "by-api" });
  api = await system.api("clerk", { village: "by-api" });
  clerk = await signIn(system.url, "guojia-clerk");
});
afterAll(() => system.stop());

const BASE = "/v/guojia/roster";
/** The form of the upload page, as a browser sends it. */
async function upload(
  file: Buffer | string | null,
  name = "名册.csv",
  text = "",
  once: string = crypto.randomUUID(),
): Promise<Response> {
  const form = new FormData();
  form.set("_csrf", csrfToken(TEST_KEY, clerk.token));
  form.set("_once", once);
  form.set("text", text);
  if (file !== null) form.set("file", new Blob([new Uint8Array(Buffer.from(file as string))]), name);
  const headers = { cookie: `cunwu_session=${clerk.token}` };
  return await fetch(system.url + BASE, { method: "POST", body: form, headers, redirect: "manual" });
}
/** The page of what was uploaded, once no worker is at it. */
async function follow(answer: Response): Promise<{ url: string; html: string }> {
  expect(answer.status).toBe(303);
  const url = new URL(answer.headers.get("location") ?? "", system.url).pathname;
  return { url, html: await settled(url) };
}
async function settled(url: string): Promise<string> {
  for (let tries = 0; tries < 400; tries++) {
    const html = await (await clerk.get(url)).text();
    if (!html.includes("every 1s")) return html;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the import does not come to an end");
}
const titleOf = (html: string) => /<h1[^>]*>([^<]*)/.exec(html)?.[1]?.replace(/\s+/g, " ");

describe("a roster that somebody uploads", () => {
  test("is compared, shown, taken in, and what is wrong comes back as a file to mend", async () => {
    const lines = [
      "郭家村花名册,,",
      "户号,姓名,手机号",
      `1,村民1,${phoneOf(901).slice(3)}`,
      `2,村民2,${phoneOf(2).slice(3)}`,
      "4,丁秀兰,1380000001",
      "4,郭小军,０５３３-6655000",
      ",无名,13800000009",
      "5,=1+1,13800000010",
      "6,张　三,138 0000 0044",
    ];
    const { url, html } = await follow(await upload(iconv.encode(lines.join("\r\n"), "gbk"), "名册.csv"));
    expect(titleOf(html)).toBe("新添 1 人，改 1 人，4 行要改");
    for (const words of [
      "手机号少 1 位",
      "这是座机，不能收短信",
      "没有填户号",
      "像公式",
      "第 5 行",
      "<mark>1380000001</mark>",
    ]) {
      expect(html).toContain(words);
    }
    expect(html).toContain("138****0001</del> → <ins>138****0901");
    expect(html).toContain("名册里有、文件里没有的 1 人");
    expect((await system.ctx.pools.system.query("select 1 from households where number = '6'")).rowCount).toBe(0);

    expect((await clerk.post(`${url}/start`)).status).toBe(303);
    expect(titleOf(await settled(url))).toBe("导完了：新添 1 人，改了 1 人");
    const { rows } = await system.ctx.pools.system.query("select name from villagers order by name");
    expect(rows.map((row) => row.name)).toContain("张三");

    const csv = await (await clerk.get(`${url}/rejected.csv`)).text();
    expect(csv.split("\r\n")[0]).toBe("户号,姓名,手机号,哪里不对");
    expect(csv).toContain(`"'=1+1"`);
    const mended = csv
      .replace("1380000001,", "13800000001,")
      .replace("０５３３-6655000", "")
      .replace("\r\n,无名", "\r\n7,无名")
      .replace(`"'=1+1"`, "钱多");
    const again = await follow(await upload(mended, "mended.csv"));
    expect(titleOf(again.html)).toBe("新添 4 人");
  });

  test("pasted from a chat, without headings: a person says what the columns are", async () => {
    const { url, html } = await follow(await upload(null, "", "8号 周桂英 138 0000 0050\n9号 周大山 13800000051\n"));
    expect(titleOf(html)).toBe("每一列是什么");
    expect(html).toMatch(/<option value="phone" selected>/);
    const wrong = await clerk.post(`${url}/columns`, { header: "0", "column-0": "name", "column-1": "name" });
    expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining("“姓名”选了两列")]);
    const columns = { header: "0", "column-0": "household", "column-1": "name", "column-2": "phone" };
    expect((await clerk.post(`${url}/columns`, columns)).status).toBe(303);
    expect(titleOf(await settled(url))).toBe("新添 2 人");
    expect((await clerk.post(`${url}/drop`)).headers.get("location")).toBe(`${BASE}?done=import_dropped`);
    expect((await clerk.get(url)).status).toBe(404);
  });

  test("proposes who has left, and moves nobody by itself", async () => {
    const { url, html } = await follow(await upload(`户号,姓名,手机号\n2,村民2,${phoneOf(2)}\n`));
    const left = [...html.matchAll(/name="left-([0-9a-f-]{36})"/g)].map((match) => match[1] as string);
    expect(left.length).toBeGreaterThan(2);
    const contacts = async () =>
      (await system.ctx.pools.system.query("select count(*)::int as n from households where contact_hash is not null"))
        .rows[0].n;
    const before = await contacts();
    const third = (await system.ctx.pools.system.query("select id from villagers where name = '村民3'")).rows[0]
      .id as string;
    expect(left).toContain(third);
    expect((await clerk.post(`${url}/leavers`, { all: "" })).status).toBe(422);
    await clerk.post(`${url}/leavers`, { [`left-${third}`]: "moved_out" });
    expect(await contacts()).toBe(before - 1);
    expect(
      (await system.ctx.pools.system.query("select left_reason from villagers where left_at is not null")).rows,
    ).toEqual([{ left_reason: "moved_out" }]);
    await clerk.post(`${url}/leavers`, { [`left-${third}`]: "back" });
    expect(await contacts()).toBe(before);
  });
});

describe("a file that is none", () => {
  const sheet = (rows: string) => ({ xml: `<sheetData>${rows}</sheetData>` });
  const row = `<row r="1"><c r="A1" t="inlineStr"><is><t>${"户".repeat(50)}</t></is></c></row>`;
  test.each([
    ["PDF", Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(200, 7)]), "这是PDF，不是表格"],
    ["a photo", Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(200, 7)]), "这是照片，不是表格"],
    ["an old XLS", Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(600)]), "旧格式的文件"],
    [
      "a workbook with a password",
      Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.from("EncryptedPackage", "utf16le")]),
      "加了密码",
    ],
    ["DOCX", makeZip({ "word/document.xml": "<w/>" }), "Word 文档"],
    ["a ZIP of something", makeZip({ "a.txt": "a" }), "请先解压"],
    ["a web page called .xls", "<html><table><tr><td>户号</td></tr></table></html>", "这其实是网页"],
    ["a zip bomb", makeXlsx([sheet(row.repeat(150_000))]), "解开以后大得不正常"],
    ["a zip bomb that lies about its size", makeXlsx([sheet(row.repeat(20_000))], {}, 1000), "解不开"],
    ["a sheet cut off", makeXlsx([sheet('<row r="1"><c')]), "坏了"],
    ["nothing", "", "请选一个文件"],
    ["a quote that nobody closes", `户号,姓名\n1,"丁秀兰\n${"2,丁秀英\n".repeat(40_000)}`, "引号没有配对"],
  ])("%s: says what it is and what to do", async (_, file, words) => {
    const answer = await upload(file, "名册.xlsx");
    const html = answer.status === 303 ? (await follow(answer)).html : await answer.text();
    expect(html).toContain(words);
    expect(html).toMatch(/再传|请选/);
  });

  test("of 100 MB is refused before it is sent, by page and by program", async () => {
    const knock = (path: string, headers: Record<string, string>) =>
      new Promise<{ status: number; body: string }>((resolve, reject) => {
        const asking = request(system.url + path, {
          method: "POST",
          headers: { ...headers, "content-length": String(100 * 1024 * 1024) },
        });
        asking.on("error", reject).on("response", async (answer) => {
          let body = "";
          for await (const piece of answer) body += piece;
          resolve({ status: answer.statusCode ?? 0, body });
          asking.destroy();
        });
        asking.write("--x\r\n");
      });
    const form = { "content-type": "multipart/form-data; boundary=x" };
    const page = await knock(BASE, { ...form, cookie: `cunwu_session=${clerk.token}` });
    expect([page.status, page.body]).toEqual([413, expect.stringContaining("文件太大了")]);
    const key = await system.api("clerk", { village: "by-api" });
    expect(key).toBeDefined();
    const stranger = await knock(BASE, form);
    expect(stranger.status).toBe(303);
  });

  test("is answered, and so is whatever the browser asks for next on the same connection", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (method: string, headers: Record<string, string>, body: Buffer | null) =>
      new Promise<number>((resolve, reject) => {
        const cookie = `cunwu_session=${clerk.token}`;
        const asking = request(system.url + BASE, { method, agent, headers: { ...headers, cookie } });
        asking.on("error", reject).on("response", (answer) => {
          answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
        });
        asking.end(body ?? undefined);
      });
    const head = `--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n`;
    const file = Buffer.concat([Buffer.from(head), Buffer.alloc(MAX_FILE + 1024 * 1024, "a")]);
    expect(await ask("POST", { "content-type": "multipart/form-data; boundary=x" }, file)).toBe(413);
    expect(await ask("GET", {}, null)).toBe(200);
    agent.destroy();
  });

  test("whose upload breaks off half-way leaves nothing, and the same one is taken when it comes whole", async () => {
    const kept = async () =>
      (
        await system.ctx.pools.system.query(
          `select (select count(*)::int from roster_imports) as imports, (select count(*)::int from idempotency_keys) as keys,
                  (select count(*)::int from villagers where name like '断了%') as people`,
        )
      ).rows[0];
    const lines = Array.from({ length: 2000 }, (_, i) => `断${i},断了${i},${phoneOf(5000 + i)}`);
    const rows = ["户号,姓名,手机号", ...lines].join("\n");
    const breakOff = (path: string, headers: Record<string, string>, head: string) =>
      new Promise<void>((resolve) => {
        const asking = request(system.url + path, {
          method: "POST",
          headers: { ...headers, "content-length": "200000" },
        });
        asking.on("error", () => undefined).on("close", resolve);
        asking.write(head + rows.slice(0, rows.length / 2), () => asking.destroy());
      });
    const before = await kept();
    const once = crypto.randomUUID();
    const fields = { _csrf: csrfToken(TEST_KEY, clerk.token), _once: once, text: "" };
    const parts = Object.entries(fields).map(
      ([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const file = `--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n`;
    const form = { "content-type": "multipart/form-data; boundary=x", cookie: `cunwu_session=${clerk.token}` };
    await breakOff(BASE, form, parts.join("") + file);
    const key = await inWork(system.ctx.work, OPERATOR, async (work) => {
      const villageId = (await findVillage(work.tx, "by-api"))?.id ?? null;
      return await createApiKey(work, { role: "clerk", villageId, townshipId: null });
    });
    const program = { authorization: `Bearer ${key}`, "content-type": "text/csv", "idempotency-key": once };
    await breakOff("/api/v1/villages/by-api/roster", program, "");
    expect(await kept()).toEqual(before);
    const { html } = await follow(await upload(rows, "a.csv", "", once));
    expect(titleOf(html)).toBe("新添 2000 人");
    expect(await kept()).toEqual({ imports: before.imports + 1, keys: before.keys + 1, people: 0 });
  });

  test("that does not say how long it is ends where the limit is", async () => {
    const head = `--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n`;
    const piece = Buffer.alloc(1024 * 1024, "a");
    let sent = 0;
    const status = await new Promise<number>((resolve, reject) => {
      const headers = { "content-type": "multipart/form-data; boundary=x", cookie: `cunwu_session=${clerk.token}` };
      const asking = request(system.url + BASE, { method: "POST", headers });
      asking.on("error", reject).on("response", (answer) => {
        resolve(answer.statusCode ?? 0);
        answer.resume();
        asking.destroy();
      });
      asking.write(head);
      const more = () => {
        if (asking.destroyed || sent >= 60) return;
        sent++;
        asking.write(piece, () => setImmediate(more));
      };
      more();
    });
    expect(status).toBe(413);
  });
});

describe("a program's roster", () => {
  type Answer = { imported: number; updated: number; unchanged: number; rejected: { row: number; code: string }[] };
  const people = Array.from({ length: 5000 }, (_, i) => [`${i}`, `村民${i}`, `138${String(i).padStart(8, "0")}`]);

  test("with one bad row in 5,000 is taken but for that row", async () => {
    const rows = people.map((cells, i) => (i === 3210 ? [cells[0], cells[1], "1380000321"] : cells));
    const body = ["户号,姓名,手机号", ...rows.map((cells) => cells.join(","))].join("\n");
    const answer = await api.post<Answer>("/villages/by-api/roster", body, { "content-type": "text/csv" });
    expect(answer.body).toMatchObject({ imported: 4999, updated: 0, unchanged: 0 });
    expect(answer.body.rejected).toMatchObject([{ row: 3212, column: "phone", code: "phone_too_short" }]);
  });

  test("as XLSX, and as a form with a file, is read alike and changes nothing more", async () => {
    const file = writeXlsx(
      [["户号", "姓名", "手机号"], ...people.map(([door, name, phone]) => [door ?? "", name ?? "", Number(phone)])],
      "s",
    );
    const type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    const answer = await api.post<Answer>("/villages/by-api/roster", file, { "content-type": type });
    expect(answer.body).toEqual({ imported: 1, updated: 0, unchanged: 4999, rejected: [] });
    const boundary = `--x\r\ncontent-disposition: form-data; name="file"; filename="a.xlsx"\r\ncontent-type: ${type}\r\n\r\n`;
    const form = Buffer.concat([Buffer.from(boundary), file, Buffer.from("\r\n--x--\r\n")]);
    const again = await api.post<Answer>("/villages/by-api/roster", form, {
      "content-type": "multipart/form-data; boundary=x",
    });
    expect(again.body).toEqual({ imported: 0, updated: 0, unchanged: 5000, rejected: [] });
  });
});
