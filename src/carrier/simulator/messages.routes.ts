import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Db } from "../../db/connect.ts";
import { SECOND } from "../../lib/clock.ts";
import { sha256 } from "../../lib/seal.ts";
import { pause } from "../../lib/slots.ts";
import { readFields } from "../../web/page.ts";
import { type RefusalCode, writeError } from "./errors.ts";
import { type Behaviour, behaviourOf } from "./magic.ts";
import { countCall, findMessage, listMessages } from "./messages.queries.ts";
import { readListRequest, readTextRequest, type TextRequest } from "./read-request.ts";
import { writeMessage, writePage } from "./resource.ts";
import type { TakeMessage } from "./take-message.ts";
import { isOver } from "./webhooks.queries.ts";

export type MessageRouteDeps = { db: Db; accountSid: string; authToken: string; take: TakeMessage };

/** Longer than any client of ours waits (15 s). */
const SILENCE = 20 * SECOND;
const THROTTLED_FOR = "1";

/** The Messages resource as the official SDK, and our own client, speak to it. */
export function messageRoutes(app: FastifyInstance, deps: MessageRouteDeps): void {
  const url = "/simulator/2010-04-01/Accounts/:account/Messages";
  const config = { access: "public", kind: "simulator" } as const;
  const known = `Basic ${Buffer.from(`${deps.accountSid}:${deps.authToken}`).toString("base64")}`;

  /** Null when the caller may go on. */
  const problem = (request: FastifyRequest): RefusalCode | null => {
    if (!timingSafeEqual(sha256(request.headers.authorization ?? ""), sha256(known))) return 20003;
    return readFields(request.params).account === deps.accountSid ? null : 20404;
  };

  app.post(`${url}.json`, { config }, async (request, reply) => {
    const refused = problem(request);
    if (refused !== null) return refuse(reply, refused);
    const text = readTextRequest(readFields(request.body));
    if (!text.ok) return refuse(reply, text.refusal);
    return create(deps, reply, text.value, behaviourOf(text.value.to));
  });

  app.get(`${url}.json`, { config }, async (request, reply) => {
    const refused = problem(request);
    if (refused !== null) return refuse(reply, refused);
    const query = readFields(request.query);
    const wanted = readListRequest(query);
    const found = await listMessages(deps.db, deps.accountSid, wanted, new Date());
    return send(reply, 200, writePage(deps.accountSid, query, wanted, found));
  });

  app.get(`${url}/:sid.json`, { config }, async (request, reply) => {
    const refused = problem(request);
    if (refused !== null) return refuse(reply, refused);
    const message = await findMessage(deps.db, deps.accountSid, readFields(request.params).sid ?? "");
    return message ? send(reply, 200, writeMessage(message)) : refuse(reply, 20404);
  });
}

/** Takes a text as its number wants it, and answers, or fails to. */
async function create(
  deps: MessageRouteDeps,
  reply: FastifyReply,
  text: TextRequest,
  behaviour: Behaviour,
): Promise<FastifyReply> {
  const { answer } = behaviour;
  if (answer.kind === "refused") return refuse(reply, answer.code);
  if (answer.kind === "every_second" && (await countCall(deps.db, text.to)) % 2 === 1) {
    return answer.code === null ? breakOff(reply) : refuse(reply, answer.code);
  }
  const message = await deps.take.outbound(text, behaviour);
  if (answer.kind === "delayed") await pause(answer.ms);
  if (answer.kind === "after_reports") await waitForReports(deps.db, message.sid);
  if (answer.kind === "lost") {
    if (typeof answer.instead === "number") return refuse(reply, answer.instead);
    if (answer.instead === "silence") await pause(SILENCE, whenClosed(reply));
    return breakOff(reply);
  }
  return send(reply, 201, writeMessage(message));
}

async function waitForReports(db: Db, sid: string): Promise<void> {
  for (const until = Date.now() + 5 * SECOND; Date.now() < until; await pause(20)) {
    if (await isOver(db, sid)) return;
  }
}

function whenClosed(reply: FastifyReply): AbortSignal {
  const closed = new AbortController();
  reply.raw.once("close", () => closed.abort());
  return closed.signal;
}

function breakOff(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.destroy();
  return reply;
}

function refuse(reply: FastifyReply, code: RefusalCode): FastifyReply {
  const { status, body } = writeError(code);
  if (status === 401) reply.header("www-authenticate", 'Basic realm="Twilio API"');
  if (status === 429) reply.header("retry-after", THROTTLED_FOR);
  return reply.code(status).type("application/json; charset=utf-8").send(body);
}

const send = (reply: FastifyReply, status: number, value: Record<string, unknown>): FastifyReply =>
  reply.code(status).type("application/json; charset=utf-8").send(JSON.stringify(value));
