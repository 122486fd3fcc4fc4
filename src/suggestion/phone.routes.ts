import type { FastifyInstance } from "fastify";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Sealer } from "../lib/seal.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { auditCase } from "./audit-case.ts";
import { sayVillager } from "./case-view.ts";
import { findCase } from "./find-case.ts";

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
  const found = await findCase(work, params.id ?? "", params.code ?? "");
  if (!found.ok) return found;
  const { suggestion, village } = found.value;
  const { id } = suggestion;
  const phone = sealer && suggestion.phone ? sealer.openPhone(suggestion.phone) : null;
  if (phone) await auditCase(work, suggestion, "phone.reveal");
  const folder = suggestion.sealed ? "sealed" : "cases";
  return ok({
    view: "phone",
    title: `${sayVillager(suggestion)}的电话`,
    tab: suggestion.sealed ? "more" : "cases",
    village,
    data: {
      phone: phone?.replace(/^\+86/, "") ?? null,
      known: suggestion.phone !== null,
      action: `/v/${params.code}/cases/${id}/phone`,
      back: `/v/${params.code}/${folder}/${id}`,
    },
  });
}
