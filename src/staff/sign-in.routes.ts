import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Db } from "../db/connect.ts";
import { REFUSAL_STATUS, type Refusal } from "../lib/refusal.ts";
import { sha256 } from "../lib/seal.ts";
import { SESSION_COOKIE } from "../web/guard.ts";
import { type PageDeps, readFields, sendPage } from "../web/page.ts";
import { deleteSession } from "./session.queries.ts";
import { signIn } from "./sign-in.ts";

export type SignInRouteDeps = PageDeps & { system: Db };

export function signInRoutes(app: FastifyInstance, deps: SignInRouteDeps): void {
  app.get("/sign-in", { config: { access: "public", kind: "page" } }, async (request, reply) => {
    const next = localPath(readFields(request.query).next);
    if (request.visitor) return reply.redirect(next, 303);
    return showForm(reply, deps, next, null, "");
  });

  app.post("/sign-in", { config: { access: "public", kind: "page" } }, async (request, reply) => {
    const fields = readFields(request.body);
    const login = fields.login ?? "";
    const next = localPath(fields.next);
    const signedIn = await signIn(deps, {
      login,
      password: fields.password ?? "",
      source: request.ip,
      device: request.headers["user-agent"] ?? "",
    });
    if (!signedIn.ok) {
      request.log.info({ code: signedIn.refusal.code }, "sign-in refused");
      return showForm(reply.code(REFUSAL_STATUS[signedIn.refusal.code]), deps, next, signedIn.refusal, login);
    }
    request.log.info({ staffId: signedIn.value.staffId }, "signed in");
    setSession(request, reply, signedIn.value.token);
    return reply.redirect(next, 303);
  });

  app.post(
    "/sign-out",
    { config: { access: "signed-in", kind: "page", beforePasswordChange: true } },
    async (request, reply) => {
      const token = request.visitor?.sessionToken;
      if (token) await deleteSession(deps.system, sha256(token));
      return reply.clearCookie(SESSION_COOKIE, { path: "/" }).redirect("/sign-in", 303);
    },
  );
}

function showForm(
  reply: FastifyReply,
  deps: PageDeps,
  next: string,
  refused: Refusal | null,
  login: string,
): Promise<FastifyReply> {
  return sendPage(
    reply,
    deps,
    { view: "sign-in", title: "登录掌上村务", data: { next, login } },
    null,
    refused && { message: refused.message, errors: refused.errors ?? [], fields: {} },
  );
}

/** The cookie lives with the browser; how long it is good for is kept on the server. */
function setSession(request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.setCookie(SESSION_COOKIE, token, {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: request.protocol === "https",
    maxAge: 7 * 24 * 60 * 60,
  });
}

/** Only a path of ours: an address from outside must not lead a signed-in person elsewhere. */
const localPath = (next: string | undefined): string => (next && /^\/(?![/\\])[^\s\\]*$/.test(next) ? next : "/");
