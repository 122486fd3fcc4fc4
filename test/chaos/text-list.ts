import { ACCOUNT } from "../support/account.ts";

export type Text = { sid: string; to: string; body: string; callback: string; at: number; status: string };

const RANKS = ["queued", "sent", "undelivered", "delivered"];
const PATH = `/2010-04-01/Accounts/${ACCOUNT.sid}/Messages.json`;

/** What the carrier has taken, and how Twilio lists it: newest first, in pages, all of the account or to one phone. */
export class TextList {
  readonly #all: Text[] = [];
  readonly #to = new Map<string, Text[]>();

  /** `at`: milliseconds since 1970 with fractions, the moment at which the request arrived. */
  take(form: URLSearchParams, at: number): Text {
    const text = {
      sid: `SM${(this.#all.length + 1).toString(16).padStart(32, "0")}`,
      to: form.get("To") ?? "",
      body: form.get("Body") ?? "",
      callback: form.get("StatusCallback") ?? "",
      at,
      status: "queued",
    };
    this.#all.push(text);
    this.#to.set(text.to, [...(this.#to.get(text.to) ?? []), text]);
    return text;
  }

  note(text: Text, status: string): void {
    if (RANKS.indexOf(status) > RANKS.indexOf(text.status)) text.status = status;
  }

  since = (index: number): readonly Text[] => this.#all.slice(index);

  /** A token names the last text of the page before, so texts that come meanwhile shift nothing. */
  page(url: URL): unknown {
    const to = url.searchParams.get("To");
    const size = Number(url.searchParams.get("PageSize") ?? 50);
    const listed = to === null ? this.#all : (this.#to.get(to) ?? []);
    const end = Number(url.searchParams.get("PageToken") ?? listed.length);
    const start = Math.max(0, end - size);
    const next = new URLSearchParams({
      ...(to === null ? {} : { To: to }),
      PageSize: `${size}`,
      PageToken: `${start}`,
    });
    return {
      messages: listed.slice(start, end).reverse().map(this.write),
      next_page_uri: start > 0 ? `${PATH}?${next}` : null,
    };
  }

  write = ({ sid, to, body, status, at }: Text) => ({
    sid,
    to,
    body,
    status,
    from: ACCOUNT.from,
    direction: "outbound-api",
    error_code: status === "undelivered" ? 30008 : null,
    date_created: new Date(at).toUTCString().replace("GMT", "+0000"),
  });
}
