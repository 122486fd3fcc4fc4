import type { FastifyInstance } from "fastify";
import { audit, PLATFORM_CHAIN } from "../db/audit.queries.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { VILLAGE_ROLES } from "../lib/roles.ts";
import { type Sealer, sha256 } from "../lib/seal.ts";
import type { Work } from "../queue/work.ts";
import { type Fields, type Page, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { hashPassword, isPassword, passwordProblem } from "./password.ts";
import { recordPhone, showPhone } from "./record-phone.ts";
import { countSessions, deleteSessionsOf, readPassword } from "./session.queries.ts";
import type { SignInRouteDeps } from "./sign-in.routes.ts";
import { findOwnPhone, setPassword } from "./staff.queries.ts";

/** One's own account: password, and the devices that are signed in. */
export function accountRoutes(app: FastifyInstance, deps: SignInRouteDeps & { sealer: Sealer }): void {
  const show = async ({ work }: Visit): Promise<Outcome<Page>> => {
    const devices = await countSessions(deps.system, work.actor.id, work.now);
    const account = await readPassword(deps.system, work.actor.id);
    return ok({
      view: "account",
      tab: "more",
      title: account?.mustChange ? "请先改一个自己的密码" : "我的账号",
      data: {
        devices,
        mustChange: account?.mustChange ?? false,
        login: account?.login ?? "",
        phone: showPhone(deps.sealer, await findOwnPhone(work.tx, work.actor.id)),
      },
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

  pageForm(app, deps, {
    url: "/account/phone",
    access: "signed-in",
    page: show,
    async act(work, _params, fields) {
      // Whoever has the phone acts in this account's name, so an open page alone is not enough to change it.
      const account = await readPassword(deps.system, work.actor.id);
      if (!account) return refusal("not_found", "没有这个账号");
      if (!(await isPassword(fields.password ?? "", account.hash))) {
        return invalid({ field: "password", message: "密码不对" });
      }
      const recorded = await recordPhone(work, deps.sealer, ownAccount(work), fields.phone ?? "");
      return recorded.ok ? ok(`/account?done=${fields.phone?.trim() ? "phone_set" : "phone_removed"}`) : recorded;
    },
  });

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

const ownAccount = ({ actor }: Work) => ({
  id: actor.id,
  villageId: VILLAGE_ROLES.includes(actor.role) ? (actor.villages[0] ?? null) : null,
  townshipId: actor.township,
});

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
