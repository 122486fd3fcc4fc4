import type { FastifyInstance } from "fastify";
import { ok } from "../../lib/result.ts";
import { type PageDeps, pageRoute } from "../../web/page.ts";
import { findBlanks } from "../personal/blanks.ts";
import { visitNotice } from "../visit-notice.ts";
import { readAloud } from "./read-aloud.ts";

/** What somebody reads into the village's loudspeaker, large and to print. */
export function aloudRoutes(app: FastifyInstance, deps: PageDeps): void {
  pageRoute(app, deps, {
    url: "/v/:code/notices/:id/aloud",
    access: "broadcast.read",
    async show({ work, params }) {
      const found = await visitNotice(work, params);
      if (!found.ok) return found;
      const { village, broadcast } = found.value;
      const { lines, seconds } = readAloud(broadcast, village.name);
      return ok({
        view: "notice-aloud",
        title: "大喇叭广播稿",
        tab: "notices",
        village,
        data: {
          lines,
          minutes: Math.max(1, Math.ceil(seconds / 60)),
          personal: findBlanks(broadcast.body).length > 0,
          back: `/v/${village.code}/notices/${broadcast.id}`,
        },
      });
    },
  });
}
