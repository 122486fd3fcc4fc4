import { audit, type Chain } from "../db/audit.queries.ts";
import { newId, type PolicyId } from "../lib/ids.ts";
import { type FieldError, invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { findPolicyById, insertPolicy, type PolicyOwner, switchPolicy, updatePolicy } from "./policy.queries.ts";
import { LONGEST, MOST_KEYWORDS, type Policy, type PolicyWords } from "./policy.ts";

/** As typed; whatever is left out is empty. */
export type PolicyWish = Partial<Record<keyof typeof LONGEST, string | undefined>> & {
  keywords?: readonly string[] | undefined;
};

/** A supervisor writes for all villages of the township, everybody else for his village. */
const ownerFor = (work: Work, village: Village): PolicyOwner =>
  work.actor.role === "township" && work.actor.township !== null
    ? { villageId: null, townshipId: work.actor.township }
    : { villageId: village.id, townshipId: null };

/** Whether this actor writes on the shelf that the entry stands on. */
export const isOwn = (work: Work, policy: Policy): boolean =>
  work.actor.role === "township" ? policy.townshipId === work.actor.township : policy.villageId !== null;

export async function addPolicy(work: Work, village: Village, wish: PolicyWish): Promise<Outcome<PolicyId>> {
  const words = readPolicy(wish);
  if (!words.ok) return words;
  const id = newId<PolicyId>(work.now.getTime());
  const owner = ownerFor(work, village);
  await insertPolicy(work.tx, { id, ...words.value, ...owner, writtenBy: work.actor.id }, work.now);
  await note(work, owner, "policy.add", id);
  return ok(id);
}

export async function changePolicy(
  work: Work,
  village: Village,
  id: PolicyId,
  wish: PolicyWish,
): Promise<Outcome<PolicyId>> {
  const policy = await findOwn(work, village, id);
  if (!policy.ok) return policy;
  const words = readPolicy(wish);
  if (!words.ok) return words;
  await updatePolicy(work.tx, id, words.value, work.actor.id, work.now);
  await note(work, policy.value, "policy.change", id);
  return ok(id);
}

/** Takes an entry off the shelf, or puts it back: a retired one is no longer told, and stays to be read. */
export async function retirePolicy(
  work: Work,
  village: Village,
  id: PolicyId,
  active: boolean,
): Promise<Outcome<PolicyId>> {
  const policy = await findOwn(work, village, id);
  if (!policy.ok) return policy;
  await switchPolicy(work.tx, id, active);
  await note(work, policy.value, active ? "policy.restore" : "policy.retire", id);
  return ok(id);
}

/** An entry that this village's people can look up. */
export async function visitPolicy(work: Work, village: Village, id: PolicyId): Promise<Outcome<Policy>> {
  const policy = await findPolicyById(work.tx, id);
  const here = policy && (policy.villageId === village.id || policy.townshipId === village.townshipId);
  return policy && here ? ok(policy) : refusal("not_found", "没有这条政策");
}

async function findOwn(work: Work, village: Village, id: PolicyId): Promise<Outcome<Policy>> {
  const policy = await visitPolicy(work, village, id);
  if (!policy.ok || isOwn(work, policy.value)) return policy;
  return refusal(
    "forbidden",
    policy.value.villageId === null ? "这条是乡镇定的，由乡镇来改" : "这条是村里定的，由村里来改",
  );
}

const note = (
  work: Work,
  { villageId, townshipId }: Pick<Policy, "villageId" | "townshipId">,
  action: string,
  id: PolicyId,
) => audit(work, { chain: (villageId ?? townshipId) as Chain, action, subject: "policy", subjectId: id });

const NAMES = {
  title: "名称",
  basis: "依据",
  scope: "范围",
  standard: "标准",
  process: "流程",
  office: "责任科室",
  person: "责任人",
  phone: "电话",
} as const;
const NEEDED = ["title", "standard", "process", "office"] as const;

function readPolicy(wish: PolicyWish): Outcome<PolicyWords> {
  const words = Object.fromEntries(
    Object.keys(LONGEST).map((field) => [field, cleanText(wish[field as keyof typeof LONGEST] ?? "").trim()]),
  ) as Record<keyof typeof LONGEST, string>;
  const keywords = [...new Set((wish.keywords ?? []).map((word) => cleanText(word).trim()).filter(Boolean))];
  const errors: FieldError[] = NEEDED.filter((field) => words[field] === "").map((field) => ({
    field,
    message: `请写${NAMES[field]}`,
  }));
  for (const field of Object.keys(LONGEST) as (keyof typeof LONGEST)[]) {
    const over = Array.from(words[field]).length - LONGEST[field];
    if (over > 0) errors.push({ field, message: `${NAMES[field]}太长，请减 ${over} 个字` });
  }
  if (keywords.length > MOST_KEYWORDS || keywords.some((word) => Array.from(word).length > LONGEST.title)) {
    errors.push({ field: "keywords", message: `别的叫法最多 ${MOST_KEYWORDS} 个，每个不超过 ${LONGEST.title} 字` });
  }
  return errors.length > 0 ? invalid(...errors) : ok({ ...words, keywords });
}
