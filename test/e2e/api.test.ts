import { afterAll, beforeAll, expect, test } from "vitest";
import { givenVillage } from "../support/given.ts";
import { type Route, watchRoutes } from "../support/routes.ts";
import { type Api, type System, startSystem } from "../support/system.ts";

type OpenApi = {
  openapi: string;
  paths: Record<string, Record<string, { summary?: string; responses: Record<string, unknown>; security?: unknown[] }>>;
  components: { schemas: Record<string, { properties: Record<string, unknown> }> };
};

let system: System;
let routes: Route[];
let clerk: Api;

beforeAll(async () => {
  ({ value: system, routes } = await watchRoutes(() => startSystem()));
  await givenVillage(system.ctx, { code: "guojia", households: 25 });
  clerk = await system.api("clerk", { village: "guojia" });
});
afterAll(() => system.stop());

test("OpenAPI describes every call of the API, and nothing else", async () => {
  const document = (await (await fetch(`${system.url}/api/v1/openapi.json`)).json()) as OpenApi;
  expect(document.openapi).toBe("3.1.0");
  const described = Object.entries(document.paths).flatMap(([path, calls]) =>
    Object.keys(calls).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = routes
    .filter((route) => route.kind === "api")
    .map((route) => `${route.method} ${route.url.replace(/:(\w+)/g, "{$1}")}`);
  expect(described.sort()).toEqual(served.sort());
  for (const calls of Object.values(document.paths)) {
    for (const call of Object.values(calls)) {
      expect(call.summary).toBeTruthy();
      expect(Object.keys(call.responses).some((status) => status.startsWith("2"))).toBe(true);
      expect(JSON.stringify(call.responses["4XX"] ?? call.responses["4xx"])).toContain("Problem");
    }
  }
  expect(document.components.schemas.Problem?.properties).toHaveProperty("code");
});

test("a list comes in pages that join without gap or repetition", async () => {
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const reply: { items: { household: string; phone: string }[]; nextCursor: string | null } = (
      await clerk.get<{ items: { household: string; phone: string }[]; nextCursor: string | null }>(
        `/villages/guojia/households?limit=7${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`,
      )
    ).body;
    expect(reply.items.length).toBeLessThanOrEqual(7);
    for (const item of reply.items) expect(item.phone).toMatch(/^138\*{4}\d{4}$/);
    seen.push(...reply.items.map((item) => item.household));
    cursor = reply.nextCursor;
  }
  expect(seen).toHaveLength(25);
  expect(new Set(seen).size).toBe(25);
});

test("what is wrong with a query or a key says so", async () => {
  expect(await clerk.get("/villages/guojia/households?limit=0")).toMatchObject({
    status: 422,
    body: { errors: [{ field: "limit" }] },
  });
  expect(await clerk.get("/villages/guojia/households?nonsense=1")).toMatchObject({
    status: 422,
    body: { errors: [{ field: "nonsense" }] },
  });
  const wrong = await fetch(`${system.url}/api/v1/villages/guojia/households`, {
    headers: { authorization: "Bearer cw_wrong" },
  });
  expect([wrong.status, wrong.headers.get("content-type")]).toEqual([401, "application/problem+json; charset=utf-8"]);
  expect(
    await clerk.post(
      "/villages/guojia/broadcasts",
      { column: "村务公开", body: "好" },
      { "idempotency-key": "a".repeat(300) },
    ),
  ).toMatchObject({
    status: 422,
    body: { errors: [{ field: "Idempotency-Key" }] },
  });
});

test("a roster of the wrong kind, or too large, is refused", async () => {
  expect(
    (await clerk.post("/villages/guojia/roster", "x".repeat(21 * 1024 * 1024), { "content-type": "text/csv" })).status,
  ).toBe(422);
  expect((await clerk.post("/villages/guojia/roster", "nothing", { "content-type": "text/csv" })).body).toMatchObject({
    code: "validation_failed",
  });
  expect((await clerk.post("/villages/guojia/roster", { rows: [] })).body).toMatchObject({ code: "validation_failed" });
});

test("the probes answer", async () => {
  expect(await (await fetch(`${system.url}/healthz`)).json()).toEqual({ status: "ok" });
  expect(await (await fetch(`${system.url}/readyz`)).json()).toEqual({
    status: "ready",
    database: true,
    queue: true,
    migrations: true,
  });
  const metrics = await (await fetch(`${system.url}/metrics`)).text();
  for (const name of ["cunwu_messages", "cunwu_waiting", "cunwu_carrier_calls_total", "cunwu_swept_total"])
    expect(metrics).toContain(name);
});

test("every answer forbids what a page does not need", async () => {
  for (const path of ["/sign-in", "/healthz", "/api/v1/openapi.json", "/nowhere", "/assets/app.css"]) {
    const { headers } = await fetch(system.url + path);
    expect([path, headers.get("content-security-policy")?.includes("default-src 'none'")]).toEqual([path, true]);
    expect([path, headers.get("x-content-type-options")]).toEqual([path, "nosniff"]);
  }
});
