import type { Db } from "../db/connect.ts";
import { asSystem } from "../db/tenancy.ts";
import { startOf } from "../disclosure/disclosure.queries.ts";
import { channelOfVillage } from "../message/channel.queries.ts";
import { inPublicWork, type PublicWork, type WorkDeps } from "../queue/work.ts";
import { findVillage, type Village } from "../village/village.queries.ts";

export type PublicDeps = Pick<WorkDeps, "app" | "clock"> & { system: Db };

/** The village a public address names, with the number to text it; its rows are read as a visitor. */
export type PublicVisit = {
  work: PublicWork;
  village: Village;
  sender: string;
  /** When the village began here: nothing earlier is owed. */
  since: Date;
};

/** Null: there is no such village, or it has taken its page down. One is not to be told from the other. */
export async function visitPublic<T>(
  deps: PublicDeps,
  code: string,
  body: (visit: PublicVisit) => Promise<T>,
): Promise<T | null> {
  const found = await asSystem(deps.system, async (tx) => {
    const village = await findVillage(tx, code);
    if (!village?.publicPage) return null;
    const { sender } = await channelOfVillage(tx, village.id);
    return { village, sender, since: (await startOf(tx, [village.id])).get(village.id) ?? deps.clock.now() };
  });
  return found && (await inPublicWork(deps, found.village.id, (work) => body({ work, ...found })));
}
