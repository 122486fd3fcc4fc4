import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { FastifyInstance } from "fastify";

const OURS = resolve(import.meta.dirname, "../../templates/assets");
const HTMX = resolve(import.meta.dirname, "../../node_modules/htmx.org/dist");

const TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

type Asset = { type: string; etag: string; plain: Buffer; br: Buffer; gzip: Buffer };

/**
 * Style and script, read and compressed once: together they are the larger part of every page, and a cheap phone on a
 * slow network waits for them. Pages themselves are not compressed: beside a form's token they repeat what was typed.
 */
export function assetRoutes(app: FastifyInstance): void {
  const ours = readdirSync(OURS).map((name) => join(OURS, name));
  const assets = new Map(
    [...ours, join(HTMX, "htmx.min.js"), join(HTMX, "ext/hx-sse.min.js")].map((path) => [basename(path), read(path)]),
  );
  app.get<{ Params: { name: string } }>(
    "/assets/:name",
    { config: { access: "public", kind: "asset" } },
    (request, reply) => {
      const asset = assets.get(request.params.name);
      if (!asset) return reply.callNotFound();
      const accepts = request.headers["accept-encoding"] ?? "";
      const encoding = /\bbr\b/.test(accepts) ? "br" : /\bgzip\b/.test(accepts) ? "gzip" : null;
      reply.headers({ "cache-control": "public, max-age=3600", etag: asset.etag, vary: "accept-encoding" });
      if (request.headers["if-none-match"] === asset.etag) return reply.code(304).send();
      if (encoding) reply.header("content-encoding", encoding);
      return reply.type(asset.type).send(encoding ? asset[encoding] : asset.plain);
    },
  );
}

function read(path: string): Asset {
  const plain = readFileSync(path);
  const type = TYPES[extname(path)];
  if (!type) throw new Error(`no content type for ${path}`);
  const etag = `"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`;
  return { type, etag, plain, br: brotliCompressSync(plain), gzip: gzipSync(plain) };
}
