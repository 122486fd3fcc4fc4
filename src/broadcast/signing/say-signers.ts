import type { ActorId } from "../../lib/ids.ts";
import { NO_OVERSEER } from "./overseers.queries.ts";
import type { Signer } from "./signers.queries.ts";

/** Who will have to sign a notice, by name, and what to do where nobody can. One line a signature. */
export function saySigners(
  signers: readonly Signer[],
  { actorId, needsOverseer, rushed }: { actorId: ActorId; needsOverseer: boolean; rushed: boolean },
): string[] {
  const names = (role: Signer["role"]) =>
    signers.filter((one) => one.role === role && one.id !== actorId).map((one) => one.name);
  const secretaries = names("secretary");
  const overseers = names("overseer");
  const who = secretaries.join("或");
  const approver =
    secretaries.length === 0
      ? "除了您，村里没有别的书记账号能批：请乡镇再开一个"
      : rushed
        ? `马上发出，事后由书记${who}补签`
        : `由书记${who}批准`;
  if (!needsOverseer) return [approver];
  return [approver, overseers.length === 0 ? NO_OVERSEER : `村监会${overseers.join("或")}也要签字`];
}
