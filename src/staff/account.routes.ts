import type { FastifyInstance } from "fastify";
import { audit, PLATFORM_CHAIN } from "../db/audit.queries.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { sha256 } from "../lib/seal.ts";
import type { Work } from "../queue/work.ts";
import { type Fields, type Page, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { hashPassword, isPassword, passwordProblem } from "./password.ts";
import { countSessions, deleteSessionsOf, readPassword } from "./session.queries.ts";
import type { SignInRouteDeps } from "./sign-in.routes.ts";
import { setPassword } from "./staff.queries.ts";

/** One's own account: password, and the devices that are signed in. */
export function accountRoutes(app: FastifyInstance, deps: SignInRouteDeps): void {
  const show = async ({ work }: Visit): Promise<Outcome<Page>> => {
    const devices = await countSessions(deps.system, work.actor.id, work.now);
    const account = await readPassword(deps.system, work.actor.id);
    return ok({
      view: "account",
      tab: "more",
      title: account?.mustChange ? "请先改一个自己的密码" : "我的账号",
      data: { devices, mustChange: account?.mustChange ?? false, login: account?.login ?? "" },
    });
  };
  pageRoute(app, deps, { url: "/account", access: "signed-in", show }, true);

  pageForm(
    app,
    deps,
    {
      url: "/account/password",
      access: "signed-in",
      page: show,
      async act(work, _params, fields, visitor) {
        const changed = await changePassword(work, deps, fields);
        if (!changed.ok) return changed;
        // Every other device has to sign in again.
        await deleteSessionsOf(deps.system, work.actor.id, sha256(visitor.sessionToken ?? ""));
        return ok("/account?done=password_set");
      },
    },
    true,
  );

  app.post("/account/sessions", { config: { access: "signed-in", kind: "page" } }, async (request, reply) => {
    const visitor = request.visitor;
    if (visitor?.sessionToken) await deleteSessionsOf(deps.system, visitor.actor.id, sha256(visitor.sessionToken));
    return reply.redirect("/account?done=signed_out_elsewhere", 303);
  });

  app.post("/account/text-size", { config: { access: "signed-in", kind: "page" } }, async (request, reply) => {
    const big = (request.body as Fields | undefined)?.big === "1";
    const kept = { path: "/", sameSite: "lax", maxAge: 400 * 24 * 60 * 60 } as const;
    return (big ? reply.setCookie("cunwu_big", "1", kept) : reply.clearCookie("cunwu_big", kept)).redirect(
      "/account",
      303,
    );
  });
}

/** Asks for the old one first. */
async function changePassword(work: Work, deps: SignInRouteDeps, fields: Fields): Promise<Outcome<null>> {
  const account = await readPassword(deps.system, work.actor.id);
  if (!account) return refusal("not_found", "没有这个账号");
  if (!(await isPassword(fields.old ?? "", account.hash))) return invalid({ field: "old", message: "现在的密码不对" });
  const fresh = fields.new ?? "";
  const problem = passwordProblem(fresh, account.login);
  if (problem) return invalid({ field: "new", message: problem });
  if (fresh !== fields.again) return invalid({ field: "again", message: "两次写的不一样" });
  await setPassword(work.tx, work.actor.id, await hashPassword(fresh), false, work.now);
  await audit(work, {
    chain:
      work.actor.villages.length === 1
        ? (work.actor.villages[0] ?? PLATFORM_CHAIN)
        : (work.actor.township ?? PLATFORM_CHAIN),
    action: "staff.password",
    subject: "actor",
    subjectId: work.actor.id,
  });
  return ok(null);
}
