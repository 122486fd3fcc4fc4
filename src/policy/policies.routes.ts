import type { FastifyInstance } from "fastify";
import { isUuid, type PolicyId } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { writeSignature } from "../village/village.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Fields, type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { findPolicy } from "./find-policy.ts";
import { listPolicies } from "./policy.queries.ts";
import type { Policy } from "./policy.ts";
import { sayChoices, sayPolicy } from "./say-policy.ts";
import { addPolicy, changePolicy, isOwn, type PolicyWish, retirePolicy, visitPolicy } from "./write-policy.ts";

/** The 政策汇编: read it, try what a villager would get for his words, add to it, edit and retire entries. */
export function policyRoutes(app: FastifyInstance, deps: PageDeps): void {
  pageRoute(app, deps, { url: "/v/:code/policies", access: "policy.read", show: showPolicies });
  pageRoute(app, deps, { url: "/v/:code/policies/new", access: "policy.edit", show: showNew });
  pageRoute(app, deps, { url: "/v/:code/policies/:id", access: "policy.edit", show: showPolicy });

  type Deed = (work: Work, village: Village, id: PolicyId, fields: Fields) => Promise<Outcome<PolicyId>>;
  const form = (
    url: string,
    page: (visit: Visit) => Promise<Outcome<Page>>,
    done: (fields: Fields) => string,
    deed: Deed,
  ) =>
    pageForm(app, deps, {
      url: `/v/:code/policies${url}`,
      access: "policy.edit",
      page,
      async act(work, params, fields) {
        const village = await visitVillage(work, params);
        if (!village.ok) return village;
        const changed = await deed(work, village.value, (params.id ?? "") as PolicyId, fields);
        return changed.ok ? ok(`/v/${params.code}/policies?done=${done(fields)}`) : changed;
      },
    });
  const known: (deed: Deed) => Deed = (deed) => async (work, village, id, fields) =>
    isUuid(id) ? await deed(work, village, id, fields) : refusal("not_found", "没有这条政策");
  form(
    "",
    showNew,
    () => "policy_added",
    (work, village, _, fields) => addPolicy(work, village, readWish(fields)),
  );
  form(
    "/:id",
    showPolicy,
    () => "policy_changed",
    known((work, village, id, fields) => changePolicy(work, village, id, readWish(fields))),
  );
  form(
    "/:id/active",
    showPolicy,
    ({ active }) => (active === "1" ? "policy_restored" : "policy_retired"),
    known((work, village, id, { active }) => retirePolicy(work, village, id, active === "1")),
  );
}

const readWish = ({ keywords = "", ...fields }: Fields): PolicyWish => ({
  ...fields,
  keywords: keywords.split(/[\s,;\u3001\uff0c\uff1b]+/),
});

async function showPolicies({ work, params, query }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const policies = await listPolicies(work.tx, village.value);
  const active = policies.filter((policy) => policy.active);
  const asked = (query.ask ?? "").slice(0, 100);
  return ok({
    view: "policies",
    title: active.length === 0 ? "政策汇编还是空的" : `村民能查 ${active.length} 项政策`,
    tab: "more",
    village: village.value,
    data: {
      asked,
      tried: asked.trim() === "" ? null : tryWords(asked, active, village.value),
      items: [...active, ...policies.filter((policy) => !policy.active)].map((policy) => ({
        ...policy,
        ofTownship: policy.villageId === null,
        own: may(work.actor.role, "policy.edit") && isOwn(work, policy),
      })),
    },
  });
}

/** What a villager would read who texts "政策" and these words. */
function tryWords(words: string, policies: readonly Policy[], village: Village): string | null {
  const found = findPolicy(words, policies);
  switch (found.kind) {
    case "sure":
      return writeSignature(village.signature) + sayPolicy(found.entry, village.signature);
    case "unsure":
      return writeSignature(village.signature) + sayChoices(found.entries.map((entry) => entry.title));
    case "none":
    case "unsaid":
      return null;
  }
}

async function showNew({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const everywhere = work.actor.role === "township";
  return ok({
    view: "policy",
    title: everywhere ? "给全乡镇各村加一项政策" : "加一项政策",
    tab: "more",
    village: village.value,
    data: { id: null, active: true, form: problem?.fields ?? {} },
  });
}

async function showPolicy({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const id = params.id ?? "";
  const found = isUuid(id)
    ? await visitPolicy(work, village.value, id as PolicyId)
    : refusal("not_found", "没有这条政策");
  if (!found.ok) return found;
  const policy = found.value;
  if (!isOwn(work, policy)) return refusal("forbidden", "这条不归您改");
  const { keywords, ...fields } = policy;
  return ok({
    view: "policy",
    title: `改“${policy.title}”`,
    tab: "more",
    village: village.value,
    data: {
      id,
      active: policy.active,
      form: problem?.fields.title === undefined ? { ...fields, keywords: keywords.join("、") } : problem.fields,
    },
  });
}
