import type { ActorId, VillageId } from "../lib/ids.ts";
import type { SystemWork } from "../queue/work.ts";
import { findSupervision, listOverseers } from "./sealed.queries.ts";
import { findAccused, sayReaders } from "./sealed.ts";

export type Readers = {
  hiddenFrom: ActorId[];
  /** Who owes the answer. */
  ownerId: ActorId | null;
  /** For the receipt; null: there is nobody who may read it. */
  words: string | null;
};

/** Who reads a sealed text: an overseer whom it is not about, and the township. */
export async function chooseReaders(
  work: SystemWork,
  villageId: VillageId,
  text: string,
  accused: readonly string[],
): Promise<Readers> {
  const overseers = await listOverseers(work.tx, villageId);
  const people = overseers.filter(({ kind }) => kind === "staff");
  const named = findAccused(text, accused, people);
  // Nobody knows who holds a key.
  const hiddenFrom =
    named.length > 0 ? [...named, ...overseers.filter((one) => one.kind === "api_key").map((one) => one.id)] : [];
  const clear = overseers.filter(({ id }) => !hiddenFrom.includes(id));
  const supervision = await findSupervision(work.tx, villageId);
  return {
    hiddenFrom,
    ownerId: clear[0]?.id ?? supervision?.supervisor ?? null,
    words: sayReaders(clear, supervision?.name ?? null),
  };
}
