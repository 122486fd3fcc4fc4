import { type Dispatcher, Pool } from "undici";

/**
 * One HTTP exchange with the Messages resource. Our own pool instead of the SDK's client: that one is capped at 20
 * TLS sockets and costs three to five times the CPU (reference/carriers.md 4). No automatic retries: whether an
 * unanswered text may be sent again is not for an HTTP client to decide.
 */
export type TwilioAccount = { accountSid: string; authToken: string; baseUrl: string };

export type Exchange =
  | { kind: "answered"; status: number; retryAfter: string | null; body: string }
  | { kind: "never_connected"; code: string }
  | { kind: "broken"; code: string };

export type TwilioClient = {
  /** Not begun after `notAfter` (`performance.now()`), however long it waited for a connection. */
  post(form: string, notAfter: number): Promise<Exchange>;
  get(path: string): Promise<Exchange>;
  /** `/…/Accounts/AC…/Messages` */
  readonly messages: string;
  close(): Promise<void>;
};

/** The carrier answers within seconds or not at all: Twilio's own limit for an API call is 15 s. */
const ANSWER_TIMEOUT = 15_000;
const CONNECT_TIMEOUT = 5_000;
/** An answer is about 900 bytes; a list page of 100 about 90 kB. */
const MAX_ANSWER = 2_000_000;

export function createTwilioClient(account: TwilioAccount, connections: number): TwilioClient {
  const base = new URL(account.baseUrl);
  const pool = new Pool(base.origin, {
    connections,
    pipelining: 1,
    connect: { timeout: CONNECT_TIMEOUT },
    headersTimeout: ANSWER_TIMEOUT,
    bodyTimeout: ANSWER_TIMEOUT,
    maxResponseSize: MAX_ANSWER,
  });
  const prefix = base.pathname.replace(/\/+$/, "");
  const messages = `${prefix}/2010-04-01/Accounts/${account.accountSid}/Messages`;
  const headers = {
    authorization: `Basic ${Buffer.from(`${account.accountSid}:${account.authToken}`).toString("base64")}`,
    accept: "application/json",
  };

  // undici's lowest layer: the streams that `request` makes of an answer cost more than all the rest of a call.
  const exchange = (request: Dispatcher.DispatchOptions, notAfter = Number.POSITIVE_INFINITY): Promise<Exchange> =>
    new Promise((resolve) => {
      const chunks: Buffer[] = [];
      let status = 0;
      let retryAfter: string | null = null;
      pool.dispatch(request, {
        // The last moment before its first byte leaves.
        onRequestStart(controller) {
          if (performance.now() > notAfter) controller.abort(new TooLate());
        },
        onResponseStart(_, statusCode, headers) {
          status = statusCode;
          retryAfter = typeof headers["retry-after"] === "string" ? headers["retry-after"] : null;
        },
        onResponseData: (_, chunk) => void chunks.push(chunk),
        onResponseEnd: () =>
          resolve({ kind: "answered", status, retryAfter, body: Buffer.concat(chunks).toString("utf8") }),
        onResponseError: (_, error) => resolve(readError(error)),
      });
    });

  return {
    messages,
    post: (form, notAfter) =>
      exchange(
        {
          method: "POST",
          path: `${messages}.json`,
          headers: { ...headers, "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
          body: form,
        },
        notAfter,
      ),
    get: (path) => exchange({ method: "GET", path, headers }),
    // Whoever closes has waited for its answers as long as it wanted to.
    close: () => pool.destroy(),
  };
}

class TooLate extends Error {
  readonly code = "overslept";
}

function readError(error: Error): Exchange {
  const code = codeOf(error);
  return NEVER_CONNECTED.has(code) || code.startsWith("ERR_TLS") || code.startsWith("CERT_")
    ? { kind: "never_connected", code }
    : { kind: "broken", code };
}

/** Errors that can only come before the first byte of a request has left. Everything else may have been heard. */
const NEVER_CONNECTED = new Set([
  "overslept",
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
]);

const codeOf = (error: Error): string => {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return String(code ?? cause?.code ?? error.name);
};
