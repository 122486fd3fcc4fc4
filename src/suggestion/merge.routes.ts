import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { isUuid, type SuggestionId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { apiRoute } from "../web/api.ts";
import { type Fields, pageForm } from "../web/page.ts";
import { CaseView, viewCase } from "./case-json.ts";
import type { CaseDeps } from "./cases.routes.ts";
import { mergeSuggestion } from "./merge-suggestion.ts";
import { moveToVillage } from "./move-to-village.ts";
import { showCase, visitCase } from "./show-case.ts";
import { splitSuggestion } from "./split-suggestion.ts";
import type { Suggestion } from "./suggestion.queries.ts";

const IdParams = Type.Object({ id: Type.String() });
const strict = { additionalProperties: false } as const;

/** Cases that are one, one that is several, and one that is another village's. */
export function mergeRoutes(app: FastifyInstance, deps: CaseDeps): void {
  type Act = (work: Work, id: SuggestionId, said: string) => Promise<Outcome<Suggestion>>;
  const call = (
    url: string,
    access: Parameters<typeof pageForm>[2]["access"] & string,
    about: string,
    field: string,
    act: Act,
  ) =>
    apiRoute(app, deps, {
      method: "POST",
      url: `/suggestions/:id/${url}`,
      access: access as never,
      summary: about,
      params: IdParams,
      body: Type.Object({ [field]: Type.String({ minLength: 1, maxLength: 5000 }) }, strict),
      answer: CaseView,
      async handle(work, { params, body }) {
        if (!isUuid(params.id)) return refusal("not_found", "没有这件意见");
        const done = await act(work, params.id as SuggestionId, (body as Record<string, string>)[field] ?? "");
        return done.ok ? await viewCase(work, done.value.id, deps.sealer) : done;
      },
    });
  const form = (
    url: string,
    access: Parameters<typeof pageForm>[2]["access"],
    done: string,
    act: (work: Work, id: SuggestionId, fields: Fields) => Promise<Outcome<Suggestion>>,
  ) =>
    pageForm(app, deps, {
      url: `/v/:code/cases/:id/${url}`,
      access,
      page: (visit) => showCase(visit, deps.sealer),
      async act(work, params, fields) {
        const found = await visitCase(work, params);
        if (!found.ok) return found;
        const acted = await act(work, found.value.suggestion.id, fields);
        return acted.ok ? ok(`/v/${params.code}/cases/${acted.value.id}?done=${done}`) : acted;
      },
    });

  call(
    "merge",
    "suggestion.merge",
    "Let it follow another case, by id or number; the main case is the answer",
    "into",
    mergeSuggestion,
  );
  call("split", "suggestion.split", "Make a part of what was said a case of its own", "part", splitSuggestion);
  call("move", "suggestion.move", "Give it to another village that knows its phone, by code", "village", moveToVillage);
  form("merge", "suggestion.merge", "merged", mergeTyped);
  form("split", "suggestion.split", "split", (work, id, fields) => splitSuggestion(work, id, fields.part ?? ""));
  form("move", "suggestion.move", "moved", (work, id, fields) => moveToVillage(work, id, fields.village ?? ""));
}

/** `into`: this case follows that one. Boxes `take-<id>`: those follow this one. */
async function mergeTyped(work: Work, id: SuggestionId, fields: Fields): Promise<Outcome<Suggestion>> {
  if (fields.into !== undefined) return await mergeSuggestion(work, id, fields.into);
  const taken = Object.keys(fields).flatMap((name) => /^take-([0-9a-f-]{36})$/.exec(name)?.[1] ?? []);
  let merged: Outcome<Suggestion> = invalid({ field: "take", message: "请勾选要并进来的件" });
  for (const one of taken.sort()) {
    merged = await mergeSuggestion(work, one as SuggestionId, id);
    if (!merged.ok) return merged;
  }
  return merged;
}
