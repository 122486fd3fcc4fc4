import { readConfig } from "../../src/config.ts";
import { createContext } from "../../src/context.ts";
import { freePort } from "../../src/db/owner.ts";
import { seedDemo } from "../../src/demo/seed-demo.ts";
import { createLog } from "../../src/log.ts";
import { buildServer } from "../../src/server.ts";
import { ACCOUNT } from "./forms.ts";
import { BENCH_KEY, type Ground } from "./ground.ts";

export type Demo = { url: string; passwords: ReadonlyMap<string, string>; close(): Promise<void> };

/** The demo village and its pages, in this process; nothing is sent meanwhile. */
export async function startDemo(ground: Ground): Promise<Demo> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const ctx = await createContext({
    config: readConfig({ DATABASE_URL: ground.url, DATA_KEY: BENCH_KEY.toString("base64"), PORT: String(port) }),
    secrets: { dataKey: BENCH_KEY, sessionKey: BENCH_KEY, accountSid: ACCOUNT.sid, authToken: ACCOUNT.token },
    access: ground.access,
    addresses: { publicBaseUrl: url, carrierBaseUrl: `${url}/simulator` },
    log: createLog("warn"),
  });
  await ctx.bells.start();
  const told = (await seedDemo(ctx)) ?? "";
  const app = await buildServer(ctx, url);
  await app.listen({ host: "127.0.0.1", port });
  const signIns = told.matchAll(/(\w+)\s+(\w{4}-\w{4}-\w{4})/g);
  return {
    url,
    passwords: new Map([...signIns].map(([, login = "", password = ""]) => [login, password])),
    async close() {
      await app.close();
      await ctx.close();
    },
  };
}

/** The pages that people open most; a state in braces is the newest notice of that state. */
const PATHS = [
  ...["", "/notices", "/notices/{sent}", "/notices/{sent}/unreached", "/notices/new", "/notices/{draft}/write"],
  ...[
    "/notices/{draft}/who",
    "/notices/{draft}/check",
    "/cases",
    "/people",
    "/people/enrolment",
    "/disclosure",
    "/sheets",
  ],
  "/more",
];

/** Their addresses in this database, and the page that needs no sign-in. */
export async function demoPages({ pool }: Ground): Promise<string[]> {
  const { rows } = await pool.query<{ state: string; id: string }>(
    "select distinct on (state) state, id from broadcasts order by state, id desc",
  );
  const newest = new Map(rows.map(({ state, id }) => [state, id]));
  const fill = (path: string) => path.replace(/\{(\w+)\}/, (_, state: string) => newest.get(state) ?? "none");
  return [...PATHS.map((path) => `/v/guojiacun${fill(path)}`), "/p/guojiacun"];
}
