import type { FastifyInstance } from "fastify";
import { type BroadcastId, isUuid, newId, type PolicyId } from "../../lib/ids.ts";
import { refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { visitPolicy } from "../../policy/write-policy.ts";
import { visitVillage } from "../../village/visit-village.ts";
import { type PageDeps, pageForm } from "../../web/page.ts";
import { saveDraft } from "../compose/save-draft.ts";
import { writeTip } from "./policy-tip.ts";

const TIPS_COLUMN = "农村政策导读";

/** "写成一条提示" on the page of policies: a draft in the column of tips, to be looked over and handed in. */
export function policyTipRoutes(app: FastifyInstance, deps: PageDeps): void {
  pageForm(app, deps, {
    url: "/v/:code/policies/:id/tip",
    access: "broadcast.draft",
    page: async () => refusal("not_found", "没有这条政策"),
    async act(work, params) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const id = params.id ?? "";
      const policy = isUuid(id)
        ? await visitPolicy(work, village.value, id as PolicyId)
        : refusal("not_found", "没有这条政策");
      if (!policy.ok) return policy;
      const key = { id: newId<BroadcastId>(work.now.getTime()), version: null, kind: "notice" as const };
      const body = writeTip(policy.value, village.value.signature);
      const saved = await saveDraft(work, village.value, key, { column: TIPS_COLUMN, body });
      return saved.ok ? ok(`/v/${village.value.code}/notices/${key.id}/write?done=tip_written`) : saved;
    },
  });
}
