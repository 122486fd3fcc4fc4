import type { FastifyInstance } from "fastify";
import { sha256 } from "../lib/seal.ts";
import { type Fields, readFields } from "./page.ts";
import { renderView } from "./view.ts";

/** A page that anybody may read, as `Page` is for whoever signed in. */
export type BoardPage = {
  view: string;
  title: string;
  village: { code: string; name: string };
  data: Record<string, unknown>;
};

type BoardRoute = {
  url: string;
  /** Null: no such village, or nothing there. */
  show(params: Fields, query: Fields): Promise<BoardPage | null>;
};

/** How long a cache may keep a page without asking again: what is withdrawn must be gone soon. */
export const FRESH_SECONDS = 60;

/**
 * `GET`: a page without a session, a cookie or a script. The same address always shows the same to everybody, so it
 * may lie in caches; large letters are part of the address (`?big=1`), and every link takes them along.
 */
export function boardRoute(app: FastifyInstance, now: () => Date, route: BoardRoute): void {
  app.get(route.url, { config: { access: "public", kind: "board" } }, async (request, reply) => {
    const query = readFields(request.query);
    const page = await route.show(readFields(request.params), query);
    if (!page) return await app.errorPage(reply, 404, "没有这个公开页面，请核对网址");
    const { view, title, village, data } = page;
    const big = query.big === "1";
    const base = `/p/${village.code}`;
    const to = (path = "", more: Fields = {}): string => {
      const asked = new URLSearchParams({ ...more, ...(big ? { big: "1" } : {}) }).toString();
      return base + path + (asked ? `?${asked}` : "");
    };
    const body = renderView(view, { ...data, title, village, big, to, path: request.url.split("?")[0] }, now());
    const etag = `"${sha256(body).toString("base64url").slice(0, 22)}"`;
    reply.header("cache-control", `public, max-age=${FRESH_SECONDS}`).header("etag", etag);
    const known = request.headers["if-none-match"]?.split(",").map((one) => one.trim().replace(/^W\//, ""));
    if (known?.includes(etag)) return await reply.code(304).send();
    return await reply.type("text/html; charset=utf-8").send(body);
  });
}
