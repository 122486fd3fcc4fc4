import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { SendOutcome } from "../../src/carrier/port.ts";
import { CARRIER_CODES, lookUpCode } from "../../src/carrier/refusals.ts";
import { createTwilioCarrier } from "../../src/carrier/twilio-carrier.ts";
import {
  isSigned,
  keepFields,
  readForm,
  readInbound,
  readReport,
  readStatus,
} from "../../src/carrier/twilio-webhooks.ts";
import { signForm } from "../support/twilio.ts";

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

const ACCOUNT = { accountSid: `AC${"1".repeat(32)}`, authToken: "secret" };
const REQUEST = {
  reference: "01920000-0000-7000-8000-000000000000.1",
  notAfter: Number.POSITIVE_INFINITY,
  sender: "+8610690000",
  to: "+8613800000001" as never,
  body: "【村】好 & 坏",
};

async function carrierOf(listener: RequestListener) {
  const listening = createServer(listener);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return carrierAt((listening.address() as AddressInfo).port);
}
const carrierAt = (port: number) =>
  createTwilioCarrier({
    ...ACCOUNT,
    name: "twilio",
    baseUrl: `http://127.0.0.1:${port}/base`,
    connections: 2,
    statusCallback: "https://gw.example/hooks/twilio/status",
  });
const answer =
  (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
  (request, response) => {
    request.resume();
    request.on("end", () => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(body);
    });
  };
async function outcomeOf(listener: RequestListener): Promise<SendOutcome | undefined> {
  const carrier = await carrierOf(listener);
  const [outcome] = await carrier.send([REQUEST]);
  await carrier.close().catch(() => undefined);
  return outcome;
}

describe("one call has one of four answers", () => {
  test.each<[string, RequestListener, SendOutcome]>([
    ["201 with an id", answer(201, '{"sid":"SM1"}'), { kind: "accepted", carrierMessageId: "SM1" }],
    [
      "429",
      answer(429, '{"code":20429}', { "retry-after": "3" }),
      { kind: "not_taken", code: "20429", retryAfterMs: 3000 },
    ],
    [
      "429 of some proxy, with a date that has passed",
      answer(429, "<html>", { "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }),
      { kind: "not_taken", code: "20429", retryAfterMs: 0 },
    ],
    [
      "429 with a code of something else",
      answer(429, '{"code":99999}', { "retry-after": "soon" }),
      { kind: "not_taken", code: "20429", retryAfterMs: null },
    ],
    ["a queue that is full", answer(400, '{"code":21611}'), { kind: "not_taken", code: "21611", retryAfterMs: null }],
    ["a bad number", answer(400, '{"code":21211}'), { kind: "refused", code: "21211" }],
    ["a code nobody knows", answer(400, '{"code":99999}'), { kind: "refused", code: "99999" }],
    ["a page of some proxy", answer(404, "<html>"), { kind: "refused", code: "http_404" }],
    ["a server error with a code", answer(500, '{"code":20500}'), { kind: "unknown", code: "20500" }],
    ["a server error with HTML", answer(503, "<html>"), { kind: "unknown", code: "http_503" }],
    ["201 that cannot be read", answer(201, '{"sid":'), { kind: "unknown", code: "unreadable_answer" }],
    ["a time-out of its own", answer(408, ""), { kind: "unknown", code: "http_408" }],
    [
      "a connection that breaks after the request",
      (request) => request.socket.destroy(),
      { kind: "unknown", code: "UND_ERR_SOCKET" },
    ],
  ])("%s", async (_, listener, outcome) => expect(await outcomeOf(listener)).toEqual(outcome));

  test("an answer cut off in the middle is unknown", async () => {
    const outcome = await outcomeOf((_request, response) => {
      response.writeHead(201, { "content-length": "1000" });
      response.write('{"sid":"SM1"');
      setTimeout(() => response.destroy(), 20);
    });
    expect(outcome?.kind).toBe("unknown");
  });

  test("too long in the queue for a connection: not sent any more", async () => {
    let seen = 0;
    const carrier = await carrierOf((request, response) => {
      seen++;
      request.resume();
      setTimeout(() => response.writeHead(201).end('{"sid":"SM1"}'), 200);
    });
    const requests = [REQUEST, REQUEST, { ...REQUEST, notAfter: performance.now() + 100 }];
    const outcomes = await Promise.all(requests.map(async (request) => (await carrier.send([request]))[0]));
    await carrier.close();
    const taken = { kind: "accepted", carrierMessageId: "SM1" };
    expect(outcomes).toEqual([taken, taken, { kind: "not_taken", code: "overslept", retryAfterMs: null }]);
    expect(seen).toBe(2);
  });

  test("nobody there: surely not taken", async () => {
    const [outcome] = await carrierAt(1).send([REQUEST]);
    expect(outcome).toEqual({ kind: "not_taken", code: "ECONNREFUSED", retryAfterMs: null });
  });
});

test("the form holds what Twilio wants, and our attempt in the callback's address", async () => {
  let seen: URLSearchParams | null = null;
  let path = "";
  const outcome = await outcomeOf((request, response) => {
    path = `${request.headers.authorization} ${request.url}`;
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      seen = new URLSearchParams(body);
      answer(201, '{"sid":"SM1"}')(request, response);
      response.writeHead(201).end('{"sid":"SM1"}');
    });
  });
  expect(outcome?.kind).toBe("accepted");
  expect(path).toBe(
    `Basic ${Buffer.from(`${ACCOUNT.accountSid}:secret`).toString("base64")} /base/2010-04-01/Accounts/${ACCOUNT.accountSid}/Messages.json`,
  );
  expect(Object.fromEntries(seen as unknown as URLSearchParams)).toEqual({
    To: "+8613800000001",
    From: "+8610690000",
    Body: "【村】好 & 坏",
    ValidityPeriod: "14400",
    StatusCallback: `https://gw.example/hooks/twilio/status?a=${REQUEST.reference}#rc=5&rp=all`,
  });
});

