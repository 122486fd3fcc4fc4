import type { FastifyInstance } from "fastify";
import type { BroadcastId, HouseholdId, InboundId } from "../../lib/ids.ts";
import { isUuid } from "../../lib/ids.ts";
import { type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { Work } from "../../queue/work.ts";
import type { Village } from "../../village/village.queries.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../../web/page.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import { showNotice } from "../show-notice.ts";
import { visitNotice } from "../visit-notice.ts";
import { draftCorrection, draftForUnreached } from "./follow-up.ts";
import { listForVisit, tellDoor } from "./list-visits.ts";
import { listReplies } from "./replies.queries.ts";
import { readCauses, showUnreached } from "./show-unreached.ts";
import { printVisits, showOpenVisits, showVisits } from "./show-visits.ts";

/** What comes after a notice: whom it did not reach, who goes there, what it said wrong. */
export function afterSendingRoutes(app: FastifyInstance, deps: PageDeps): void {
  const notice = "/v/:code/notices/:id";
  pageRoute(app, deps, { url: `${notice}/unreached`, access: "broadcast.read", show: showUnreached });
  pageRoute(app, deps, { url: `${notice}/replies`, access: "broadcast.read", show: showReplies });
  pageRoute(app, deps, { url: `${notice}/visits`, access: "visit.read", show: showVisits });
  pageRoute(app, deps, { url: `${notice}/visits/print`, access: "visit.read", show: printVisits });
  pageRoute(app, deps, { url: "/v/:code/visits", access: "visit.read", show: showOpenVisits });

  pageForm(app, deps, {
    url: `${notice}/visits`,
    access: "broadcast.control",
    page: showUnreached,
    async act(work, params, fields) {
      const found = await visitNotice(work, params);
      if (!found.ok) return found;
      const listed = await listForVisit(work, found.value.broadcast.id, readCauses(fields));
      return listed.ok ? ok(`/v/${params.code}/notices/${listed.value.id}/visits?done=visits_listed`) : listed;
    },
  });
  pageForm(app, deps, {
    url: `${notice}/telling`,
    access: "visit.tick",
    page: showVisits,
    async act(work, params, fields) {
      const found = await visitNotice(work, params);
      if (!found.ok) return found;
      const { household = "", how = "", note = "" } = fields;
      if (!isUuid(household)) return refusal("not_found", "这户不在您的入户清单上");
      const wish = { householdId: household as HouseholdId, how, note };
      const told = await tellDoor(work, found.value.broadcast, wish);
      return told.ok ? ok(`/v/${params.code}/notices/${told.value}/visits?done=door_told`) : told;
    },
  });

  type Draft = (work: Work, village: Village, first: Broadcast) => Promise<Outcome<BroadcastId>>;
  const drafted = (url: string, page: typeof showNotice, draft: Draft) =>
    pageForm(app, deps, {
      url: `${notice}/${url}`,
      access: "broadcast.draft",
      page,
      async act(work, params) {
        const found = await visitNotice(work, params);
        if (!found.ok) return found;
        const made = await draft(work, found.value.village, found.value.broadcast);
        return made.ok ? ok(`/v/${params.code}/notices/${made.value}/write`) : made;
      },
    });
  drafted("correction", showNotice, draftCorrection);
  drafted("again", showUnreached, draftForUnreached);
}

/** What villagers wrote back, a page at a time: the notice's own page has the newest. */
async function showReplies({ work, params, query }: Visit): Promise<Outcome<Page>> {
  const found = await visitNotice(work, params);
  if (!found.ok) return found;
  const { village, broadcast } = found.value;
  const before = isUuid(query.before ?? "") ? (query.before as InboundId) : null;
  const replies = await listReplies(work.tx, broadcast.id, before);
  return ok({
    view: "notice-replies",
    title: replies.doors === 0 ? "还没有人回短信" : "回给这条通知的短信",
    tab: "notices",
    village,
    data: { notice: { id: broadcast.id, column: broadcast.column }, replies },
  });
}
