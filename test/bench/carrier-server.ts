import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A carrier that costs as little as possible: it takes every text at once and answers as Twilio does. */
let taken = 0;
const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    const sid = `SM${(++taken).toString(16).padStart(32, "0")}`;
    const body = JSON.stringify({ ...ANSWER, sid });
    response.writeHead(201, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
    response.end(body);
  });
});
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
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
