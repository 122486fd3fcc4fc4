import { audit, PLATFORM_CHAIN } from "../db/audit.queries.ts";
import { after, MINUTE } from "../lib/clock.ts";
import type { PhoneNumber } from "../lib/phone.ts";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { OPERATOR } from "../lib/roles.ts";
import type { Sealer } from "../lib/seal.ts";
import { inWork, type WorkDeps } from "../queue/work.ts";
import { importRoster } from "../roster/import-roster.ts";
import { insertStaff, isLoginTaken } from "../staff/staff.queries.ts";
import { createTownship, createVillage } from "../village/create-village.ts";
import { setBudget } from "../village/set-budget.ts";
import { findVillage, type Village } from "../village/village.queries.ts";
import { ACCOUNTS } from "./accounts.ts";
import { type DemoActors, NO_PASSWORD } from "./demo.queries.ts";
import { type Person, writeCsv } from "./roster.ts";

export const VILLAGE_CODE = "guojiacun";
const TOWNSHIP = { code: "wangcun", name: "王村镇", county: "周村区" };
/** A demo must work at midnight too, so its notices may leave at any hour. */
const VILLAGE = {
  code: VILLAGE_CODE,
  name: "郭家村",
  signature: "郭家村村委会",
  township: TOWNSHIP.code,
  sendingHours: "any",
} as const;
/** A busy month of the demo takes about half of it. */
const MONTHLY_SEGMENTS = 4000;

/** Township, village and accounts in one commit. Nobody can sign in yet: passwords come last of all. */
export function makeOrganisation(deps: WorkDeps, sealer: Sealer): Promise<Outcome<null>> {
  return inWork(deps, OPERATOR, async (work) => {
    for (const { login } of ACCOUNTS) {
      if (await isLoginTaken(work.tx, login)) return refusal("already_exists", `登录名 ${login} 已经有了`);
    }
    const township = await createTownship(work, TOWNSHIP);
    if (!township.ok) return township;
    const village = await createVillage(work, VILLAGE);
    if (!village.ok) return village;
    const budget = await setBudget(work, village.value, MONTHLY_SEGMENTS);
    if (!budget.ok) return budget;
    for (const [index, { login, name, role, post, phone }] of ACCOUNTS.entries()) {
      const inVillage = role !== "platform" && role !== "township";
      const id = await insertStaff(
        work.tx,
        {
          name,
          role,
          login,
          post,
          passwordHash: NO_PASSWORD,
          mustChangePassword: false,
          phone: { hash: sealer.hashPhone(phone as PhoneNumber), sealed: sealer.phone(phone as PhoneNumber) },
          villageId: inVillage ? village.value.id : null,
          townshipId: role === "township" ? township.value.id : null,
        },
        // One after the other, because lists of staff are in the order of their birth.
        after(work.now, index * MINUTE),
      );
      const chain = inVillage ? village.value.id : role === "township" ? township.value.id : PLATFORM_CHAIN;
      await audit(work, { chain, action: "staff.create", subject: "actor", subjectId: id, detail: { role } });
    }
    return ok(null);
  });
}

/** By the clerk, as any village does it. The same file again changes nothing, so a start that follows a crash may. */
export async function fillRoster(
  deps: WorkDeps,
  sealer: Sealer,
  actors: DemoActors,
  people: readonly Person[],
): Promise<Village> {
  const filled = await inWork(deps, actors.cunwu, async (work): Promise<Outcome<Village>> => {
    const village = await findVillage(work.tx, VILLAGE_CODE);
    if (!village) return refusal("not_found", `没有代码是 ${VILLAGE_CODE} 的村`);
    const report = await importRoster(work, sealer, village.id, writeCsv(people));
    return report.ok ? ok(village) : report;
  });
  if (!filled.ok) throw new Error(filled.refusal.message);
  return filled.value;
}
