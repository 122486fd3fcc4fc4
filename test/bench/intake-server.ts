import Fastify from "fastify";
import pg from "pg";
import { readConfig } from "../../src/config.ts";
import { createContext } from "../../src/context.ts";
import { freePort } from "../../src/db/owner.ts";
import { workOutAccess } from "../../src/db/roles.ts";
import { createLog } from "../../src/log.ts";
import { buildServer } from "../../src/server.ts";
import { ACCOUNT } from "./forms.ts";
import { BENCH_KEY } from "./ground.ts";
import { serve } from "./helper.ts";

/** The server side of webhooks: ours with everything it does, or routes that do one INSERT each and no more. */
const { BENCH_SIDE, BENCH_DATABASE = "" } = process.env;
const port = await freePort();
const url = `http://127.0.0.1:${port}`;

if (BENCH_SIDE === "ours") {
  const ctx = await createContext({
    config: readConfig({ DATABASE_URL: BENCH_DATABASE, DATA_KEY: BENCH_KEY.toString("base64"), PORT: String(port) }),
    secrets: { dataKey: BENCH_KEY, sessionKey: BENCH_KEY, accountSid: ACCOUNT.sid, authToken: ACCOUNT.token },
    access: workOutAccess({ databaseUrl: BENCH_DATABASE, dataKey: BENCH_KEY, given: {} }),
    addresses: { publicBaseUrl: url, carrierBaseUrl: url },
    log: createLog("warn"),
  });
  await ctx.bells.start();
  const app = await buildServer(ctx, url);
  await app.listen({ host: "127.0.0.1", port });
} else {
  const pool = new pg.Pool({ connectionString: BENCH_DATABASE, max: 12 });
  await pool.query(`create table if not exists bare_inbound (sid text primary key, sender text, body text,
    at timestamptz default now())`);
  await pool.query(`create table if not exists bare_reports (id bigint generated always as identity primary key,
    sid text, attempt text, status text, at timestamptz default now())`);
  const app = Fastify();
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(body as string))),
  );
  app.post<{ Body: Record<string, string> }>("/hooks/twilio/inbound", async (request, reply) => {
    const { MessageSid, From, Body } = request.body;
    await pool.query("insert into bare_inbound (sid, sender, body) values ($1, $2, $3)", [MessageSid, From, Body]);
    return reply.type("text/xml").send("<Response/>");
  });
  app.post<{ Body: Record<string, string>; Querystring: { a: string } }>(
    "/hooks/twilio/status",
    async (request, reply) => {
      const { MessageSid, MessageStatus } = request.body;
      const values = [MessageSid, request.query.a, MessageStatus];
      await pool.query("insert into bare_reports (sid, attempt, status) values ($1, $2, $3)", values);
      return reply.code(204).send();
    },
  );
  await app.listen({ host: "127.0.0.1", port });
}
serve(url, () => null);
