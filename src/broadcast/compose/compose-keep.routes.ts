import type { FastifyInstance } from "fastify";
import type { Outcome } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { Work } from "../../queue/work.ts";
import { type Fields, type PageDeps, pageFragment } from "../../web/page.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import { type Composing, type Step, visitDraft } from "./compose.ts";

type Save = (work: Work, composing: Composing, fields: Fields) => Promise<Outcome<Broadcast>>;

/** Leaving a field keeps what is in it; without script it is kept by the button that leads on. */
export function keepRoute(app: FastifyInstance, deps: PageDeps, step: Step, save: Save): void {
  pageFragment(app, deps, {
    url: `/v/:code/notices/:id/${step}/keep`,
    access: "broadcast.draft",
    async show(work, params, fields) {
      const found = await visitDraft(work, params, fields);
      if (!found.ok) return found;
      const saved = await save(work, found.value, fields);
      const data = saved.ok
        ? { version: saved.value.version, at: work.now, problem: null }
        : { version: fields.version ?? "", at: null, problem: saved.refusal.message };
      return ok({ view: "parts/compose-kept", data });
    },
  });
}
