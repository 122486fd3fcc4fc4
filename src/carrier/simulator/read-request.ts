import { after, DAY } from "../../lib/clock.ts";
import { isE164 } from "../../lib/phone.ts";
import { ok, type Result, refuse } from "../../lib/result.ts";
import type { RefusalCode } from "./errors.ts";

export type TextRequest = {
  to: string;
  from: string | null;
  serviceSid: string | null;
  body: string;
  /** With its fragment, which says how to retry. */
  statusCallback: string | null;
};

const MAX_BODY = 1600;
const MAX_CALLBACK = 4000;
/** Seconds. */
const MAX_VALIDITY = 36_000;

/** Reads the form of `POST Messages.json`, refusing what Twilio refuses; fields we do not know are nobody's business. */
export function readTextRequest(form: Readonly<Record<string, string>>): Result<TextRequest, RefusalCode> {
  const { To, From, MessagingServiceSid, Body, StatusCallback, ValidityPeriod } = form;
  if (!To) return refuse(21604);
  if (!From && !MessagingServiceSid) return refuse(21603);
  if (!Body) return refuse(21602);
  if (Array.from(Body).length > MAX_BODY) return refuse(21617);
  if (!isE164(To)) return refuse(21211);
  if (From && !isSender(From)) return refuse(21212);
  if (From === To) return refuse(21266);
  if (StatusCallback && !isCallback(StatusCallback)) return refuse(21609);
  if (ValidityPeriod && !isValidity(ValidityPeriod)) return refuse(90007);
  return ok({
    to: To,
    from: From || null,
    serviceSid: MessagingServiceSid || null,
    body: storable(Body),
    statusCallback: StatusCallback || null,
  });
}

/** A number, a short code such as 10690000, or up to eleven letters and digits. */
const isSender = (from: string): boolean =>
  /^\+?\d{3,20}$/.test(from) || /^(?=.*[A-Za-z])[A-Za-z\d ]{1,11}$/.test(from);

function isCallback(url: string): boolean {
  if (url.length > MAX_CALLBACK || !URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return (protocol === "http:" || protocol === "https:") && !hostname.includes("_");
}

const isValidity = (seconds: string): boolean =>
  /^\d{1,5}$/.test(seconds) && Number(seconds) >= 1 && Number(seconds) <= MAX_VALIDITY;

/** PostgreSQL keeps no NUL and no half of a surrogate pair; everything else stays as strange as it came. */
export const storable = (text: string): string => text.toWellFormed().replaceAll("\0", "");

export type ListRequest = {
  to: string | null;
  from: string | null;
  sentSince: Date | null;
  sentUntil: Date | null;
  pageSize: number;
  page: number;
  /** Where the page begins: after this message of the page before, or before this one of the page behind. */
  token: { side: "after" | "before"; sid: string } | null;
};

const USUAL_PAGE = 50;
const MAX_PAGE = 1000;

/** `DateSent` is a day or a moment, UTC; `DateSent>` and `DateSent<` include it. Dates nobody can read filter nothing. */
export function readListRequest(query: Readonly<Record<string, string>>): ListRequest {
  const day = readDate(query.DateSent);
  const token = /^P([AB])(SM[0-9a-f]{32})$/.exec(query.PageToken ?? "");
  return {
    to: query.To || null,
    from: query.From || null,
    sentSince: day ?? readDate(query["DateSent>"]),
    sentUntil: day ? after(day, DAY - 1) : readDate(query["DateSent<"]),
    pageSize: Math.min(Math.max(readInteger(query.PageSize, USUAL_PAGE), 1), MAX_PAGE),
    page: readInteger(query.Page, 0),
    token: token?.[2] ? { side: token[1] === "A" ? "after" : "before", sid: token[2] } : null,
  };
}

const readDate = (text: string | undefined): Date | null => {
  const at = new Date(text ?? "");
  return Number.isNaN(at.getTime()) ? null : at;
};

const readInteger = (text: string | undefined, fallback: number): number =>
  /^\d{1,6}$/.test(text ?? "") ? Number(text) : fallback;
