import { expect, test } from "vitest";
import { createLog } from "../../src/log.ts";
import { givenVillage, phoneOf } from "../support/given.ts";
import { startSystem } from "../support/system.ts";

test("no log line holds a phone number or a text, at any level, in success and in failure", async () => {
  const lines: string[] = [];
  let troubled = true;
  const system = await startSystem({
    log: createLog("trace", { write: (line) => void lines.push(line) }),
    wrapCarrier: (carrier) => ({
      ...carrier,
      // An accident that carries what it was about, as libraries' errors do.
      send: async (requests) => {
        if (!troubled) return await carrier.send(requests);
        troubled = false;
        throw Object.assign(new Error(`cannot reach ${requests[0]?.to}`), { request: requests[0] });
      },
    }),
  });
  await givenVillage(system.ctx, { code: "guojia", households: 3 });
  const clerk = await system.api("clerk", { village: "guojia" });
  const secretary = await system.api("secretary", { village: "guojia" });
  const { body } = await clerk.post("/villages/guojia/broadcasts", { column: "村务公开", body: "机密通知内容" });
  await secretary.post(`/broadcasts/${body.id}/approval`);
  // A list with a good row and a bad one, a notice that the lint refuses.
  const list = `户号,姓名,手机号\n9,不可告人,${phoneOf(4)}\n10,错号的人,1391234\n`;
  await clerk.post("/villages/guojia/roster", list, { "content-type": "text/csv" });
  await clerk.post("/villages/guojia/broadcasts", { column: "村务公开", body: `有事打${phoneOf(4).slice(3)}` });
  await system.text(phoneOf(1), "俺家的私事不能给外人看");
  await system.text("+8613912345678", "陌生人的话");
  await system.settle();
  await fetch(`${system.url}/hooks/twilio/inbound`, {
    method: "POST",
    body: new URLSearchParams({ From: phoneOf(2), Body: "伪造的话" }),
  });
  await fetch(`${system.url}/sign-in`, {
    method: "POST",
    body: new URLSearchParams({ login: "someone", password: "my-secret-password" }),
  });
  // A statement that fails inside a request: PostgreSQL's own errors quote the row they are about.
  system.ctx.log.error(
    {
      err: Object.assign(new Error(`duplicate key (${phoneOf(1)})`), {
        detail: `Key (phone)=(${phoneOf(1)})`,
        parameters: ["俺家的私事不能给外人看"],
      }),
    },
    "a failed statement",
  );
  await system.stop();

  expect(lines.length).toBeGreaterThan(3);
  const all = lines.join("");
  for (const secret of [
    "机密通知内容",
    "不可告人",
    "错号的人",
    "俺家的私事",
    "陌生人的话",
    "伪造的话",
    "my-secret-password",
  ])
    expect(all).not.toContain(secret);
  for (const number of [phoneOf(1), phoneOf(2), phoneOf(3), phoneOf(4), "+8613912345678"]) {
    for (const spelling of [number, number.slice(1), number.slice(3), encodeURIComponent(number)])
      expect(all).not.toContain(spelling);
  }
});
