import type { FastifyInstance } from "fastify";
import { audit } from "../db/audit.queries.ts";
import { type ActorId, isUuid } from "../lib/ids.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { listContacts } from "../staff/contacts.queries.ts";
import { showContact } from "../staff/show-contact.ts";
import { setPublicPage } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";

/** The secretary says whether the village has a public page, and who stands on it with which phone. */
export function publicSettingsRoutes(app: FastifyInstance, deps: PageDeps & { publicBaseUrl: string }): void {
  const url = "/v/:code/public";
  const show = (visit: Visit) => showSettings(visit, deps.publicBaseUrl);
  const common = { access: "public.edit", page: show } as const;
  pageRoute(app, deps, { url, access: common.access, show });
  pageForm(app, deps, {
    url: `${url}/switch`,
    ...common,
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const { id, code } = village.value;
      const on = fields.on === "1";
      await setPublicPage(work.tx, id, on);
      const action = on ? "public_page.open" : "public_page.close";
      await audit(work, { chain: id, action, subject: "village", subjectId: id });
      return ok(`/v/${code}/public?done=${on ? "public_on" : "public_off"}`);
    },
  });
  pageForm(app, deps, {
    url: `${url}/people/:id`,
    ...common,
    async act(work, params, { post = "", duty = "", phone = "", shown }) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const id = params.id ?? "";
      if (!isUuid(id)) return refusal("not_found", "没有这个工作人员");
      const words = { post, duty, phone, shown: shown === "1" };
      const set = await showContact(work, village.value.id, id as ActorId, words);
      return set.ok ? ok(`/v/${params.code}/public?done=contact_set`) : set;
    },
  });
}

async function showSettings({ work, params, problem }: Visit, publicBaseUrl: string): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const { id, code, publicPage } = village.value;
  return ok({
    view: "public-settings",
    title: publicPage ? "公开网页开着" : "公开网页关着",
    tab: "more",
    village: village.value,
    data: {
      on: publicPage,
      address: `${publicBaseUrl}/p/${code}`,
      people: (await listContacts(work.tx, id)).map((one) => {
        const asked = problem !== null && problem.fields.who === one.id;
        return { ...one, asked, ...(asked ? { ...problem.fields, shown: problem.fields.shown === "1" } : {}) };
      }),
    },
  });
}
