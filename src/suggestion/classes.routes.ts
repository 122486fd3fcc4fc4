import type { FastifyInstance } from "fastify";
import { isUuid, type SuggestionId } from "../lib/ids.ts";
import { refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { visitVillage } from "../village/visit-village.ts";
import { pageForm } from "../web/page.ts";
import type { CaseDeps } from "./cases.routes.ts";
import { correctClasses } from "./correct-classes.ts";
import { showCase } from "./show-case.ts";
import { findSuggestion } from "./suggestion.queries.ts";

/** One tap on the case's page puts it into another class. */
export function classRoutes(app: FastifyInstance, deps: CaseDeps): void {
  pageForm(app, deps, {
    url: "/v/:code/cases/:id/classes",
    access: "suggestion.classify",
    page: (visit) => showCase(visit, deps.sealer),
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const id = params.id ?? "";
      const suggestion = isUuid(id) ? await findSuggestion(work.tx, id as SuggestionId) : undefined;
      if (suggestion?.villageId !== village.value.id) return refusal("not_found", "没有这件意见");
      const { nature, category, urgent } = fields;
      const corrected = await correctClasses(work, suggestion.id, { nature, category, urgent });
      return corrected.ok ? ok(`/v/${params.code}/cases/${id}?done=classes_set`) : corrected;
    },
  });
}
