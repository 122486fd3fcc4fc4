import type { Db, Tx } from "../db/connect.ts";
import type { ActorId, DisclosureChainId, VillageId } from "../lib/ids.ts";
import type { IsoDay } from "../lib/iso-day.ts";
import type { ChainKind } from "./chain.ts";
import type { StepDone } from "./chain-state.ts";

export type ChainRow = {
  id: DisclosureChainId;
  villageId: VillageId;
  kind: ChainKind;
  title: string;
  heldOn: IsoDay;
  noticeDays: number | null;
  startedAt: Date;
  starter: string | null;
  stoppedAt: Date | null;
};

const read = (db: Db, villageId: VillageId) =>
  db
    .selectFrom("disclosure_chains as c")
    .leftJoin("actors as a", "a.id", "c.started_by")
    .select([
      "c.id",
      "c.village_id as villageId",
      "c.kind",
      "c.title",
      "c.held_on as heldOn",
      "c.notice_days as noticeDays",
      "c.started_at as startedAt",
      "a.name as starter",
      "c.stopped_at as stoppedAt",
    ])
    .where("c.village_id", "=", villageId);

export const listChains = (db: Db, villageId: VillageId): Promise<ChainRow[]> =>
  read(db, villageId).orderBy("c.id", "desc").limit(100).execute();

export const findChainRow = (db: Db, villageId: VillageId, id: DisclosureChainId): Promise<ChainRow | undefined> =>
  read(db, villageId).where("c.id", "=", id).executeTakeFirst();

/** Two who tick at once do so one after the other. */
export const lockChain = (tx: Tx, id: DisclosureChainId): Promise<unknown> =>
  tx.selectFrom("disclosure_chains").select("id").where("id", "=", id).forUpdate().executeTakeFirst();

type NewChain = Pick<ChainRow, "id" | "villageId" | "kind" | "title" | "heldOn" | "noticeDays"> & { by: ActorId };

export async function insertChain(tx: Tx, chain: NewChain, now: Date): Promise<void> {
  await tx
    .insertInto("disclosure_chains")
    .values({
      id: chain.id,
      village_id: chain.villageId,
      kind: chain.kind,
      title: chain.title,
      held_on: chain.heldOn,
      notice_days: chain.noticeDays,
      started_by: chain.by,
      started_at: now,
    })
    .execute();
}

export async function stopChainRow(tx: Tx, id: DisclosureChainId, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("disclosure_chains")
    .set({ stopped_at: now })
    .where("id", "=", id)
    .where("stopped_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function insertStep(
  tx: Tx,
  chain: Pick<ChainRow, "id" | "villageId">,
  step: string,
  done: StepDone & { by: ActorId },
  now: Date,
): Promise<void> {
  await tx
    .insertInto("disclosure_chain_steps")
    .values({
      chain_id: chain.id,
      village_id: chain.villageId,
      step,
      done_on: done.doneOn,
      eligible: done.eligible,
      present: done.present,
      agreeing: done.agreeing,
      done_by: done.by,
      noted_at: now,
    })
    .execute();
}

/** What was ticked, and what was posted of its publications: by chain and step. */
export async function listSteps(
  db: Db,
  villageId: VillageId,
): Promise<(StepDone & { chainId: DisclosureChainId; step: string })[]> {
  const ticked = await db
    .selectFrom("disclosure_chain_steps")
    .select(["chain_id as chainId", "step", "done_on as doneOn", "eligible", "present", "agreeing"])
    .where("village_id", "=", villageId)
    .execute();
  const posted = await db
    .selectFrom("disclosures")
    .select(["chain_id as chainId", "chain_step as step", "board_posted_on as doneOn"])
    .where("village_id", "=", villageId)
    .where("chain_id", "is not", null)
    .where("board_posted_on", "is not", null)
    .execute();
  const nobody = { eligible: null, present: null, agreeing: null };
  const published = posted.flatMap(({ chainId, step, doneOn }) =>
    chainId && step && doneOn ? [{ chainId, step, doneOn, ...nobody }] : [],
  );
  return [...ticked, ...published];
}
