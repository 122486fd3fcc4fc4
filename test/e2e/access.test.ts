import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TownshipId } from "../../src/lib/ids.ts";
import { type Action, may, OPERATOR, ROLES, type Role } from "../../src/lib/roles.ts";
import { addPolicy } from "../../src/policy/write-policy.ts";
import { inWork } from "../../src/queue/work.ts";
import { hashPassword } from "../../src/staff/password.ts";
import { insertStaff } from "../../src/staff/staff.queries.ts";
import { signIn, type Visitor } from "../support/browser-session.ts";
import { type Cast, expectOk, givenApproved, givenVillage, PASSWORD, phoneOf } from "../support/given.ts";
import { type Route, watchRoutes } from "../support/routes.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

let system: System;
let routes: Route[];
let here: Cast;
const visitors = new Map<Role, Visitor>();
const keys = new Map<Role, Api>();
const NOTHING = { notice: "", case: "", staff: "", policy: "", door: "", person: "" };
const ids: Record<"here" | "there", typeof NOTHING> = { here: { ...NOTHING }, there: { ...NOTHING } };

beforeAll(async () => {
  ({ value: system, routes } = await watchRoutes(() => startSystem()));
  for (const [i, code] of (["here", "there"] as const).entries()) {
    const cast = await givenVillage(system.ctx, {
      code,
      households: 3,
      township: `town-${code}`,
      firstPhone: 1 + i * 100,
    });
    if (code === "here") here = cast;
    ids[code].notice = await givenApproved(system.ctx, cast);
    await system.text(phoneOf(1 + i * 100), "村西头的下水道堵了，一下雨就漫到路上");
    await system.settle();
    const row = await system.ctx.db.system
      .selectFrom("suggestions")
      .select("id")
      .where("village_id", "=", cast.village.id)
      .executeTakeFirstOrThrow();
    ids[code].case = row.id;
    ids[code].staff = cast.clerk.id;
    const person = await system.ctx.db.system
      .selectFrom("villagers")
      .select(["id", "household_id as door"])
      .where("village_id", "=", cast.village.id)
      .executeTakeFirstOrThrow();
    Object.assign(ids[code], { person: person.id, door: person.door });
    const policy = { title: "高龄津贴", standard: "每月50元", process: "到村委会登记", office: "民政办" };
    ids[code].policy = expectOk(
      await inWork(system.ctx.work, cast.clerk, (work) => addPolicy(work, cast.village, policy)),
    );
  }
  for (const role of ROLES) {
    const login = `walk-${role}`;
    if (role === "township" || role === "platform") {
      const passwordHash = await hashPassword(PASSWORD);
      await inWork(system.ctx.work, OPERATOR, (work) =>
        insertStaff(
          work.tx,
          {
            name: role,
            role,
            login,
            post: "",
            passwordHash,
            mustChangePassword: false,
            phone: null,
            villageId: null,
            townshipId: role === "township" ? (here.townshipId as TownshipId) : null,
          },
          work.now,
        ),
      );
    } else await here.actor(role, login);
    visitors.set(role, await signIn(system.url, role === "township" || role === "platform" ? login : `here-${login}`));
    keys.set(
      role,
      await system.api(
        role,
        role === "township" ? { township: "town-here" } : role === "platform" ? {} : { village: "here" },
      ),
    );
  }
}, 120_000);
afterAll(() => system.stop());

const fill = (url: string, village: "here" | "there"): string => {
  const id = url.includes("/staff/")
    ? ids[village].staff
    : url.includes("/policies/")
      ? ids[village].policy
      : /suggestions|cases/.test(url)
        ? ids[village].case
        : url.includes("/people/")
          ? ids[village][url.includes("/person/") ? "person" : "door"]
          : ids[village].notice;
  return url.replace(":code", village).replace(":id", id).replace("*", "app.css");
};

/** The request a role would make, with the credentials that this kind of route takes. */
async function knock(route: Route, role: Role, village: "here" | "there"): Promise<number> {
  const path = fill(route.url, village);
  if (route.kind === "api") {
    const api = keys.get(role);
    const local =
      path.slice("/api/v1".length) +
      (route.url.endsWith("/inbound") && route.url.includes("v1/inbound") ? "?unregistered=true" : "");
    const reply = route.method === "GET" ? await api?.get(local) : await api?.post(local, {});
    return reply?.status ?? 0;
  }
  const visitor = visitors.get(role);
  if (route.url.endsWith("/live")) return 200; // a stream; it shares its guard with the notice's page
  const answer = route.method === "GET" ? await visitor?.get(path) : await visitor?.post(path, {});
  await answer?.arrayBuffer();
  return answer?.status ?? 0;
}

const guarded = () =>
  routes.filter((route) => route.access !== "public" && (route.kind === "api" || route.kind === "page"));
const actionRoutes = () => guarded().filter((route) => route.access !== "signed-in" && !route.url.endsWith("/live"));

