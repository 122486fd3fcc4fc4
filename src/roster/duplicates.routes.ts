import type { FastifyInstance } from "fastify";
import { maskPhone } from "../lib/phone.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { findPairs, listMerges, type Pair, type Twin } from "./duplicates.queries.ts";
import { mergePeople, partPeople } from "./merge-people.ts";

const MOST_PAIRS = 30;
const LATELY = 20;

/** People who were written down twice: proposed here, decided by a person, undone here. */
export function duplicateRoutes(app: FastifyInstance, deps: PageDeps): void {
  const url = "/v/:code/people/duplicates";
  pageRoute(app, deps, { url, access: "roster.edit", show: showDuplicates });
  pageForm(app, deps, {
    url,
    access: "roster.edit",
    page: showDuplicates,
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const drop = fields.keep === fields.one ? fields.other : fields.one;
      const merged = await mergePeople(work, village.value, { keep: fields.keep, drop });
      return merged.ok ? ok(`/v/${params.code}/people/duplicates?done=people_merged`) : merged;
    },
  });
  pageForm(app, deps, {
    url: `${url}/undo`,
    access: "roster.edit",
    page: showDuplicates,
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const parted = await partPeople(work, village.value, fields.merge ?? "");
      return parted.ok ? ok(`/v/${params.code}/people/duplicates?done=people_parted`) : parted;
    },
  });
}

async function showDuplicates({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const pairs = await findPairs(work.tx, village.value.id, MOST_PAIRS);
  const merges = await listMerges(work.tx, village.value.id, LATELY);
  const describe = (twin: Twin) => ({
    ...{ id: twin.id, name: twin.name, door: twin.door, doorId: twin.householdId, tags: twin.tags },
    phone: twin.phone ? maskPhone(work.sealer.openPhone(twin.phone)) : null,
  });
  return ok({
    view: "duplicates",
    title: pairs.length === 0 ? "没有重复的人" : `有 ${pairs.length} 对像是同一个人`,
    tab: "people",
    village: village.value,
    data: {
      pairs: pairs.map((pair: Pair) => ({
        sides: [describe(pair.one), describe(pair.other)],
        same: pair.one.householdId === pair.other.householdId ? "同一户里同名" : "同名，用同一个手机，登在两户",
        asked: problem?.fields.one === pair.one.id && problem?.fields.other === pair.other.id,
      })),
      merges,
    },
  });
}
