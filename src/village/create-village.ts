import { audit, PLATFORM_CHAIN } from "../db/audit.queries.ts";
import type { TownshipId, VillageId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { type PromiseWish, readPromises } from "./promises.ts";
import {
  ensureCounty,
  findTownship,
  getVillage,
  insertTownship,
  insertVillage,
  type Township,
  type Village,
} from "./village.queries.ts";
import {
  DEFAULT_SENDING_HOURS,
  DEFAULT_SERVICE_HOURS,
  hoursProblem,
  readSignature,
  type SendingHours,
} from "./village.ts";

const CODE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;
const CODE_RULE = "代码只能用字母、数字、横线，最多 40 个";

export type NewTownship = { code: string; name: string; county?: string | undefined };

export async function createTownship(work: Work, wish: NewTownship): Promise<Outcome<Township>> {
  if (!CODE.test(wish.code)) return invalid({ field: "code", message: CODE_RULE });
  const township = { id: newId<TownshipId>(work.now.getTime()), code: wish.code, name: wish.name.trim() };
  const countyId = wish.county ? await ensureCounty(work.tx, wish.county.trim()) : null;
  if (!(await insertTownship(work.tx, { ...township, countyId }))) {
    return refusal("already_exists", `乡镇代码 ${wish.code} 已经有了`);
  }
  await audit(work, { chain: PLATFORM_CHAIN, action: "township.create", subject: "township", subjectId: township.id });
  return ok(township);
}

export type NewVillage = {
  code: string;
  name: string;
  signature: string;
  township?: string | undefined;
  sendingHours?: SendingHours | undefined;
  promises?: PromiseWish | undefined;
};

export async function createVillage(work: Work, wish: NewVillage): Promise<Outcome<Village>> {
  if (!CODE.test(wish.code)) return invalid({ field: "code", message: CODE_RULE });
  const signature = readSignature(wish.signature);
  const length = Array.from(signature).length;
  if (length < 2 || length > 18 || /[【】\s]/.test(signature)) {
    return invalid({ field: "signature", message: "签名要 2 到 18 个字，不用写【】" });
  }
  const sendingHours = wish.sendingHours ?? DEFAULT_SENDING_HOURS;
  const hours = hoursProblem(sendingHours);
  if (hours) return invalid({ field: "sendingHours", message: hours });
  const promises = readPromises(wish.promises ?? {});
  if (!promises.ok) return promises;
  const township = wish.township ? await findTownship(work.tx, wish.township) : null;
  if (township === undefined) return invalid({ field: "township", message: `没有代码是 ${wish.township} 的乡镇` });

  const village = {
    id: newId<VillageId>(work.now.getTime()),
    code: wish.code,
    name: wish.name.trim(),
    signature,
    sendingHours,
    promises: promises.value,
    serviceHours: DEFAULT_SERVICE_HOURS,
    townshipId: township?.id ?? null,
  };
  if (!(await insertVillage(work.tx, village, work.now))) {
    return refusal("already_exists", `村代码 ${wish.code} 已经有了`);
  }
  await audit(work, { chain: PLATFORM_CHAIN, action: "village.create", subject: "village", subjectId: village.id });
  return ok(await getVillage(work.tx, village.id));
}
