import { createRequire } from "node:module";
import { localTime } from "../../lib/china-time.ts";
import { sayFailure } from "./errors.ts";
import { API_VERSION } from "./resource.ts";
import type { DueWebhook } from "./webhooks.queries.ts";

/** Only the webhook file of the package is loaded: the REST tree beside it would cost 30 MB. */
const { getExpectedTwilioSignature } = createRequire(import.meta.url)("twilio/lib/webhooks/webhooks") as {
  getExpectedTwilioSignature(token: string, url: string, fields: Record<string, string>): string;
};

export type WebhookRequest = { url: string; headers: Record<string, string>; body: string };

/** The request Twilio makes: a form, signed over the address it goes to and every field. */
export function writeWebhook(webhook: DueWebhook, target: string, secret: string, now: Date): WebhookRequest {
  const fields = webhook.status === "received" ? inboundFields(webhook) : reportFields(webhook, now);
  return {
    url: target,
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      "user-agent": "TwilioProxy/1.1",
      "x-twilio-signature": getExpectedTwilioSignature(secret, target, fields),
      "i-twilio-idempotency-token": webhook.id,
    },
    body: new URLSearchParams(fields).toString(),
  };
}

function reportFields(webhook: DueWebhook, now: Date): Record<string, string> {
  return {
    ...commonFields(webhook),
    MessageStatus: webhook.status,
    SmsStatus: webhook.status,
    ...(webhook.serviceSid ? { MessagingServiceSid: webhook.serviceSid } : {}),
    ...(webhook.errorCode ? { ErrorCode: String(webhook.errorCode), ErrorMessage: sayFailure(webhook.errorCode) } : {}),
    ...(["delivered", "undelivered"].includes(webhook.status) ? { RawDlrDoneDate: writeDlrDate(now) } : {}),
  };
}

function inboundFields(webhook: DueWebhook): Record<string, string> {
  return {
    ...commonFields(webhook),
    SmsMessageSid: webhook.sid,
    SmsStatus: webhook.status,
    Body: webhook.body,
    NumMedia: "0",
    NumSegments: String(webhook.segments),
  };
}

const commonFields = ({ sid, accountSid, sender, recipient }: DueWebhook): Record<string, string> => ({
  MessageSid: sid,
  SmsSid: sid,
  AccountSid: accountSid,
  From: sender,
  To: recipient,
  ApiVersion: API_VERSION,
});

/** YYMMDDhhmm on the clock of the phone's network. */
function writeDlrDate(at: Date): string {
  const t = localTime(at);
  return [t.year % 100, t.month, t.day, t.hour, t.minute].map((part) => String(part).padStart(2, "0")).join("");
}

/** How a webhook can fail: the answer's class, the connection, or the reading. */
export type WebhookFailure = "4xx" | "5xx" | "ct" | "rt";

export type Overrides = { target: string; retries: number; retriesOn(failure: WebhookFailure): boolean };

/**
 * Splits a callback's address from its fragment, `#rc=5&rp=all`: how often a failed webhook is repeated (0 to 5) and
 * after what. The fragment is neither sent nor signed. Twilio's defaults: once, when the connection failed.
 */
export function readOverrides(url: string): Overrides {
  const target = new URL(url);
  const settings = new URLSearchParams(target.hash.slice(1));
  target.hash = "";
  const retries = Number(settings.get("rc") ?? 1);
  const policy = (settings.get("rp") ?? "ct").split(",");
  return {
    target: target.href,
    retries: Number.isInteger(retries) ? Math.min(Math.max(retries, 0), 5) : 1,
    retriesOn: (failure) => policy.includes("all") || policy.includes(failure),
  };
}
