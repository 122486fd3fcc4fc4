import Fastify from "fastify";
import pg from "pg";
import { signIn } from "../support/browser-session.ts";
import { demoPages, startDemo } from "./demo-server.ts";
import { startGround } from "./ground.ts";
import { median, type Row } from "./harness.ts";

const VISITS = 15;

/** Every page that people open most, again and again: the median of a page, and the mean of these over the pages. */
export const pagesRow: Row = {
  name: "a page, from the request to its last byte",
  unit: "ms",
  references: [{ name: "bare Fastify, one query, as many bytes", target: { atMost: 25 } }],
  async prepare() {
    const ground = await startGround();
    const demo = await startDemo(ground);
    const visitor = await signIn(demo.url, "shuji", demo.passwords.get("shuji"));
    const paths = await demoPages(ground);
    const bodies = await Promise.all(paths.map(async (path) => await (await visitor.get(path)).text()));
    const bare = Fastify();
    const pool = new pg.Pool({ connectionString: ground.url, max: 8 });
    bare.get<{ Params: { n: string } }>("/:n", async (request, reply) => {
      await pool.query("select id, name from villages limit 1");
      return reply.type("text/html; charset=utf-8").send(bodies[Number(request.params.n)]);
    });
    const bareUrl = await bare.listen({ host: "127.0.0.1", port: 0 });
    const times = new Map<string, number>();
    return {
      async ours() {
        for (const path of paths) times.set(path, await typical(() => visitor.get(path)));
        return mean([...times.values()]);
      },
      references: [
        async () => {
          const all = [];
          for (const n of paths.keys()) all.push(await typical(() => fetch(`${bareUrl}/${n}`)));
          return mean(all);
        },
      ],
      notes: async () => {
        const [slowest] = [...times].sort(([, a], [, b]) => b - a);
        return slowest
          ? [`the slowest, ${slowest[0].replace(/[0-9a-f-]{36}/, "…")}, takes ${slowest[1].toFixed(1)} ms`]
          : [];
      },
      async done() {
        await bare.close();
        await pool.end();
        await demo.close();
        await ground.leave();
      },
    };
  },
};

async function typical(visit: () => Promise<Response>): Promise<number> {
  const all = [];
  for (let i = 0; i < VISITS; i++) {
    const started = performance.now();
    const answer = await visit();
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`${answer.url} answered ${answer.status}`);
    all.push(performance.now() - started);
  }
  return median(all);
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
