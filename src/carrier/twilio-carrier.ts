import type { PhoneNumber } from "../lib/phone.ts";
import type { Carrier, Listed, ListedInbound, SendOutcome, SendRequest } from "./port.ts";
import { isTooFast, lookUpCode } from "./refusals.ts";
import { createTwilioClient, type Exchange, type TwilioAccount, type TwilioClient } from "./twilio-client.ts";
import { readStatus } from "./twilio-webhooks.ts";

export type TwilioSettings = TwilioAccount & {
  name: string;
  connections: number;
  /** Where reports go; the attempt's name is added as `a`. */
  statusCallback: string;
};

/**
 * The fragment asks Twilio to repeat a webhook that fails, five times, on any failure: by default only a failed
 * connection is repeated, once. It is not part of what is signed (reference/carriers.md 2).
 */
const RETRY_ALWAYS = "#rc=5&rp=all";

/** Four hours: a notice that waited longer in a queue is stale, and a pause must not be undone by the carrier's own. */
const VALIDITY_SECONDS = "14400";

export function createTwilioCarrier(settings: TwilioSettings): Carrier {
  const client = createTwilioClient(settings, settings.connections);
  return {
    name: settings.name,
    batch: 1,
    send: (requests) =>
      Promise.all(
        requests.map(async (request) =>
          readSendAnswer(await client.post(writeForm(request, settings.statusCallback), request.notAfter)),
        ),
      ),
    findSent: (to, from, until) => findSent(client, to, from, until),
    newestSent: () => newestSent(client),
    findReceived: (since) => findReceived(client, since),
    close: () => client.close(),
  };
}

/** Of a broadcast's texts all have the same body: encoded once, it is two thirds of a form. */
let lastBody = { body: "", encoded: "" };
function encodeBody(body: string): string {
  if (body !== lastBody.body) lastBody = { body, encoded: encodeURIComponent(body) };
  return lastBody.encoded;
}

function writeForm(request: SendRequest, statusCallback: string): string {
  const sender = request.sender.startsWith("MG") ? "MessagingServiceSid" : "From";
  return (
    `To=${encodeURIComponent(request.to)}&${sender}=${encodeURIComponent(request.sender)}` +
    `&Body=${encodeBody(request.body)}&ValidityPeriod=${VALIDITY_SECONDS}` +
    `&StatusCallback=${encodeURIComponent(`${statusCallback}?a=${request.reference}${RETRY_ALWAYS}`)}`
  );
}

/** Four answers out of everything a network can do. When in doubt it is `unknown`: a second text is worse. */
export function readSendAnswer(exchange: Exchange): SendOutcome {
  switch (exchange.kind) {
    case "never_connected":
      return { kind: "not_taken", code: exchange.code, retryAfterMs: null };
    case "broken":
      return { kind: "unknown", code: exchange.code };
    case "answered":
      return readAnswer(exchange.status, exchange.body, exchange.retryAfter);
  }
}

function readAnswer(status: number, body: string, retryAfter: string | null): SendOutcome {
  const answer = parse(body) as { sid?: unknown; code?: unknown } | null;
  if (status >= 200 && status < 300) {
    return typeof answer?.sid === "string" && answer.sid !== ""
      ? { kind: "accepted", carrierMessageId: answer.sid }
      : { kind: "unknown", code: "unreadable_answer" };
  }
  const code = typeof answer?.code === "number" ? String(answer.code) : null;
  if (status === 429) {
    const known = isTooFast(code) && code ? code : "20429";
    return { kind: "not_taken", code: known, retryAfterMs: readRetryAfter(retryAfter) };
  }
  // 408 and 425 speak of a request that may still be worked on; 1xx and 3xx are not answers to a POST.
  if (status >= 500 || status < 400 || status === 408 || status === 425) {
    return { kind: "unknown", code: code ?? `http_${status}` };
  }
  if (code === null) return { kind: "refused", code: `http_${status}` };
  switch (lookUpCode(code).action) {
    case "later":
    case "too_fast":
      return { kind: "not_taken", code, retryAfterMs: readRetryAfter(retryAfter) };
    case "unclear":
      return { kind: "unknown", code };
    default:
      return { kind: "refused", code };
  }
}

/** Seconds, or a date (RFC 9110 10.2.3). */
const readRetryAfter = (header: string | null): number | null => {
  if (header === null || header.trim() === "") return null;
  const ms = /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
};

type Page = { messages?: Record<string, unknown>[]; next_page_uri?: string | null };

/** Follows the list, newest first, until it is older than asked for. */
async function* walk(client: TwilioClient, query: string, oldest: Date): AsyncGenerator<Record<string, unknown>> {
  let path: string | null = `${client.messages}.json?${query}`;
  const prefix = client.messages.slice(0, client.messages.indexOf("/2010-04-01"));
  while (path !== null) {
    const exchange = await client.get(path);
    if (exchange.kind !== "answered" || exchange.status !== 200) {
      throw new Error(
        `the carrier's list does not answer: ${exchange.kind === "answered" ? exchange.status : exchange.code}`,
      );
    }
    const page = parse(exchange.body) as Page | null;
    for (const message of page?.messages ?? []) {
      if (createdAt(message) < oldest) return;
      yield message;
    }
    path = page?.next_page_uri ? prefix + page.next_page_uri : null;
  }
}

async function findSent(client: TwilioClient, to: PhoneNumber, from: Date, until: Date): Promise<Listed[]> {
  const found: Listed[] = [];
  for await (const message of walk(client, `To=${encodeURIComponent(to)}&PageSize=100`, from)) {
    if (!isOutbound(message) || createdAt(message) > until) continue;
    found.push({
      carrierMessageId: String(message.sid),
      body: String(message.body),
      createdAt: createdAt(message),
      status: readStatus(String(message.status)) ?? "accepted",
      code: message.error_code == null ? null : String(message.error_code),
    });
  }
  return found;
}

async function newestSent(client: TwilioClient): Promise<Date | null> {
  for await (const message of walk(client, "PageSize=50", new Date(0))) {
    if (isOutbound(message)) return createdAt(message);
  }
  return null;
}

async function findReceived(client: TwilioClient, since: Date): Promise<ListedInbound[]> {
  const found: ListedInbound[] = [];
  for await (const message of walk(client, "PageSize=200", since)) {
    if (message.direction !== "inbound") continue;
    found.push({
      carrierMessageId: String(message.sid),
      from: String(message.from),
      to: String(message.to),
      body: String(message.body),
      createdAt: createdAt(message),
    });
  }
  return found;
}

const isOutbound = (message: Record<string, unknown>) => String(message.direction).startsWith("outbound");
const createdAt = (message: Record<string, unknown>) => new Date(String(message.date_created));

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
