import type { FastifyInstance } from "fastify";
import { isUuid, type SuggestionId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Sealer } from "../lib/seal.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { auditCase } from "./audit-case.ts";
import { sayVillager } from "./case-view.ts";
import { findSuggestion } from "./suggestion.queries.ts";

/** The number behind a case, for whoever has to ring him: shown once, on being asked for, and written down each time. */
export function phoneRoutes(app: FastifyInstance, deps: PageDeps & { sealer: Sealer }): void {
  const url = "/v/:code/cases/:id/phone";
  pageRoute(app, deps, { url, access: "phone.reveal", show: (visit) => showPhone(visit, null) });
  pageForm(app, deps, {
    url,
    access: "phone.reveal",
    page: (visit) => showPhone(visit, null),
    act: (work, params) => showPhone({ work, params }, deps.sealer),
  });
}

/** With a sealer the number is shown, and that it was. */
async function showPhone(
  { work, params }: Pick<Visit, "work" | "params">,
  sealer: Sealer | null,
): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const id = params.id ?? "";
  const suggestion = isUuid(id) ? await findSuggestion(work.tx, id as SuggestionId) : undefined;
  if (suggestion?.villageId !== village.value.id) return refusal("not_found", "没有这件意见");
  const phone = sealer && suggestion.phone ? sealer.openPhone(suggestion.phone) : null;
  if (phone) await auditCase(work, suggestion, "phone.reveal");
  const folder = suggestion.sealed ? "sealed" : "cases";
  return ok({
    view: "phone",
    title: `${sayVillager(suggestion)}的电话`,
    tab: suggestion.sealed ? "more" : "cases",
    village: village.value,
    data: {
      phone: phone?.replace(/^\+86/, "") ?? null,
      known: suggestion.phone !== null,
      action: `/v/${params.code}/cases/${id}/phone`,
      back: `/v/${params.code}/${folder}/${id}`,
    },
  });
}
