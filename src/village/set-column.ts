import { audit } from "../db/audit.queries.ts";
import { fold } from "../lib/fold.ts";
import { type ColumnId, newId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { type ColumnChange, insertColumn, orderColumns, updateColumn } from "./columns.queries.ts";
import { COLUMN_CLASSES, type ColumnAudience, FOUNDING_COLUMNS, mayBeOptional } from "./columns.ts";
import { type Column, listAllColumns, type Village } from "./village.queries.ts";

/** As long as villagers will type to leave it. */
const LONGEST_NAME = 10;

export async function addColumn(
  work: Work,
  village: Village,
  wish: { name: string; class: string },
): Promise<Outcome<ColumnId>> {
  const columns = await listAllColumns(work.tx, village.id);
  const name = readName(wish.name, columns);
  if (!name.ok) return name;
  const columnClass = COLUMN_CLASSES.find((one) => one === wish.class);
  if (!columnClass) return invalid({ field: "class", message: "请选这个栏目是哪一类" });
  const id = newId<ColumnId>(work.now.getTime());
  await insertColumn(work.tx, { id, villageId: village.id, name: name.value, class: columnClass });
  return await noted(work, village, id, "column.add");
}

/** Founding columns that a village has under no name of its own: its list was begun from another one. */
export async function missingColumns(work: Work, village: Village): Promise<(typeof FOUNDING_COLUMNS)[number][]> {
  const known = (await listAllColumns(work.tx, village.id)).map((one) => fold(one.name));
  return FOUNDING_COLUMNS.filter((one) => !known.includes(fold(one.name)));
}

/** Adds them behind the others; a village that wants none of one retires it. */
export async function addMissingColumns(work: Work, village: Village): Promise<Outcome<number>> {
  const missing = await missingColumns(work, village);
  for (const wish of missing) {
    const added = await addColumn(work, village, wish);
    if (!added.ok) return added;
  }
  return ok(missing.length);
}

/** What is left out stays. A name that villagers use to leave a column is no longer known once it is another. */
export type ColumnWish = { name?: string; mayDecline?: boolean; audience?: ColumnAudience | null; retired?: boolean };

export async function setColumn(
  work: Work,
  village: Village,
  id: ColumnId,
  wish: ColumnWish,
): Promise<Outcome<ColumnId>> {
  const columns = await listAllColumns(work.tx, village.id);
  const column = columns.find((one) => one.id === id);
  if (!column) return refusal("not_found", "没有这个栏目");
  const others = columns.filter((one) => one.id !== id);
  const name = wish.name === undefined ? null : readName(wish.name, others);
  if (name && !name.ok) return name;
  if (wish.mayDecline && !mayBeOptional(column.class)) {
    return invalid({ field: "mayDecline", message: "党务、村务、财务公开是法定的，不能让村民退订" });
  }
  if (wish.retired && others.every((one) => one.retiredAt !== null || one.class !== column.class)) {
    if (!mayBeOptional(column.class)) {
      return invalid({ field: "retired", message: "三务公开至少要各留一个栏目，请先加一个同类的" });
    }
  }
  const change: ColumnChange = {
    ...(name ? { name: name.value } : {}),
    ...(wish.audience === undefined ? {} : { audience: wish.audience }),
    ...(wish.mayDecline === undefined ? {} : { mayDecline: wish.mayDecline }),
    ...(wish.retired === undefined ? {} : { retiredAt: wish.retired ? (column.retiredAt ?? work.now) : null }),
  };
  if (Object.keys(change).length > 0) await updateColumn(work.tx, id, change);
  return await noted(work, village, id, "column.set");
}

/** One place up in the order in which they are offered. */
export async function raiseColumn(work: Work, village: Village, id: ColumnId): Promise<Outcome<ColumnId>> {
  const ids = (await listAllColumns(work.tx, village.id)).map((one) => one.id);
  const at = ids.indexOf(id);
  if (at === -1) return refusal("not_found", "没有这个栏目");
  ids.splice(Math.max(0, at - 1), 0, ...ids.splice(at, 1));
  await orderColumns(work.tx, village.id, ids);
  return await noted(work, village, id, "column.order");
}

function readName(written: string, others: readonly Column[]): Outcome<string> {
  const name = cleanText(written).replace(/\s+/g, "");
  const wrong = (message: string) => invalid({ field: "name", message });
  if (name === "") return wrong("请写栏目的名称");
  if (Array.from(name).length > LONGEST_NAME) return wrong(`名称最多 ${LONGEST_NAME} 个字`);
  if (others.some((one) => fold(one.name) === fold(name))) return wrong(`已经有“${name}”这个栏目了，停用的也算`);
  return ok(name);
}

async function noted(work: Work, village: Village, id: ColumnId, action: string): Promise<Outcome<ColumnId>> {
  await audit(work, { chain: village.id, action, subject: "column", subjectId: id });
  return ok(id);
}