describe("a webhook's signature", () => {
  test("is Twilio's published vector, and nothing near it", () => {
    const url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    const form = {
      CallSid: "CA1234567890ABCDE",
      Caller: "+12349013030",
      Digits: "1234",
      From: "+12349013030",
      To: "+18005551212",
    };
    expect(isSigned(["12345"], "0/KCTR6DLpKmkAf8muzZqo1nDgQ=", url, form)).toBe(true);
    const { headers } = signForm("12345", url, form);
    expect(isSigned(["12345"], headers["x-twilio-signature"], url, form)).toBe(true);
    expect(isSigned(["old", "12345"], headers["x-twilio-signature"], url, form)).toBe(true);
    expect(isSigned(["other"], headers["x-twilio-signature"], url, form)).toBe(false);
    expect(isSigned(["12345"], headers["x-twilio-signature"], url, { ...form, Digits: "1235" })).toBe(false);
    expect(isSigned([""], headers["x-twilio-signature"], url, form)).toBe(false);
    expect(isSigned(["12345"], undefined, url, form)).toBe(false);
    expect(isSigned(["12345"], "x", "not a url", form)).toBe(false);
  });
  test("counts repeated fields and fields with names of Object's own", () => {
    const fields = readForm("a=1&a=2&constructor=x&__proto__=y&toString=z");
    expect(Object.keys(fields).sort()).toEqual(["__proto__", "a", "constructor", "toString"]);
    expect(fields.a).toEqual(["1", "2"]);
  });
});

describe("what a webhook says", () => {
  test("of a text that came", () => {
    expect(readInbound(readForm("MessageSid=SM1&From=%2B8613800000001&To=%2B8610690000&Body=%E5%A5%BD"))).toEqual({
      carrierMessageId: "SM1",
      from: "+8613800000001",
      to: "+8610690000",
      body: "好",
    });
    expect(readInbound(readForm("From=x"))).toBeNull();
  });
  test("of a text that went", () => {
    expect(readReport(readForm("MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30003"))).toEqual({
      carrierMessageId: "SM1",
      word: "undelivered",
      status: "undelivered",
      code: "30003",
    });
    expect(readReport(readForm("MessageSid=SM1"))).toBeNull();
    expect(readStatus("partially_delivered")).toBeNull();
  });
  test("is kept without numbers and texts", () => {
    expect(keepFields(readForm("MessageSid=SM1&To=%2B86138&From=x&Body=y&ToCity=z&RawDlrDoneDate=2610090100"))).toEqual(
      {
        MessageSid: "SM1",
        RawDlrDoneDate: "2610090100",
      },
    );
  });
});

test("every code has a sentence for staff, and one nobody knows has a class of its own", () => {
  for (const [code, row] of Object.entries(CARRIER_CODES))
    expect([code, /^[\u4e00-\u9fff]/.test(row.sentence)]).toEqual([code, true]);
  expect(lookUpCode("54321")).toEqual({ onePhone: false, action: "fail", sentence: "运营商没有发出（代码 54321）" });
});
