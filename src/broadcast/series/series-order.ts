import type { Db } from "../../db/connect.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import { isGapKnown, listParts } from "./series.queries.ts";

/**
 * Why a part of a series must not leave yet, in words, or null. No part overtakes an earlier one that may still leave;
 * where an earlier one was canceled, a person says whether this one makes sense without it. `asked`: he is saying so.
 */
export async function waitsForEarlier(
  db: Db,
  { id, villageId, series }: Pick<Broadcast, "id" | "villageId" | "series">,
  asked = false,
): Promise<string | null> {
  if (series === null) return null;
  const unsent = (await listParts(db, villageId, series.id)).filter(
    ({ part, launchedAt }) => part < series.part && launchedAt === null,
  );
  const waiting = unsent.filter(({ state }) => state !== "canceled");
  if (waiting.length > 0) return `连载的${sayParts(waiting)}还没有发，请先发出去，或者取消`;
  if (unsent.length === 0 || asked || (await isGapKnown(db, id))) return null;
  return `连载的${sayParts(unsent)}取消了，请决定这一条还发不发`;
}

const sayParts = (parts: readonly { part: number }[]): string => parts.map(({ part }) => `第 ${part} 条`).join("、");
