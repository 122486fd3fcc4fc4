import { expect, test } from "vitest";
import { planLife } from "../../src/carrier/simulator/life.ts";
import { behaviourOf, isOwned, MAGIC } from "../../src/carrier/simulator/magic.ts";
import { readListRequest, readTextRequest, storable } from "../../src/carrier/simulator/read-request.ts";
import { newSid } from "../../src/carrier/simulator/resource.ts";
import { readOverrides } from "../../src/carrier/simulator/webhook.ts";

const NOON = new Date("2026-10-09T04:00:00Z");

test("an ordinary text is sent within a second and delivered within three more", () => {
  const { life } = behaviourOf("+8613800000003");
  const plan = (random: number) =>
    planLife(life, { pace: "lifelike", from: NOON, service: false, random: () => random });
  const after = (random: number) => plan(random).steps.map((step) => step.at.getTime() - NOON.getTime());
  expect(plan(0).steps.map((step) => step.status)).toEqual(["sent", "delivered"]);
  expect(after(0)).toEqual([300, 1100]);
  expect(after(1)).toEqual([1000, 4000]);
  expect(plan(1).reachedAt).toEqual(plan(1).steps[1]?.at);
});

test("through a messaging service the text is queued first", () => {
  const { steps } = planLife(behaviourOf("+8613800000003").life, { pace: "fast", from: NOON, service: true });
  expect(steps.map((step) => step.status)).toEqual(["queued", "sent", "delivered"]);
});

test("a phone shows what arrives, and nothing that does not", () => {
  const reached = (number: string) =>
    planLife(behaviourOf(number).life, { pace: "fast", from: NOON, service: false }).reachedAt;
  expect(reached("+8619900009014")).not.toBeNull();
  expect(reached("+8619900009015")).toBeNull();
  expect(reached("+8619900009018")).toBeNull();
});

test("every magic number has a sentence for the page, and is our own or Twilio's", () => {
  for (const [number, { label }] of Object.entries(MAGIC)) {
    expect(label).toMatch(/[\u4e00-\u9fff]/);
    expect(isOwned(number) || number.startsWith("+1500555")).toBe(true);
  }
  expect(isOwned("+8619900000000")).toBe(true);
  expect(isOwned("+8613800000000")).toBe(false);
});

const GOOD = { To: "+8613800000003", From: "+8610690000", Body: "开会" };
test.each([
  [{ To: "" }, 21604],
  [{ From: "" }, 21603],
  [{ Body: "" }, 21602],
  [{ Body: "长".repeat(1601) }, 21617],
  [{ To: "13800000003" }, 21211],
  [{ To: "+86" }, 21211],
  [{ From: "no such sender" }, 21212],
  [{ From: "+8613800000003" }, 21266],
  [{ StatusCallback: "nowhere" }, 21609],
  [{ StatusCallback: "ftp://gateway/hook" }, 21609],
  [{ StatusCallback: "http://my_gateway/hook" }, 21609],
  [{ StatusCallback: `http://gateway/${"a".repeat(4000)}` }, 21609],
  [{ ValidityPeriod: "0" }, 90007],
  [{ ValidityPeriod: "36001" }, 90007],
  [{ ValidityPeriod: "soon" }, 90007],
])("a request with %j is refused with %i", (change, code) => {
  expect(readTextRequest({ ...GOOD, ...change })).toEqual({ ok: false, refusal: code });
});

test.each<Record<string, string>>([
  {},
  { Body: "长".repeat(1600) },
  { From: "", MessagingServiceSid: `MG${"0".repeat(32)}` },
  { From: "CUNWU" },
  { ValidityPeriod: "36000", SmartEncoded: "true", SomethingNew: "1" },
  { StatusCallback: "http://127.0.0.1:3000/hooks/twilio/status?a=1#rc=5&rp=all" },
])("a request with %j is taken", (change) => {
  expect(readTextRequest({ ...GOOD, ...change }).ok).toBe(true);
});

test("what PostgreSQL can't keep is left out, everything else stays", () => {
  expect(storable("a\0b\ud800c\u202e\u{20BB7}")).toBe("ab\ufffdc\u202e\u{20BB7}");
});

test("a list is asked for in Twilio's words", () => {
  expect(readListRequest({})).toEqual({
    to: null,
    from: null,
    sentSince: null,
    sentUntil: null,
    pageSize: 50,
    page: 0,
    token: null,
  });
  const sid = newSid();
  expect(readListRequest({ PageSize: "5000", Page: "2", PageToken: `PA${sid}`, DateSent: "2026-10-09" })).toMatchObject(
    {
      pageSize: 1000,
      page: 2,
      token: { side: "after", sid },
      sentSince: new Date("2026-10-09T00:00:00Z"),
      sentUntil: new Date("2026-10-09T23:59:59.999Z"),
    },
  );
  expect(readListRequest({ PageSize: "0", "DateSent>": "2026-10-09T01:00:00Z", "DateSent<": "never" })).toMatchObject({
    pageSize: 1,
    sentSince: new Date("2026-10-09T01:00:00Z"),
    sentUntil: null,
  });
});

test("sids are Twilio's shape and sort by birth", () => {
  const sids = Array.from({ length: 1000 }, newSid);
  expect(sids.every((sid) => /^SM[0-9a-f]{32}$/.test(sid))).toBe(true);
  expect([...sids].sort()).toEqual(sids);
});

test("the fragment of a callback's address says how to retry and is not called", () => {
  const plain = readOverrides("http://gateway/hook?a=1");
  expect(plain).toMatchObject({ target: "http://gateway/hook?a=1", retries: 1 });
  expect([plain.retriesOn("ct"), plain.retriesOn("5xx")]).toEqual([true, false]);
  const always = readOverrides("http://gateway/hook?a=1#rc=5&rp=all");
  expect(always).toMatchObject({ target: "http://gateway/hook?a=1", retries: 5 });
  expect(always.retriesOn("4xx")).toBe(true);
  expect(readOverrides("http://gateway/#rc=99&rp=5xx,rt").retries).toBe(5);
  expect(readOverrides("http://gateway/#rc=99&rp=5xx,rt").retriesOn("rt")).toBe(true);
});
