import { newId } from "../../lib/ids.ts";
import { sayFailure } from "./errors.ts";
import type { SimulatedStatus } from "./life.ts";
import type { ListRequest } from "./read-request.ts";

/** One text as the simulator keeps it, either way. */
export type SimulatedMessage = {
  sid: string;
  accountSid: string;
  direction: "outbound-api" | "inbound";
  sender: string;
  recipient: string;
  serviceSid: string | null;
  body: string;
  segments: number;
  status: SimulatedStatus;
  errorCode: number | null;
  createdAt: Date;
  updatedAt: Date;
  sentAt: Date | null;
};

export const API_VERSION = "2010-04-01";

/** `SM` and 32 hexadecimal digits, like Twilio's, but born in order: the list is sorted by it. */
export const newSid = (): string => `SM${newId().replaceAll("-", "")}`;

/** The Message resource of the 2010-04-01 API, every field of it. */
export function writeMessage(message: SimulatedMessage): Record<string, unknown> {
  const uri = `/${API_VERSION}/Accounts/${message.accountSid}/Messages/${message.sid}`;
  // While a service has not chosen a sender, there is none, and nobody knows how it will be cut.
  const undecided = message.status === "accepted";
  return {
    sid: message.sid,
    account_sid: message.accountSid,
    messaging_service_sid: message.serviceSid,
    from: undecided ? null : message.sender,
    to: message.recipient,
    body: message.body,
    status: message.status,
    direction: message.direction,
    num_segments: undecided ? "0" : String(message.segments),
    num_media: "0",
    price: null,
    price_unit: "USD",
    error_code: message.errorCode,
    error_message: message.errorCode === null ? null : sayFailure(message.errorCode),
    date_created: writeDate(message.createdAt),
    date_updated: writeDate(message.updatedAt),
    date_sent: message.sentAt && writeDate(message.sentAt),
    api_version: API_VERSION,
    uri: `${uri}.json`,
    subresource_uris: { media: `${uri}/Media.json` },
  };
}

/** RFC 2822, whole seconds: `Fri, 09 Oct 2026 01:00:00 +0000`. */
const writeDate = (at: Date): string => at.toUTCString().replace("GMT", "+0000");

export type MessagePage = { messages: SimulatedMessage[]; hasNext: boolean };

/** A page of the list. Its links are relative, without the host and whatever stands before `/2010-04-01`. */
export function writePage(
  accountSid: string,
  query: Readonly<Record<string, string>>,
  request: ListRequest,
  found: MessagePage,
): Record<string, unknown> {
  const path = `/${API_VERSION}/Accounts/${accountSid}/Messages.json`;
  const { Page: _page, PageToken: _token, PageSize: _size, ...filters } = query;
  const link = (page: number, token?: string) =>
    `${path}?${new URLSearchParams({ ...filters, PageSize: String(request.pageSize), Page: String(page), ...(token ? { PageToken: token } : {}) })}`;
  const [first, last] = [found.messages[0], found.messages.at(-1)];
  const start = request.page * request.pageSize;
  return {
    first_page_uri: link(0),
    uri: link(request.page, query.PageToken),
    next_page_uri: found.hasNext && last ? link(request.page + 1, `PA${last.sid}`) : null,
    previous_page_uri: request.page > 0 && first ? link(request.page - 1, `PB${first.sid}`) : null,
    page: request.page,
    page_size: request.pageSize,
    start,
    end: Math.max(start + found.messages.length - 1, start),
    messages: found.messages.map(writeMessage),
  };
}
