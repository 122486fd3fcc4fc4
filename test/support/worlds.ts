import type { FastifyInstance } from "fastify";
import { sql } from "kysely";
import { launchBroadcast } from "../../src/broadcast/sending/launch-broadcast.ts";
import { asActor } from "../../src/db/tenancy.ts";
import type { BroadcastId, SuggestionId } from "../../src/lib/ids.ts";
import { type Actor, may, OPERATOR, type Role } from "../../src/lib/roles.ts";
import { createLog } from "../../src/log.ts";
import { inSystemWork, inWork } from "../../src/queue/work.ts";
import { buildServer } from "../../src/server.ts";
import { createApiKey } from "../../src/staff/api-keys.ts";
import { SESSION_COOKIE } from "../../src/web/guard.ts";
import { startContext, type TestContext } from "./context.ts";
import { type Cast, givenApproved, givenSupervisor, givenVillage, PASSWORD, phoneOf } from "./given.ts";
import { type Route, watchRoutes } from "./routes.ts";
import { villager } from "./villager.ts";

/**
 * A village at a stopped clock, with its server but no workers: what two of them do with the same events can be
 * compared letter by letter. Only ids, tokens and keys are made anew; `normalise` numbers them as they appear.
 */
export type World = {
  t: TestContext;
  cast: Cast;
  actors: ReadonlyMap<Role, Actor>;
  routes: readonly Route[];
  case: SuggestionId;
  notice: BroadcastId;
  /** Everything the log said, one line each. */
  lines: string[];
  /** Null: this role has no business there. `id` stands for the case or the notice, by default for one of the village. */
  asks(role: Role, route: Route, id?: string): Promise<Answer | null>;
  metrics(): Promise<string>;
  counts(actor: Actor): Promise<Record<string, number>>;
  stop(): Promise<void>;
};
export type Answer = { status: number; headers: Record<string, unknown>; body: string; length: number };

export const OVERSEER = { name: "郭长顺", phone: phoneOf(904) };

/** `between`: what one of two worlds has, and the other does not. */
export async function startWorld(between: (t: TestContext, cast: Cast) => Promise<void>): Promise<World> {
  const lines: string[] = [];
  const log = createLog("trace", { write: (line) => void lines.push(line) });
  const t = await startContext({ log });
  const { value: app, routes } = await watchRoutes(() => buildServer(t.ctx, "http://127.0.0.1:1"));
  const cast = await givenVillage(t.ctx, { households: 8, township: "town" });
  const actors = new Map<Role, Actor>([
    ["secretary", cast.secretary],
    ["clerk", cast.clerk],
    ["cadre", await cast.actor("cadre", "王春霞", phoneOf(903))],
    ["overseer", await cast.actor("overseer", OVERSEER.name, OVERSEER.phone)],
    ["township", await givenSupervisor(t.ctx, cast, "dudao", phoneOf(905))],
  ]);
  await villager(t, 5).texts("二组的路灯坏了");
  const notice = await givenApproved(t.ctx, cast);
  await inSystemWork(t.ctx.work, (work) => launchBroadcast(work, notice));
  // Sent in both worlds before anybody writes: what answers it must not hang on who wrote first.
  await t.ctx.dispatcher.dispatch(t.ctx.channelId, new AbortController().signal);
  await between(t, cast);
  // What comes after: the next numbers, replies to the notice, an alarm, a rating.
  await villager(t, 6).texts("村西头的井水有味");
  await villager(t, 7).texts("收到");
  await villager(t, 4).texts("着火了");
  const opened = await villager(t, 6).lastCase();
  // Whoever wrote what the other world does not have.
  const writer = await t.ctx.db.system
    .selectFrom("villagers")
    .select(["id", "household_id as door"])
    .where("phone_hash", "=", t.ctx.sealer.hashPhone(phoneOf(5) as never))
    .executeTakeFirstOrThrow();
  const usual = (url: string): string => {
    if (/\/people\/person\//.test(url)) return writer.id;
    if (/\/people\//.test(url)) return writer.door;
    return /alarms|cases|suggestions|sealed/.test(url) ? opened : notice;
  };

  const logins = {
    secretary: "guojia-xxx",
    clerk: "guojia-clerk",
    cadre: "guojia-0903",
    overseer: "guojia-0904",
    township: "dudao",
  };
  const sessions = new Map<Role, string>();
  const keys = new Map<Role, string>();
  for (const role of actors.keys()) {
    sessions.set(role, await signIn(app, logins[role as keyof typeof logins]));
    const place = role === "township" ? { townshipId: cast.townshipId } : { villageId: cast.village.id };
    const scope = { villageId: null, townshipId: null, ...place } as Parameters<typeof createApiKey>[1];
    keys.set(role, await inWork(t.ctx.work, OPERATOR, (work) => createApiKey(work, { ...scope, role })));
  }

  return {
    ...{ t, cast, actors, routes, lines, notice, case: opened },
    async asks(role, route, other) {
      if (route.kind !== "api" && route.kind !== "page") return null;
      if (route.access !== "public" && route.access !== "signed-in" && !may(role, route.access)) return null;
      const id = other ?? usual(route.url);
      const path = route.url.replace(":code", "guojia").replace(":id", id).replace(":item/:period", "F01/2026-09");
      const query = route.url === "/api/v1/inbound" ? "?unregistered=true" : "";
      const headers =
        route.kind === "api"
          ? { authorization: `Bearer ${keys.get(role)}` }
          : { cookie: `${SESSION_COOKIE}=${sessions.get(role)}` };
      const answer = await app.inject({ method: route.method as "GET", url: path + query, headers });
      const { date: _date, ...rest } = answer.headers;
      const headersThen = JSON.parse(normalise(JSON.stringify(rest))) as Record<string, unknown>;
      return {
        status: answer.statusCode,
        headers: headersThen,
        body: normalise(answer.body),
        length: answer.body.length,
      };
    },
    async metrics() {
      const { body } = await app.inject({ method: "GET", url: "/metrics" });
      const ours = body.split("\n").filter((line) => line.includes("cunwu_"));
      return normalise(ours.join("\n"));
    },
    counts: (actor) =>
      asActor(t.ctx.db.app, actor, async (tx) => {
        const { rows: tables } = await sql<{ name: string }>`
          select c.relname as name from pg_class c
           where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
             and has_table_privilege(c.oid, 'select') order by 1`.execute(tx);
        const counts: Record<string, number> = {};
        for (const { name } of tables) {
          const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(name)}`.execute(tx);
          counts[name] = rows[0]?.n ?? -1;
        }
        return counts;
      }),
    async stop() {
      await app.close();
      await t.stop();
    },
  };
}

async function signIn(app: FastifyInstance, login: string): Promise<string> {
  const answer = await app.inject({
    ...{ method: "POST", url: "/sign-in", headers: { "content-type": "application/x-www-form-urlencoded" } },
    payload: new URLSearchParams({ login, password: PASSWORD }).toString(),
  });
  const cookie = answer.cookies.find(({ name }) => name === SESSION_COOKIE);
  if (!cookie) throw new Error(`${login} was not signed in: ${answer.statusCode}`);
  return cookie.value;
}

/** Ids, ours and the carrier's, in the order in which they appear; tokens of a form and of a session are noise. */
export function normalise(text: string): string {
  const seen = new Map<string, string>();
  return text
    .replace(/name="_csrf" value="[^"]*"/g, 'name="_csrf"')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|SM\d{32}/gi, (id) => {
      const known = seen.get(id) ?? `#${seen.size + 1}`;
      seen.set(id, known);
      return known;
    });
}
