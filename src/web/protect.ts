import type { FastifyInstance } from "fastify";

/**
 * Headers of every answer. Nothing is loaded from elsewhere and no script or style stands in a page, so a villager's
 * text that looks like HTML has nothing to work with even if an escape were missed.
 */
const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

export function protectPages(app: FastifyInstance): void {
  app.addHook("onSend", async (request, reply, payload) => {
    reply.headers(HEADERS);
    // What stands on a page of one person must not lie in a cache for the next.
    const { kind } = request.routeOptions.config;
    const mayLie = kind === "asset" || (kind === "board" && reply.hasHeader("cache-control"));
    if (!mayLie) reply.header("cache-control", "no-store");
    if (request.protocol === "https") reply.header("strict-transport-security", "max-age=31536000");
    return payload;
  });
}
