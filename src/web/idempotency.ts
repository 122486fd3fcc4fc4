import { createHash } from "node:crypto";
import type { Outcome } from "../lib/refusal.ts";
import { refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { findAnswer, keepAnswer, lockKey } from "./idempotency.queries.ts";

/** What a request was answered, kept so that the same request again has no second effect. */
export type Answered = { status: number; body: string };

/**
 * Does something once per (actor, route, key). The answer is written in the same commit as the effect, so there is no
 * moment in which one exists without the other; while the first request is still working, the second is told so.
 * A refusal changed nothing and is not kept: the caller may mend what is wrong and use the key again.
 */
export async function once(
  work: Work,
  request: { route: string; key: string; body: unknown },
  effect: () => Promise<Outcome<Answered>>,
): Promise<Outcome<Answered>> {
  const { body = null } = request;
  const bodyHash = createHash("sha256")
    .update(Buffer.isBuffer(body) ? body : JSON.stringify(body))
    .digest();
  const id = { actorId: work.actor.id, route: request.route, key: request.key };
  if (!(await lockKey(work.tx, id))) return refusal("idempotency_in_flight", "同一个请求还在处理，请稍后再查");
  const known = await findAnswer(work.tx, id, work.now);
  if (known) {
    if (!known.bodyHash.equals(bodyHash))
      return refusal("idempotency_key_reused", "这个 Idempotency-Key 已用于另一个请求");
    return ok({ status: known.status, body: known.answer });
  }
  const result = await effect();
  if (result.ok) await keepAnswer(work.tx, { ...id, bodyHash, ...result.value, answer: result.value.body }, work.now);
  return result;
}
