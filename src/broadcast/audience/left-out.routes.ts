import type { FastifyInstance } from "fastify";
import { ok } from "../../lib/result.ts";
import type { Sealer } from "../../lib/seal.ts";
import { type PageDeps, pageRoute } from "../../web/page.ts";
import { findBlanks } from "../personal/blanks.ts";
import { visitNotice } from "../visit-notice.ts";
import { type AudienceWish, countAudience } from "./audience.queries.ts";
import { sayLeftOut, unitOf } from "./audience.ts";
import { describeLeftOut } from "./left-out.ts";

const SHOWN = 100;

/** Before a notice leaves: the doors that it will pass by, and why. After it, the unreached have a page of their own. */
export function leftOutRoutes(app: FastifyInstance, deps: PageDeps & { sealer: Sealer }): void {
  pageRoute(app, deps, {
    url: "/v/:code/notices/:id/left-out",
    access: "broadcast.draft",
    async show({ work, params, query }) {
      const found = await visitNotice(work, params);
      if (!found.ok) return found;
      const { village, broadcast } = found.value;
      const { id, villageId, audience, columnId, kind } = broadcast;
      const names = findBlanks(broadcast.body);
      const offset = /^\d{1,7}$/.test(query.after ?? "") ? Number(query.after) : 0;
      const wish: AudienceWish = {
        ...{ villageId, columnId, emergency: kind === "emergency" },
        // With blanks it is one text a door, whatever was chosen.
        audience: names.length > 0 ? { ...audience, scope: "households" } : audience,
        blanks: names.length > 0 ? { broadcastId: id, names } : undefined,
      };
      const rows = await describeLeftOut(work, deps.sealer, wish, { limit: SHOWN + 1, offset });
      const counted = await countAudience(work.tx, wish);
      return ok({
        view: "notice-left-out",
        title: rows.length === 0 ? "没有哪户不发" : "这些户不发",
        tab: "notices",
        village,
        data: {
          why: sayLeftOut(counted, unitOf({ audience, personal: names.length > 0 })),
          items: rows.slice(0, SHOWN),
          back: `/v/${village.code}/notices/${id}`,
          next: rows.length > SHOWN ? offset + SHOWN : null,
        },
      });
    },
  });
}
