import { createRequire } from "node:module";
import { cleanText } from "../lib/text.ts";
import type { CarrierStatus } from "./port.ts";

/**
 * What Twilio posts to us. The signature is checked with the `twilio` package over every field that came: fields are
 * added without notice, and one left out makes a true signature false. Only its webhook file is loaded; the REST tree
 * beside it would cost 30 MB.
 */
type ValidateRequest = (
  token: string,
  signature: string,
  url: string,
  fields: Record<string, string | string[]>,
) => boolean;
const { validateRequest } = createRequire(import.meta.url)("twilio/lib/webhooks/webhooks") as {
  validateRequest: ValidateRequest;
};

export type WebhookFields = Record<string, string | string[]>;

/** Reads a form as it came. Repeated keys are kept: they are part of what is signed. */
export function readForm(raw: string): WebhookFields {
  // No prototype: a field named `constructor` or `__proto__` is a field.
  const fields: WebhookFields = Object.create(null) as WebhookFields;
  for (const [key, value] of new URLSearchParams(raw)) {
    const known = fields[key];
    fields[key] = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value];
  }
  return fields;
}

/** `url` is built from PUBLIC_BASE_URL and the raw request path, never from headers that anybody can write. */
export function isSigned(
  secrets: readonly string[],
  signature: string | undefined,
  url: string,
  fields: WebhookFields,
): boolean {
  if (!signature || !URL.canParse(url)) return false;
  return secrets.some((secret) => secret !== "" && validateRequest(secret, signature, url, fields));
}

export type InboundFields = { carrierMessageId: string; from: string; to: string; body: string };

export function readInbound(fields: WebhookFields): InboundFields | null {
  const carrierMessageId = one(fields, "MessageSid") ?? one(fields, "SmsMessageSid") ?? one(fields, "SmsSid");
  if (!carrierMessageId) return null;
  return {
    carrierMessageId: carrierMessageId.slice(0, 100),
    from: one(fields, "From") ?? "",
    to: one(fields, "To") ?? "",
    body: one(fields, "Body") ?? "",
  };
}

export type ReportFields = {
  carrierMessageId: string;
  word: string;
  status: CarrierStatus | null;
  code: string | null;
};

export function readReport(fields: WebhookFields): ReportFields | null {
  const carrierMessageId = one(fields, "MessageSid") ?? one(fields, "SmsSid");
  const word = one(fields, "MessageStatus") ?? one(fields, "SmsStatus");
  if (!carrierMessageId || !word) return null;
  const code = one(fields, "ErrorCode");
  return {
    carrierMessageId: carrierMessageId.slice(0, 100),
    word: word.slice(0, 40),
    status: readStatus(word),
    code: code ? code.slice(0, 40) : null,
  };
}

/** Twilio's word in ours; null for a word that says nothing of an SMS going out. */
export function readStatus(word: string): CarrierStatus | null {
  switch (word) {
    case "accepted":
    case "scheduled":
    case "queued":
    case "sending":
      return "accepted";
    case "sent":
      return "sent";
    case "delivered":
    case "read":
      return "delivered";
    case "undelivered":
      return "undelivered";
    case "failed":
    case "canceled":
      return "failed";
    default:
      return null;
  }
}

/** What is kept of a report beside its parts: every field, cleaned, without the numbers and the text. */
export function keepFields(fields: WebhookFields): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (/^(To|From|Body)/.test(key)) continue;
    kept[cleanText(key).slice(0, 60)] = cleanText(String(value)).slice(0, 500);
  }
  return kept;
}

const one = (fields: WebhookFields, name: string): string | undefined => {
  const value = fields[name];
  return Array.isArray(value) ? value[0] : value;
};
