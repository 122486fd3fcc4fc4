import type { FastifyInstance } from "fastify";
import { audit } from "../db/audit.queries.ts";
import type { ActorId } from "../lib/ids.ts";
import { isUuid } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { MAY_APPOINT, ROLE_NAMES, VILLAGE_ROLES } from "../lib/roles.ts";
import type { Sealer } from "../lib/seal.ts";
import type { Work } from "../queue/work.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Fields, type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { createStaff, type FirstPassword } from "./create-staff.ts";
import { hashPassword, inventPassword } from "./password.ts";
import { recordPhone, showPhone } from "./record-phone.ts";
import { findManaged, listStaff, setActive, setPassword } from "./staff.queries.ts";

/** Accounts of a village: who has one, new ones, a forgotten password, somebody who left. */
export function staffRoutes(app: FastifyInstance, deps: PageDeps & { sealer: Sealer }): void {
  const show = (visit: Visit) => showStaff(visit, deps.sealer, null);
  pageRoute(app, deps, { url: "/v/:code/staff", access: "staff.read", show });
  pageForm(app, deps, {
    url: "/v/:code/staff",
    access: "staff.edit",
    page: show,
    act: (work, params, fields) => addStaff(work, deps.sealer, params, fields),
  });
  pageForm(app, deps, {
    url: "/v/:code/staff/:id/password",
    access: "staff.edit",
    page: show,
    act: (work, params) => resetPassword(work, deps.sealer, params),
  });
  pageForm(app, deps, {
    url: "/v/:code/staff/:id/active",
    access: "staff.edit",
    page: show,
    act: switchActive,
  });
  pageForm(app, deps, {
    url: "/v/:code/staff/:id/phone",
    access: "staff.edit",
    page: show,
    async act(work, params, fields) {
      const account = await visitAccount(work, params);
      if (!account.ok) return account;
      const recorded = await recordPhone(work, deps.sealer, { ...account.value, townshipId: null }, fields.phone ?? "");
      return recorded.ok
        ? ok(`/v/${params.code}/staff?done=${fields.phone?.trim() ? "phone_set" : "phone_removed"}`)
        : recorded;
    },
  });
}

async function showStaff(
  { work, params, problem }: Pick<Visit, "work" | "params"> & Partial<Pick<Visit, "problem">>,
  sealer: Sealer,
  told: Omit<FirstPassword, "id"> | null,
): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const staff = await listStaff(work.tx, village.value.id);
  const roles = MAY_APPOINT[work.actor.role].filter((role) => VILLAGE_ROLES.includes(role));
  return ok({
    view: "staff",
    title: `${staff.filter((one) => one.active).length} 个工作人员账号`,
    tab: "more",
    village: village.value,
    data: {
      told,
      roles: roles.map((role) => ({ value: role, label: ROLE_NAMES[role] })),
      items: staff.map((one) => ({
        ...one,
        phone: showPhone(sealer, one.phone),
        /** Whose form came back, to show it beside him. */
        asked: problem?.fields.phoneOf === one.id,
        role: ROLE_NAMES[one.role],
        locked: one.lockedUntil !== null && one.lockedUntil > work.now,
        mine: one.id === work.actor.id,
        managed: MAY_APPOINT[work.actor.role].includes(one.role) && one.id !== work.actor.id,
      })),
    },
  });
}

async function addStaff(work: Work, sealer: Sealer, params: Fields, fields: Fields): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const role = VILLAGE_ROLES.find((one) => one === fields.role);
  if (!role) return invalid({ field: "role", message: "请选一个角色" });
  const { name = "", login = "", post, phone } = fields;
  const created = await createStaff(work, sealer, {
    name,
    login,
    post,
    phone,
    role,
    villageId: village.value.id,
    townshipId: null,
  });
  return created.ok ? await showStaff({ work, params }, sealer, created.value) : created;
}

async function resetPassword(work: Work, sealer: Sealer, params: Fields): Promise<Outcome<Page>> {
  const account = await visitAccount(work, params);
  if (!account.ok) return account;
  const password = inventPassword();
  await setPassword(work.tx, account.value.id, await hashPassword(password), true, work.now);
  const page = await showStaff({ work, params }, sealer, {
    name: account.value.name,
    login: account.value.login,
    password,
  });
  await audit(work, {
    chain: account.value.villageId,
    action: "staff.reset_password",
    subject: "actor",
    subjectId: account.value.id,
  });
  return page;
}

async function switchActive(work: Work, params: Fields, fields: Fields): Promise<Outcome<string>> {
  const account = await visitAccount(work, params);
  if (!account.ok) return account;
  const active = fields.active === "1";
  await setActive(work.tx, account.value.id, active);
  await audit(work, {
    chain: account.value.villageId,
    action: active ? "staff.activate" : "staff.deactivate",
    subject: "actor",
    subjectId: account.value.id,
  });
  return ok(`/v/${params.code}/staff?done=switched`);
}

/** An account of the village in the address that this person may administer; never his own. */
async function visitAccount(work: Work, params: Fields) {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const id = params.id ?? "";
  const account =
    isUuid(id) && id !== work.actor.id ? await findManaged(work.tx, work.actor, id as ActorId) : undefined;
  if (account?.villageId !== village.value.id) return refusal("not_found", "没有这个账号");
  return ok({ ...account, villageId: village.value.id });
}
