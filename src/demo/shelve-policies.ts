import { listPolicies } from "../policy/policy.queries.ts";
import { addPolicy } from "../policy/write-policy.ts";
import { inWork, type WorkDeps } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import type { DemoActors } from "./demo.queries.ts";
import { POLICIES } from "./policies.ts";

/** The township writes for all its villages, the village what concerns its fields. A start that follows a crash may. */
export async function shelvePolicies(deps: WorkDeps, actors: DemoActors, village: Village): Promise<void> {
  for (const policy of POLICIES) {
    const writer = policy.office === "镇农业办" ? actors.cunwu : actors.dudao;
    const added = await inWork(deps, writer, async (work) => {
      const there = await listPolicies(work.tx, village);
      return there.some((one) => one.title === policy.title) ? null : await addPolicy(work, village, policy);
    });
    if (added?.ok === false) throw new Error(`a policy of the demo was refused: ${added.refusal.message}`);
  }
}