describe("every route", () => {
  test("is known to this walk", () => {
    expect(routes.length).toBeGreaterThan(60);
    expect(
      routes
        .filter((route) => route.access === "public")
        .map((route) => route.url)
        .sort(),
    ).toEqual(
      [
        "/api/v1/openapi.json",
        "/assets/:name",
        "/healthz",
        "/hooks/twilio/inbound",
        "/hooks/twilio/status",
        "/metrics",
        ...["", "/answers", "/calendar", "/notices", "/people", "/photos/:id", "/sheets", "/sheets/:month"].map(
          (path) => `/p/:code${path}`,
        ),
        "/readyz",
        "/sign-in",
        "/sign-in",
        ...routes.filter((route) => route.url.startsWith("/simulator")).map((route) => route.url),
      ].sort(),
    );
  });

  test("that changes something asks for more than a right to read", () => {
    const changing = routes.filter((route) => route.method !== "GET" && /\.read$/.test(route.access));
    expect(changing.map((route) => `${route.method} ${route.url}`).sort()).toEqual([]);
  });

  test("asks a stranger who he is", async () => {
    for (const route of guarded()) {
      const answer = await fetch(system.url + fill(route.url, "here"), { method: route.method, redirect: "manual" });
      const asked =
        route.kind === "api"
          ? answer.status === 401
          : answer.status === 303 && answer.headers.get("location")?.startsWith("/sign-in");
      expect([route.method, route.url, answer.status, asked]).toEqual([route.method, route.url, answer.status, true]);
    }
  });

  test.each(ROLES)(
    "lets a %s do what the table says, and nothing else",
    async (role) => {
      for (const route of actionRoutes()) {
        if (route.url.endsWith("/active") || route.url.endsWith("/password")) continue;
        const status = await knock(route, role, "here");
        const allowed = may(role, route.access as Action);
        expect([
          role,
          route.method,
          route.url,
          status === 401 || (status === 403 && !allowed) ? "refused" : "let in",
          status >= 500,
        ]).toEqual([role, route.method, route.url, allowed ? "let in" : "refused", false]);
      }
    },
    120_000,
  );

  test.each(ROLES)(
    "of another village does not exist for a %s",
    async (role) => {
      for (const route of guarded().filter((one) => /:code|:id/.test(one.url) && !one.url.endsWith("/live"))) {
        // The platform operator creates villages and their accounts, and sees no more of them than their names.
        if (role === "platform" && (route.access === "signed-in" || may(role, route.access as Action))) continue;
        const status = await knock(route, role, "there");
        expect([role, route.method, route.url, status, [403, 404, 422].includes(status)]).toEqual([
          role,
          route.method,
          route.url,
          status,
          true,
        ]);
        if (status === 422) expect([route.url, route.method]).toEqual([route.url, "POST"]);
      }
    },
    120_000,
  );

  test("changed nothing in the other village", async () => {
    const notice = await system.ctx.db.system
      .selectFrom("broadcasts")
      .select("state")
      .where("id", "=", ids.there.notice as never)
      .executeTakeFirstOrThrow();
    const suggestion = await system.ctx.db.system
      .selectFrom("suggestions")
      .select("state")
      .where("id", "=", ids.there.case as never)
      .executeTakeFirstOrThrow();
    expect([notice.state, suggestion.state]).toEqual(["sent", "registered"]);
  });
});

describe("a session", () => {
  test("needs the form's own token", async () => {
    const visitor = visitors.get("clerk");
    const forged = await fetch(`${system.url}/account/text-size`, {
      method: "POST",
      headers: { cookie: `cunwu_session=${visitor?.token}` },
      redirect: "manual",
      body: new URLSearchParams({ big: "1" }),
    });
    expect(forged.status).toBe(403);
    const elsewhere = await fetch(`${system.url}/sign-in`, {
      method: "POST",
      headers: { origin: "https://evil.example" },
      redirect: "manual",
      body: new URLSearchParams({ login: "x", password: "y" }),
    });
    expect(elsewhere.status).toBe(403);
  });

  test("ends on this device at sign-out, and on all others by one button", async () => {
    await here.actor("clerk", "two-devices");
    const phone = await signIn(system.url, "here-two-devices");
    const office = await signIn(system.url, "here-two-devices");
    expect((await phone.get("/v/here")).status).toBe(200);
    await office.post("/account/sessions");
    expect((await phone.get("/v/here")).status).toBe(303);
    expect((await office.get("/v/here")).status).toBe(200);
    await office.post("/sign-out");
    expect((await office.get("/v/here")).status).toBe(303);
  });

  test("of an account that was switched off is over", async () => {
    const somebody = await here.actor("clerk", "leaver");
    const leaver = await signIn(system.url, "here-leaver");
    await visitors.get("secretary")?.post(`/v/here/staff/${somebody.id}/active`, { active: "0" });
    expect((await leaver.get("/v/here")).status).toBe(303);
    await expect(signIn(system.url, "here-leaver")).rejects.toThrow("401");
  });

  test("changes its password only with the old one, and leaves other devices behind", async () => {
    await here.actor("clerk", "changer");
    const one = await signIn(system.url, "here-changer");
    const other = await signIn(system.url, "here-changer");
    const wrong = await one.post("/account/password", {
      old: "nope",
      new: "brand-new-words-1",
      again: "brand-new-words-1",
    });
    expect([wrong.status, (await wrong.text()).includes("现在的密码不对")]).toEqual([422, true]);
    const done = await one.post("/account/password", {
      old: PASSWORD,
      new: "brand-new-words-1",
      again: "brand-new-words-1",
    });
    expect(done.headers.get("location")).toBe("/account?done=password_set");
    expect((await other.get("/account")).status).toBe(303);
    expect((await one.get("/account")).status).toBe(200);
    await signIn(system.url, "here-changer", "brand-new-words-1");
  });
});

test("five wrong passwords lock the account for a while, and say until when", async () => {
  await here.actor("clerk", "guessed");
  const guess = (password: string) =>
    fetch(`${system.url}/sign-in`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ login: "here-guessed", password }),
    });
  for (let i = 0; i < 5; i++) expect((await guess(`wrong ${i}`)).status).toBe(401);
  const locked = await guess(PASSWORD);
  expect([locked.status, (await locked.text()).includes("密码错了太多次")]).toEqual([429, true]);
});
