import type { FastifyInstance } from "fastify";
import { type BroadcastId, newId } from "../../lib/ids.ts";
import type { Outcome } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { shorten } from "../../lib/text.ts";
import { listColumns } from "../../village/village.queries.ts";
import { visitVillage } from "../../village/visit-village.ts";
import { type Page, type PageDeps, pageRoute, type Visit } from "../../web/page.ts";
import { listBroadcasts } from "../broadcast.queries.ts";
import { columnRoutes } from "../columns.routes.ts";
import { valueRoutes } from "../personal/values.routes.ts";
import { aloudRoutes } from "./aloud.routes.ts";
import { composeCheckRoutes } from "./compose-check.routes.ts";
import { composeWhoRoutes } from "./compose-who.routes.ts";
import { composeWriteRoutes } from "./compose-write.routes.ts";

/** Writing a notice: how it begins, and then three steps, each a page that can be left and come back to. */
export function composeRoutes(app: FastifyInstance, deps: PageDeps): void {
  const access = "broadcast.draft";
  pageRoute(app, deps, { url: "/v/:code/notices/new", access, show: showBeginnings });
  composeWriteRoutes(app, deps);
  composeWhoRoutes(app, deps);
  composeCheckRoutes(app, deps);
  valueRoutes(app, deps);
  columnRoutes(app, deps);
  aloudRoutes(app, deps);
}

/**
 * Each beginning is a link to a first step of its own: the id in it is fresh, and nothing is kept before somebody has
 * written something.
 */
async function showBeginnings({ work, params }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const { code, id } = village.value;
  const begin = (query: Record<string, string>) =>
    `/v/${code}/notices/${newId<BroadcastId>(work.now.getTime())}/write?${new URLSearchParams(query)}`;
  const earlier = await listBroadcasts(work.tx, id, 30, null);
  return ok({
    view: "notice-compose",
    title: "写一条通知",
    tab: "notices",
    village: village.value,
    data: {
      notice: begin({ kind: "notice" }),
      poll: begin({ kind: "poll" }),
      emergency: begin({ kind: "emergency" }),
      columns: (await listColumns(work.tx, id)).map((column) => ({
        name: column.name,
        href: begin({ kind: "notice", column: column.name }),
      })),
      drafts: earlier
        .filter((one) => one.state === "draft" || one.state === "returned")
        .map((one) => ({
          words: shorten(one.body, 30) || "（还没写内容）",
          column: one.column,
          drafter: one.drafter,
          returned: one.state === "returned",
          href: `/v/${code}/notices/${one.id}/write`,
        })),
      earlier: earlier
        .filter((one) => one.launchedAt !== null)
        .slice(0, 8)
        .map((one) => ({
          words: shorten(one.body, 30),
          column: one.column,
          at: one.launchedAt,
          href: begin({ kind: one.kind, copy: one.id }),
        })),
    },
  });
}
