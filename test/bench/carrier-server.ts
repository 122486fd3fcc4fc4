import { readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { serve } from "./helper.ts";

/**
 * A carrier that costs as little as possible and answers as Twilio does: at once on plain loopback, or behind TLS
 * after a while. Texts that hold `probe<n>` are clocked; it tells when each of them came.
 */
const { BENCH_DELAY_MS = "0", BENCH_TLS_KEY, BENCH_TLS_CERT, BENCH_WATCH } = process.env;
const delay = Number(BENCH_DELAY_MS);
let taken = 0;
let arrivals: Record<string, number> = {};

const hear: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  if (BENCH_WATCH) request.on("data", (chunk: Buffer) => chunks.push(chunk));
  else request.resume();
  request.on("end", () => {
    // The worker also asks which texts came in: none.
    if (request.method === "GET") return answer(response, 200, { messages: [], next_page_uri: null });
    const probe = BENCH_WATCH ? /probe\d+/.exec(Buffer.concat(chunks).toString())?.[0] : undefined;
    if (probe) arrivals[probe] = performance.timeOrigin + performance.now();
    const sid = `SM${(++taken).toString(16).padStart(32, "0")}`;
    if (delay === 0) answer(response, 201, { ...ANSWER, sid });
    else setTimeout(answer, delay, response, 201, { ...ANSWER, sid });
  });
};

function answer(response: Parameters<RequestListener>[1], status: number, content: object): void {
  const body = JSON.stringify(content);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}

const ANSWER = {
  account_sid: `AC${"0".repeat(32)}`,
  api_version: "2010-04-01",
  body: "【郭家村村委会】周五晚七点在文化大院放电影，请互相转告。",
  date_created: "Fri, 09 Oct 2026 01:00:00 +0000",
  date_sent: null,
  date_updated: "Fri, 09 Oct 2026 01:00:00 +0000",
  direction: "outbound-api",
  error_code: null,
  error_message: null,
  from: "+8610690000",
  messaging_service_sid: null,
  num_media: "0",
  num_segments: "1",
  price: null,
  price_unit: "USD",
  status: "queued",
  to: "+8613800000001",
};

const server =
  BENCH_TLS_KEY && BENCH_TLS_CERT
    ? createTlsServer({ key: readFileSync(BENCH_TLS_KEY), cert: readFileSync(BENCH_TLS_CERT) }, hear)
    : createServer(hear);
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const scheme = BENCH_TLS_KEY ? "https" : "http";
  serve(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`, () => {
    const told = arrivals;
    arrivals = {};
    return told;
  });
});
