import type { FastifyInstance } from "fastify";
import { pause } from "../../lib/slots.ts";
import { inWork } from "../../queue/work.ts";
import { actorOf } from "../../web/guard.ts";
import { type PageDeps, readFields } from "../../web/page.ts";
import { renderView } from "../../web/view.ts";
import { countMessages, listDoors } from "../audience/recipients.queries.ts";
import { visitNotice } from "../visit-notice.ts";
import { describeLive, isOver, MOST_DRAWN, titleOf } from "./live-view.ts";

const EVERY_MS = 1000;
/** Counting a town's texts takes a while: an open page spends at most so much of its time on it. */
const SHARE = 0.1;
/** A phone that was put away must not hold a connection for ever; the page asks again by itself. */
const LONGEST_MS = 10 * 60 * 1000;

/**
 * Live progress by server-sent events: the same fragment the page holds, sent again when something changed. It needs
 * nothing but the counts, so it is right after any restart, and a page without JavaScript is right when it is loaded.
 */
export function liveRoutes(app: FastifyInstance, deps: PageDeps): void {
  app.get(
    "/v/:code/notices/:id/live",
    { config: { access: "broadcast.read", kind: "page" } },
    async (request, reply) => {
      const actor = actorOf(request);
      const params = readFields(request.params);
      // What the page shows: another state has other buttons, so the page is asked for again when it changes.
      const { state } = readFields(request.query);
      const gone = new AbortController();
      request.raw.on("close", () => gone.abort());

      const look = () =>
        inWork(deps, actor, async (work) => {
          const found = await visitNotice(work, params);
          if (!found.ok) return null;
          const { broadcast, village } = found.value;
          const live = describeLive(
            await countMessages(work.tx, broadcast.id),
            await listDoors(work.tx, broadcast, MOST_DRAWN),
          );
          const heading = titleOf(broadcast, live.progress, work.now);
          return {
            html: renderView("parts/live", { live, village, notice: broadcast, heading }, work.now),
            over: broadcast.state !== state || isOver(broadcast.state, live.progress),
          };
        });

      const first = await look();
      if (!first) return reply.code(404).send();
      reply.hijack();
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      });
      const until = performance.now() + LONGEST_MS;
      let sent = "";
      let took = 0;
      for (let seen: typeof first | null = first; seen && !gone.signal.aborted && performance.now() < until; ) {
        if (seen.html !== sent) {
          reply.raw.write(`${seen.html.replace(/^/gm, "data: ")}\n\n`);
          sent = seen.html;
        } else {
          reply.raw.write(": still here\n\n");
        }
        if (seen.over) break;
        await pause(Math.max(EVERY_MS, took / SHARE), gone.signal);
        const asked = performance.now();
        seen = gone.signal.aborted ? null : await look().catch(() => null);
        took = performance.now() - asked;
      }
      if (!gone.signal.aborted) reply.raw.write("event: over\ndata: \n\n");
      reply.raw.end();
    },
  );
}
