import { maskPhone } from "../../lib/phone.ts";
import type { Sealer } from "../../lib/seal.ts";
import type { SystemWork } from "../../queue/work.ts";
import { readValues } from "../personal/values.queries.ts";
import { type AudienceWish, listLeftOut, type Range } from "./audience.queries.ts";
import { LEFT_OUT_WORDS } from "./audience.ts";

/** `phone` is masked; `why` says in words what is the matter and what can be done. */
export type LeftOutRow = { household: string; name: string | null; phone: string | null; why: string };

/** A page of those who will get nothing, in the order of the doors. */
export async function describeLeftOut(
  { tx }: SystemWork,
  sealer: Sealer,
  wish: AudienceWish,
  range: Range,
): Promise<LeftOutRow[]> {
  const rows = await listLeftOut(tx, wish, range);
  const { blanks } = wish;
  const lacking = blanks ? rows.filter((row) => row.reason === "no_value").map((row) => row.householdId) : [];
  const known = blanks ? await readValues(tx, wish.villageId, blanks.broadcastId, lacking) : [];
  const values = new Map(known.map((row) => [row.householdId, row.values]));
  return rows.map(({ householdId, household, name, phone, reason }) => {
    const missing = (blanks?.names ?? []).filter((blank) => values.get(householdId)?.[blank] === undefined);
    return {
      household,
      name,
      phone: phone && maskPhone(sealer.openPhone(phone)),
      why:
        reason === "no_value"
          ? `缺${missing.map((blank) => `“${blank}”`).join("、")}`
          : reason
            ? LEFT_OUT_WORDS[reason]
            : "",
    };
  });
}
