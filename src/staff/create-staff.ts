import { audit, PLATFORM_CHAIN } from "../db/audit.queries.ts";
import type { ActorId, TownshipId, VillageId } from "../lib/ids.ts";
import { explainPhoneProblem, parsePhone } from "../lib/phone.ts";
import { type FieldError, invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { MAY_APPOINT, ROLE_NAMES, type Role } from "../lib/roles.ts";
import type { Sealer } from "../lib/seal.ts";
import { cleanText } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { hashPassword, inventPassword } from "./password.ts";
import { findPhoneHolder, insertStaff, isLoginTaken } from "./staff.queries.ts";

export type StaffWish = {
  name: string;
  role: Role;
  login: string;
  post?: string | undefined;
  phone?: string | undefined;
  villageId: VillageId | null;
  townshipId: TownshipId | null;
};
export type FirstPassword = { id: ActorId; name: string; login: string; password: string };

/** A new account starts with a password that we invent: shown once, and good until its owner has made his own. */
export async function createStaff(work: Work, sealer: Sealer, wish: StaffWish): Promise<Outcome<FirstPassword>> {
  const errors: FieldError[] = [];
  const name = cleanText(wish.name).trim().slice(0, 30);
  if (name === "") errors.push({ field: "name", message: "请写姓名" });
  const login = wish.login.trim().toLowerCase();
  if (!/^[a-z0-9][a-z0-9._-]{1,39}$/.test(login)) {
    errors.push({ field: "login", message: "登录名用小写字母和数字，2 到 40 个" });
  } else if (await isLoginTaken(work.tx, login)) {
    errors.push({ field: "login", message: `登录名 ${login} 已有人用，请换一个` });
  }
  if (!MAY_APPOINT[work.actor.role].includes(wish.role)) errors.push({ field: "role", message: "请选一个角色" });
  const written = wish.phone ?? "";
  const phone = parsePhone(written);
  if (!phone.ok && phone.refusal !== "empty") {
    errors.push({ field: "phone", message: explainPhoneProblem(phone.refusal, written) });
  }
  const record = phone.ok ? { hash: sealer.hashPhone(phone.value), sealed: sealer.phone(phone.value) } : null;
  const holder = record && wish.villageId && (await findPhoneHolder(work.tx, wish.villageId, record.hash, null));
  if (holder) errors.push({ field: "phone", message: `这个号码已登记在${holder}名下，一个号码只能一个人用` });
  if (errors.length > 0) return invalid(...errors);

  const password = inventPassword();
  const id = await insertStaff(
    work.tx,
    {
      name,
      role: wish.role,
      login,
      post:
        cleanText(wish.post ?? "")
          .trim()
          .slice(0, 20) || ROLE_NAMES[wish.role],
      passwordHash: await hashPassword(password),
      mustChangePassword: true,
      phone: record,
      villageId: wish.villageId,
      townshipId: wish.townshipId,
    },
    work.now,
  );
  await audit(work, {
    chain: wish.villageId ?? wish.townshipId ?? PLATFORM_CHAIN,
    action: "staff.create",
    subject: "actor",
    subjectId: id,
    detail: { role: wish.role },
  });
  return ok({ id, name, login, password });
}
