import type { FastifyInstance } from "fastify";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { listHandlers } from "../staff/staff.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Fields, type Page, pageForm, pageFragment, pageRoute, type Visit } from "../web/page.ts";
import type { CaseDeps } from "./cases.routes.ts";
import { addPhrase, removePhrase } from "./edit-phrases.ts";
import { listPhrases } from "./phrases.queries.ts";
import { previewOf, showCase, visitCase } from "./show-case.ts";

/** Writing an answer: what the villager will read while one types, and the sentences the village says often. */
export function composerRoutes(app: FastifyInstance, deps: CaseDeps): void {
  const base = "/v/:code/cases/:id";
  pageFragment(app, deps, {
    url: `${base}/preview`,
    access: "suggestion.answer",
    async show(work, params, fields) {
      const preview = await showPreview(work, params, fields);
      return preview.ok ? ok({ view: "parts/answer-preview", data: preview.value }) : preview;
    },
  });
  // One tap: with script the words come into their field, without it the page comes back with them.
  pageFragment(app, deps, {
    url: `${base}/compose/:phrase`,
    access: "suggestion.answer",
    async show(work, params, fields) {
      const typed = await insertPhrase(work, params, fields);
      const preview = await showPreview(work, params, typed);
      if (!preview.ok) return preview;
      const data = {
        base: `/v/${params.code}/cases/${params.id}`,
        value: typed.text,
        wrong: null,
        preview: preview.value,
      };
      return ok({ view: "parts/composer", data });
    },
  });
  pageRoute(app, deps, {
    url: `${base}/draft/:phrase`,
    access: "suggestion.answer",
    show: (visit) => showCase(visit, deps.sealer),
  });
  pageForm(app, deps, {
    url: `${base}/draft/:phrase`,
    access: "suggestion.answer",
    page: (visit) => showCase(visit, deps.sealer),
    async act(work, params, fields) {
      const draft = await insertPhrase(work, params, fields);
      return await showCase({ work, params, query: {}, problem: null }, deps.sealer, draft);
    },
  });

  pageRoute(app, deps, { url: "/v/:code/phrases", access: "phrase.edit", show: showPhrases });
  pageForm(app, deps, {
    url: "/v/:code/phrases",
    access: "phrase.edit",
    page: showPhrases,
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const added = await addPhrase(work, village.value, fields.text ?? "");
      return added.ok ? ok(`/v/${params.code}/phrases?done=phrase_added`) : added;
    },
  });
  pageForm(app, deps, {
    url: "/v/:code/phrases/:id/removal",
    access: "phrase.edit",
    page: showPhrases,
    async act(work, params) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const removed = await removePhrase(work, village.value, params.id ?? "");
      return removed.ok ? ok(`/v/${params.code}/phrases?done=phrase_removed`) : removed;
    },
  });
}

async function showPreview(work: Work, params: Fields, typed: Fields) {
  const found = await visitCase(work, params);
  if (!found.ok) return found;
  const { village, suggestion } = found.value;
  return ok(previewOf(village, suggestion, typed, await listHandlers(work.tx, village.id), work.now));
}

/** What was typed with the phrase behind it, as a sentence of its own. */
async function insertPhrase(work: Work, params: Fields, typed: Fields): Promise<Fields> {
  const village = await visitVillage(work, params);
  const phrases = village.ok ? await listPhrases(work.tx, village.value.id) : [];
  const phrase = phrases.find((one) => one.id === params.phrase)?.text ?? "";
  const before = (typed.text ?? "").trimEnd();
  const stop = before === "" || /[\p{P}]$/u.test(before) ? "" : "。";
  return { ...typed, text: `${before}${phrase === "" ? "" : stop}${phrase}` };
}

async function showPhrases({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const phrases = await listPhrases(work.tx, village.value.id);
  return ok({
    view: "phrases",
    title: phrases.length === 0 ? "还没有常用的话" : `${phrases.length} 句常用的话`,
    tab: "more",
    village: village.value,
    data: { phrases, text: problem?.fields.text ?? "" },
  });
}
