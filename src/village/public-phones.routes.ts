import type { FastifyInstance } from "fastify";
import { printPhone } from "../lib/phone.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { readPublicPhones } from "./public-phones.queries.ts";
import { addPublicPhone, dropPublicPhone } from "./set-public-phones.ts";
import { visitVillage } from "./visit-village.ts";

/** The numbers that the village has published: shown in full, because they stand on the board, and allowed in notices. */
export function publicPhoneRoutes(app: FastifyInstance, deps: PageDeps): void {
  pageRoute(app, deps, { url: "/v/:code/public-phones", access: "template.read", show: showPhones });
  pageForm(app, deps, {
    url: "/v/:code/public-phones",
    access: "staff.edit",
    page: showPhones,
    async act(work, params, { phone = "", label = "", drop }) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const done = drop
        ? await dropPublicPhone(work, village.value, drop)
        : await addPublicPhone(work, village.value, { phone, label });
      const words = drop ? "phone_withdrawn" : "phone_published";
      return done.ok ? ok(`/v/${village.value.code}/public-phones?done=${words}`) : done;
    },
  });
}

async function showPhones({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const phones = await readPublicPhones(work.tx, village.value.id);
  return ok({
    view: "public-phones",
    title: phones.length === 0 ? "还没有公布的手机号" : `公布了 ${phones.length} 个手机号`,
    tab: "more",
    village: village.value,
    data: {
      edits: may(work.actor.role, "staff.edit"),
      phones: phones.map(({ hash, phone, label }) => ({
        label,
        phone: printPhone(work.sealer.openPhone(phone)),
        mark: hash.toString("hex"),
      })),
      form: problem?.fields ?? {},
    },
  });
}
