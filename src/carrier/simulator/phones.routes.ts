import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Db } from "../../db/connect.ts";
import { explainPhoneProblem, parsePhone } from "../../lib/phone.ts";
import { ok, type Result, refuse } from "../../lib/result.ts";
import { sha256 } from "../../lib/seal.ts";
import { shorten } from "../../lib/text.ts";
import { type Access, csrfToken } from "../../web/guard.ts";
import { readFields } from "../../web/page.ts";
import { renderView } from "../../web/view.ts";
import { usualLabel } from "./messages.queries.ts";
import { markSeen, namePhones } from "./phones.queries.ts";
import { MOST_OPEN, readPhones, writeAddress } from "./phones-view.ts";
import { type SendInboundDeps, sendInbound } from "./send-inbound.ts";

export type PhoneRouteDeps = SendInboundDeps & { db: Db; sessionKey: Buffer; access: Access };

/** What was wrong with a form, shown beside it: the phone it was typed on, or the form for a new one. */
type Problem = { form: string; message: string; typed: Record<string, string> };

/** A villager's phone sends 1,600 characters at most; Twilio cuts what is longer. */
const LONGEST = 1600;

/** The page of villagers' phones. Everything works by links and forms; simulator.js only makes it lively. */
export function phoneRoutes(app: FastifyInstance, deps: PhoneRouteDeps): void {
  const config = { access: deps.access, kind: "page" } as const;

  app.get("/simulator", { config }, async (request, reply) => {
    const open = readOpen(request.query, "phone");
    // A page that watches has all its phones in sight; else only the first surely is.
    const inSight = readFields(request.query).watched === "1" ? open : open.slice(0, 1);
    if (inSight.length > 0) await markSeen(deps.db, inSight, new Date());
    return showPhones(deps, request, reply, open, null);
  });

  app.post("/simulator/texts", { config }, async (request, reply) => {
    const typed = readFields(request.body);
    const [from] = readOpen(request.body, "phone");
    const open = readOpen(request.body, "open");
    if (!from) return reply.redirect("/simulator", 303);
    const body = (typed.body ?? "").replace(/\r\n?/g, "\n");
    const problem =
      body.trim() === "" ? "先写几个字再发" : body.length > LONGEST ? `最多 ${LONGEST} 个字，请分开发` : null;
    const shown = [from, ...open.filter((other) => other !== from)].slice(0, MOST_OPEN);
    if (problem !== null) {
      return showPhones(deps, request, reply.code(422), shown, { form: from, message: problem, typed });
    }
    await sendInbound(deps, { from, body });
    return reply.redirect(writeAddress(shown), 303);
  });

  app.post("/simulator/phones", { config }, async (request, reply) => {
    const typed = readFields(request.body);
    const open = readOpen(request.body, "open");
    const number = readNumber(typed.number ?? "");
    if (!number.ok) {
      return showPhones(deps, request, reply.code(422), open, { form: "new", message: number.refusal, typed });
    }
    const label = shorten(typed.label ?? "", 20) || usualLabel(number.value);
    await namePhones(deps.db, [{ number: number.value, label }]);
    return reply.redirect(writeAddress([number.value, ...open.filter((other) => other !== number.value)]), 303);
  });
}

async function showPhones(
  deps: PhoneRouteDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  open: readonly string[],
  problem: Problem | null,
): Promise<FastifyReply> {
  const token = request.visitor?.sessionToken;
  const now = new Date();
  const view = {
    ...(await readPhones(deps.db, open, now)),
    // On a narrow screen that shows one thing: the phone that was asked for, or the row with the form that was refused.
    chosen: open.length > 0 && problem?.form !== "new",
    problem,
    big: request.cookies.cunwu_big === "1",
    csrf: token ? csrfToken(deps.sessionKey, token) : "",
  };
  const html = renderView("simulator", view, now);
  // A page that watches asks every second: nothing new costs no more than saying so.
  const tag = `"${sha256(html).toString("base64url")}"`;
  reply.header("etag", tag);
  if (request.headers["if-none-match"] === tag) return reply.code(304).send();
  return reply.type("text/html; charset=utf-8").send(html);
}

/** Numbers named in an address or a form, as often as it likes; what is no number is left out. */
function readOpen(source: unknown, name: string): string[] {
  const given = (source as Record<string, unknown> | null)?.[name] ?? [];
  const numbers = (Array.isArray(given) ? given : [given]).filter((one) => /^\+?\d{3,20}$/.test(String(one)));
  return [...new Set(numbers.map(String))].slice(0, MOST_OPEN);
}

/** A mobile in any spelling, or whatever else can text: 10086, a landline. */
function readNumber(text: string): Result<string, string> {
  const phone = parsePhone(text);
  if (phone.ok) return phone;
  const digits = text.replace(/[\s-]/g, "");
  if (phone.refusal === "not_a_mobile" && /^\d{3,20}$/.test(digits)) return ok(digits);
  return refuse(explainPhoneProblem(phone.refusal, text));
}
