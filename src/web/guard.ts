import { createHmac, timingSafeEqual } from "node:crypto";
import type {} from "@fastify/cookie";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Action, type Actor, may } from "../lib/roles.ts";
import { sendProblem } from "./problems.ts";

/**
 * Who may come in. Every route says what it is for and who may use it; one that says nothing stops the server from
 * starting. `public` needs nobody, `signed-in` any account, an action the roles that roles.ts gives it.
 */
export type Access = "public" | "signed-in" | Action;
/** `page`: a browser with a session. `board`: any browser, without one; a page that may lie in caches. `api`: a program with a key. `hook`: the carrier, by signature. `probe`: a monitor. */
export type RouteKind = "page" | "board" | "api" | "hook" | "probe" | "asset" | "simulator";

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
    kind?: RouteKind;
    /** The one page that somebody with a first password may use. */
    beforePasswordChange?: boolean;
  }
  interface FastifyRequest {
    visitor: Visitor | null;
  }
}

export type Visitor = { actor: Actor; mustChangePassword: boolean; sessionToken: string | null };

export type Authenticate = {
  session(token: string): Promise<{ actor: Actor; mustChangePassword: boolean } | null>;
  apiKey(key: string): Promise<Actor | null>;
};

export const SESSION_COOKIE = "cunwu_session";

export function installGuard(app: FastifyInstance, options: { authenticate: Authenticate; sessionKey: Buffer }): void {
  app.decorateRequest("visitor", null);
  app.addHook("onRoute", (route) => {
    if (!route.config?.access || !route.config.kind) {
      throw new Error(`the route ${String(route.method)} ${route.url} does not say who may use it`);
    }
  });
  app.addHook("onRequest", async (request, reply) => {
    const { access, kind, beforePasswordChange } = request.routeOptions.config;
    if (!access || access === "public") {
      if (kind === "page") request.visitor = await fromSession(request, options.authenticate);
      return;
    }
    request.visitor =
      kind === "api" ? await fromKey(request, options.authenticate) : await fromSession(request, options.authenticate);
    const visitor = request.visitor;
    if (!visitor) return kind === "api" ? sendProblem(reply, UNKNOWN_CALLER) : askToSignIn(request, reply);
    if (visitor.mustChangePassword && !beforePasswordChange && kind === "page") return reply.redirect("/account", 303);
    if (access !== "signed-in" && !may(visitor.actor.role, access)) return sendProblem(reply, NOT_YOURS);
  });
  app.addHook("preHandler", async (request, reply) => {
    const { kind } = request.routeOptions.config;
    if (kind !== "page" || request.method === "GET" || request.method === "HEAD") return;
    if (!isSameOrigin(request)) return sendProblem(reply, FORGED);
    const token = request.visitor?.sessionToken;
    if (!token) return;
    const given = (request.body as Record<string, unknown> | undefined)?._csrf;
    if (!matches(csrfToken(options.sessionKey, token), given)) return sendProblem(reply, FORGED);
  });
}

const UNKNOWN_CALLER = { code: "unauthenticated", message: "请带上接口密钥：Authorization: Bearer <key>" } as const;
const NOT_YOURS = { code: "forbidden", message: "您的角色不能做这件事" } as const;
const FORGED = { code: "forbidden", message: "页面放得太久了，请返回刷新后再试一次" } as const;

async function fromSession(request: FastifyRequest, authenticate: Authenticate): Promise<Visitor | null> {
  const token = request.cookies[SESSION_COOKIE];
  if (!token) return null;
  const session = await authenticate.session(token);
  return session ? { ...session, sessionToken: token } : null;
}

async function fromKey(request: FastifyRequest, authenticate: Authenticate): Promise<Visitor | null> {
  const key = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const actor = key ? await authenticate.apiKey(key) : null;
  return actor ? { actor, mustChangePassword: false, sessionToken: null } : null;
}

function askToSignIn(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const wanted = request.method === "GET" ? `?next=${encodeURIComponent(request.url)}` : "";
  return reply.redirect(`/sign-in${wanted}`, 303);
}

/** The form's token: bound to the session, worthless elsewhere. */
export const csrfToken = (sessionKey: Buffer, sessionToken: string): string =>
  createHmac("sha256", sessionKey).update(`csrf ${sessionToken}`).digest("base64url");

const matches = (expected: string, given: unknown): boolean =>
  typeof given === "string" &&
  given.length === expected.length &&
  timingSafeEqual(Buffer.from(given), Buffer.from(expected));

/** A browser says where a form comes from; one from another site is refused even before there is a session. */
function isSameOrigin(request: FastifyRequest): boolean {
  const origin = request.headers.origin;
  if (origin === undefined || origin === "null") return request.headers["sec-fetch-site"] !== "cross-site";
  return URL.canParse(origin) && new URL(origin).host === request.headers.host;
}

/** Who is behind a guarded request; asking for it on a public route is a mistake of ours. */
export function visitorOf(request: FastifyRequest): Visitor {
  if (!request.visitor) throw new Error("this route has no visitor");
  return request.visitor;
}
export const actorOf = (request: FastifyRequest): Actor => visitorOf(request).actor;
