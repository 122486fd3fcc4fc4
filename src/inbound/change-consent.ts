import { audit } from "../db/audit.queries.ts";
import { renderSms } from "../message/templates.ts";
import type { SystemWork } from "../queue/work.ts";
import { isOut, optIn, optOut } from "../roster/opt-out.queries.ts";
import { isOptional } from "../village/columns.ts";
import { findColumn } from "../village/find-column.ts";
import type { Column } from "../village/village.queries.ts";
import { type Consequence, type Hearing, NOTHING } from "./hearing.ts";
import { noteReply, reply } from "./reply.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Takes a phone out of everything or of one column, or in again, and says so once: only when the word changed something.
 * 三务公开 is a right of the whole village and not a subscription, so its columns are left only with everything.
 */
export async function changeConsent(
  work: SystemWork,
  hearing: Hearing,
  verdict: Extract<Verdict, { meaning: "opt_out" | "opt_in" }>,
): Promise<Consequence> {
  const column = verdict.column === null ? null : await findColumn(work.tx, hearing.village.id, verdict.column);
  // A column that this village does not have is no consent to anything else.
  if (column === undefined) return NOTHING;
  const said =
    verdict.meaning === "opt_out" ? await goOut(work, hearing, column) : await comeBack(work, hearing, column);
  if (said === null) return NOTHING;
  const detail = column && { column: column.name };
  return { detail: noteReply(await reply(work, hearing, verdict.meaning, said), detail), suggestionId: null };
}

/** What to say of it; null where nothing changed. */
async function goOut(work: SystemWork, hearing: Hearing, column: Column | null): Promise<string | null> {
  if (column && !isOptional(column)) return renderSms("column-kept", { column: column.name });
  const { text, village } = hearing;
  const who = { villageId: village.id, phoneHash: text.fromHash, columnId: column?.id ?? null };
  if (!(await optOut(work.tx, { ...who, inboundId: text.id }, work.now))) return null;
  await note(work, hearing, "roster.opt_out");
  return column ? renderSms("column-opt-out-confirmed", { column: column.name }) : renderSms("opt-out-confirmed", {});
}

async function comeBack(work: SystemWork, hearing: Hearing, column: Column | null): Promise<string | null> {
  const who = { villageId: hearing.village.id, phoneHash: hearing.text.fromHash };
  // One column cannot be taken up again by a phone that is out of all: it must say that it wants the others too.
  if (column && (await isOut(work.tx, { ...who, columnId: null }))) return renderSms("column-still-out", {});
  if (!(await optIn(work.tx, { ...who, columnId: column?.id ?? null }, work.now))) return null;
  await note(work, hearing, "roster.opt_in");
  return column ? renderSms("column-opt-in-confirmed", { column: column.name }) : renderSms("opt-in-confirmed", {});
}

const note = (work: SystemWork, { text, village }: Hearing, action: string) =>
  audit(work, { chain: village.id, action, subject: "inbound", subjectId: text.id });
