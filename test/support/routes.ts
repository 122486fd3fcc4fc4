import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { FastifyInstance } from "fastify";
import type { Access, RouteKind } from "../../src/web/guard.ts";

export type Route = { method: string; url: string; access: Access; kind: RouteKind };

/** Every route of the servers that are built while `body` runs, as Fastify itself announces them. */
export async function watchRoutes<T>(body: () => Promise<T>): Promise<{ value: T; routes: Route[] }> {
  const routes: Route[] = [];
  const onServer = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook("onRoute", (route) => {
      for (const method of [route.method].flat()) {
        if (method === "HEAD") continue;
        const { access, kind } = route.config ?? {};
        if (access && kind) routes.push({ method, url: route.url, access, kind });
      }
    });
  };
  subscribe("fastify.initialization", onServer);
  try {
    return { value: await body(), routes };
  } finally {
    unsubscribe("fastify.initialization", onServer);
  }
}
