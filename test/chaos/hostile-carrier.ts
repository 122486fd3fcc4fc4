import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pause } from "../../src/lib/slots.ts";
import { ACCOUNT } from "../support/account.ts";
import { signForm } from "../support/twilio.ts";
import { BURST_MS, chanceFrom, type Fate, LATE_MS, SLOW_MS } from "./fates.ts";
import { type Text, TextList } from "./text-list.ts";

/**
 * A carrier of the worst kind, in a process of its own that is never killed: its memory is the only witness of what was
 * taken. It speaks Twilio's Messages resource, as far as we use it, and makes signed status callbacks. Environment:
 * SEED, HOSTILE (1 or 0). `/control` and `/log` are for the test.
 */
const chance = chanceFrom(process.env.SEED ?? "1");
const texts = new TextList();
const fates: Partial<Record<Fate, number>> = {};
let hostile = process.env.HOSTILE !== "0";
let calls = 0;
/** Where callbacks go in truth: like a load balancer behind one public name. None: no callbacks. */
let webs: string[] = [];
let throttledUntil = 0;
/** What the test wants to happen to the next texts, before chance decides again. */
let ordered: Fate[] = [];

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://carrier");
  const route = `${request.method} ${url.pathname.replace(/^\/2010-04-01\/Accounts\/\w+/, "")}`;
  const handle = ROUTES[route];
  if (!handle) return void response.writeHead(404).end();
  handle(request, response, url).catch((error: unknown) => {
    process.stderr.write(`${error}\n`);
    response.destroy();
  });
});
server.keepAliveTimeout = 60_000;

type Handle = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;
const ROUTES: Readonly<Record<string, Handle>> = {
  "POST /Messages.json": takeText,
  async "GET /Messages.json"(_, response, url) {
    if (hostile && chance.listFails()) return answer(response, 503, { code: 20503 });
    answer(response, 200, texts.page(url));
  },
  async "POST /control"(request, response) {
    const wish = JSON.parse(await read(request)) as Wish;
    hostile = wish.hostile ?? hostile;
    webs = wish.webs ?? webs;
    ordered = wish.fates ?? ordered;
    answer(response, 200, {});
  },
  async "GET /log"(_, response, url) {
    const all = texts.since(Number(url.searchParams.get("from") ?? 0));
    answer(response, 200, { texts: all.map(({ to, body, at }) => ({ to, body, at })), calls, fates });
  },
};

export type Wish = { hostile?: boolean; webs?: string[]; fates?: Fate[] };

async function takeText(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const at = performance.timeOrigin + performance.now();
  calls++;
  const fate = ordered.shift() ?? (hostile ? chance.fate() : "taken");
  fates[fate] = (fates[fate] ?? 0) + 1;
  if (fate === "reset_unread") return void request.socket.resetAndDestroy();
  const form = new URLSearchParams(await read(request));
  if (fate === "burst_of_429") throttledUntil = at + chance.upTo(BURST_MS);
  if (at < throttledUntil) return answer(response, 429, { code: 20429 });
  if (fate === "not_taken_500") return answer(response, 500, { code: 20500 });
  if (fate === "late") await pause(chance.upTo(LATE_MS));

  const text = texts.take(form, at);
  const reported = report(text, fate === "report_first");
  if (fate === "taken_then_silent") return;
  if (fate === "taken_then_dropped") return void request.socket.resetAndDestroy();
  if (fate === "taken_then_500") return answer(response, 503, { code: 20503 });
  if (fate === "report_first") await reported;
  if (fate === "slow") await pause(chance.upTo(SLOW_MS));
  answer(response, 201, texts.write(text));
}

/** The list shows the rank that was last told; a callback that nobody takes is tried again, as `#rc=5&rp=all` asks. */
async function report(text: Text, atOnce: boolean): Promise<void> {
  if (webs.length === 0) return;
  const reports = chance.reports();
  const tell = async ({ status, afterMs }: { status: string; afterMs: number }) => {
    if (!atOnce) await pause(afterMs);
    texts.note(text, status);
    for (let tries = 0; tries < 6; tries++) {
      if (await post(text, status)) return;
      await pause(500 * 2 ** tries);
    }
  };
  await Promise.race([Promise.all(reports.map(tell)), pause(SLOW_MS)]);
}

async function post(text: Text, status: string): Promise<boolean> {
  const signed = new URL(text.callback);
  signed.hash = "";
  const web = webs[chance.upTo(webs.length)];
  const form = { MessageSid: text.sid, MessageStatus: status, To: text.to, AccountSid: ACCOUNT.sid };
  try {
    const answered = await fetch(web + signed.pathname + signed.search, {
      ...signForm(ACCOUNT.token, signed.href, form),
      method: "POST",
      signal: AbortSignal.timeout(15_000),
    });
    return answered.status === 204;
  } catch {
    return false;
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", ...(status === 429 ? { "retry-after": "1" } : {}) });
  response.end(JSON.stringify(body));
}

server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
