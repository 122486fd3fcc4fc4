import type { VillageId } from "../lib/ids.ts";
import type { Sealer } from "../lib/seal.ts";

/**
 * By what a list brings somebody back whose data was taken out: his name at his door, and his name with his number. A
 * name alone is many people's, and a number may be his widow's now. Keyed hashes, different in each village: whoever has
 * the database reads no name out of them.
 */
export function marksOf(
  sealer: Sealer,
  villageId: VillageId,
  { household, name, phone }: { household: string; name: string; phone: string | null },
): Buffer[] {
  const mark = (...words: string[]) => sealer.hashWords([villageId, ...words, name].join("\n"));
  return [mark("door", household), ...(phone ? [mark("phone", phone)] : [])];
}
