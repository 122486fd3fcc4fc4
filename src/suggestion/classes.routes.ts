import type { FastifyInstance } from "fastify";
import { ok } from "../lib/result.ts";
import { pageForm } from "../web/page.ts";
import type { CaseDeps } from "./cases.routes.ts";
import { correctClasses } from "./correct-classes.ts";
import { showCase, visitCase } from "./show-case.ts";

/** One tap on the case's page puts it into another class. */
export function classRoutes(app: FastifyInstance, deps: CaseDeps): void {
  pageForm(app, deps, {
    url: "/v/:code/cases/:id/classes",
    access: "suggestion.classify",
    page: (visit) => showCase(visit, deps.sealer),
    async act(work, params, fields) {
      const found = await visitCase(work, params);
      if (!found.ok) return found;
      const { id } = found.value.suggestion;
      const { nature, category, urgent } = fields;
      const corrected = await correctClasses(work, id, { nature, category, urgent });
      return corrected.ok ? ok(`/v/${params.code}/cases/${id}?done=classes_set`) : corrected;
    },
  });
}
