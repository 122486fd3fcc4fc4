import type { FastifyInstance } from "fastify";
import type { Context } from "./context.ts";
import { pendingMigrations } from "./db/migrate.ts";

/** What monitors ask. `/healthz`: the process lives. `/readyz`: it can do its work. `/metrics`: Prometheus. */
export function probeRoutes(app: FastifyInstance, ctx: Context): void {
  const probe = { config: { access: "public", kind: "probe" }, schema: { hide: true } } as const;

  app.get("/healthz", probe, async () => ({ status: "ok" }));

  app.get("/readyz", probe, async (_request, reply) => {
    const [pending, queue] = await Promise.all([
      pendingMigrations(ctx.db.system).catch(() => null),
      within(3000, ctx.bells.ping()).catch(() => false),
    ]);
    const parts = { database: pending !== null, queue, migrations: pending !== null && pending.length === 0 };
    const ready = Object.values(parts).every(Boolean);
    return reply.code(ready ? 200 : 503).send({ status: ready ? "ready" : "not_ready", ...parts });
  });

  app.get("/metrics", probe, async (_request, reply) =>
    reply.type(ctx.metrics.registry.contentType).send(await ctx.metrics.registry.metrics()),
  );
}

/** A probe answers in time even where a connection hangs. */
const within = <T>(ms: number, wait: Promise<T>): Promise<T> =>
  Promise.race([wait, new Promise<never>((_, reject) => setTimeout(() => reject(new Error("too slow")), ms).unref())]);
