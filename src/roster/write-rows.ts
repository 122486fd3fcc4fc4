import type { Tx } from "../db/connect.ts";
import type { ActorId, GridId, GroupId, HouseholdId, VillageId, VillagerId } from "../lib/ids.ts";
import { newId } from "../lib/ids.ts";
import type { Sealer } from "../lib/seal.ts";
import type { Compared } from "./compare-rows.ts";
import {
  chooseContacts,
  ensureGrids,
  ensureGroups,
  findCadres,
  insertPhones,
  upsertHouseholds,
  upsertVillagers,
} from "./import.queries.ts";

/** What an import knows of its village, so that it asks once. */
export type Ground = {
  groups: Map<string, GroupId>;
  grids: Map<string, GridId>;
  cadres: Map<string, ActorId>;
};

export const readGround = async (tx: Tx, villageId: VillageId): Promise<Ground> => ({
  groups: await ensureGroups(tx, villageId, []),
  grids: await ensureGrids(tx, villageId, []),
  cadres: await findCadres(tx, villageId),
});

type Deps = { tx: Tx; now: Date; sealer: Sealer; villageId: VillageId; ground: Ground };

/**
 * Writes what is new or otherwise. The same rows again write nothing; whoever is not among them is not touched, and
 * whoever was taken out is not written.
 */
export async function writeRows(deps: Deps, compared: readonly Compared[]): Promise<void> {
  const { tx, now, sealer, villageId, ground } = deps;
  const writing = compared.filter((one) => needsWriting(one, ground));
  if (writing.length === 0) return;
  await knowNames(deps, writing);
  const doors = new Map(writing.map(({ person }) => [person.household, person]));
  const households = await upsertHouseholds(
    tx,
    villageId,
    [...doors.values()].map(({ household, group, grid, cadre }) => ({
      id: newId<HouseholdId>(now.getTime()),
      number: household,
      groupId: group === null ? null : (ground.groups.get(group) ?? null),
      gridId: grid === null ? null : (ground.grids.get(grid) ?? null),
      cadreName: cadre,
      cadreId: cadre === null ? null : (ground.cadres.get(cadre) ?? null),
    })),
    now,
  );
  const phones = new Map<string, { hash: Buffer; sealed: Buffer }>();
  for (const { person, phoneHash } of writing) {
    if (person.phone === null || phoneHash === null || phones.has(person.phone)) continue;
    phones.set(person.phone, { hash: phoneHash, sealed: sealer.phone(person.phone) });
  }
  await insertPhones(tx, villageId, [...phones.values()], now);
  await upsertVillagers(
    tx,
    villageId,
    writing.map(({ person, phoneHash, before }) => {
      const householdId = households.get(person.household);
      if (!householdId) throw new Error("a household of the file was not written");
      const id = before?.id ?? newId<VillagerId>(now.getTime());
      return { id, householdId, name: person.name, tags: person.tags, phoneHash, position: positionOf(person) };
    }),
    now,
  );
  await chooseContacts(tx, villageId, [...households.values()]);
}

/** Who comes first at a door is texted for it, so the file's order counts; a cadre may have got an account meanwhile. */
function needsWriting({ person, before, verdict, erasedAt }: Compared, { cadres }: Ground): boolean {
  if (erasedAt !== null) return false;
  if (before === null || verdict !== "unchanged") return true;
  const cadreId = person.cadre === null ? undefined : cadres.get(person.cadre);
  return before.position !== positionOf(person) || (cadreId !== undefined && cadreId !== before.cadreId);
}

const positionOf = ({ place }: { place: number }): number => Math.min(place, 32_000);

async function knowNames({ tx, villageId, ground }: Deps, writing: readonly Compared[]): Promise<void> {
  const unknown = (column: "group" | "grid", known: ReadonlyMap<string, unknown>) => [
    ...new Set(writing.flatMap(({ person }) => person[column] ?? []).filter((name) => !known.has(name))),
  ];
  const groups = unknown("group", ground.groups);
  if (groups.length > 0) ground.groups = await ensureGroups(tx, villageId, groups);
  const grids = unknown("grid", ground.grids);
  if (grids.length > 0) ground.grids = await ensureGrids(tx, villageId, grids);
}
