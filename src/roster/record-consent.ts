import { audit } from "../db/audit.queries.ts";
import { localDate } from "../lib/china-time.ts";
import type { ColumnId } from "../lib/ids.ts";
import { type FieldError, invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { isOptional } from "../village/columns.ts";
import { listColumns } from "../village/village.queries.ts";
import { clearProblem } from "./change-household.queries.ts";
import { insertConsent } from "./consent.queries.ts";
import { BASES, tellOf } from "./consent.ts";
import { findResident, type Home } from "./find-household.ts";
import { optIn, optOut } from "./opt-out.queries.ts";

type Fields = Readonly<Record<string, string>>;

/** On what a word stands that no phone has sent: reference/domain.md 2.4 asks for a way back in on paper. */
export const PAPERS = { slip: "本人签字的条子", visit: "入户当面说的", office: "本人来村委会说的" } as const;
const LONGEST_NOTE = 100;

/** Writes down how a number was given, and what its owner was told when he gave it. */
export async function recordConsent(work: Work, home: Home, fields: Fields): Promise<Outcome<null>> {
  const phone = phoneOf(home, fields);
  if (!phone.ok) return phone;
  const basis = BASES.find((one) => one === fields.basis);
  const givenOn = fields.givenOn ?? "";
  const errors: FieldError[] = [];
  if (!basis) errors.push({ field: "basis", message: "请选号码是怎么来的" });
  if (!isPastDay(givenOn, work.now)) errors.push({ field: "givenOn", message: "请填哪一天给的，不能是以后的日子" });
  if (!basis || errors.length > 0) return invalid(...errors);
  const consent = { hash: phone.value, basis, givenOn, told: tellOf(home.village.name), recordedBy: work.actor.id };
  await insertConsent(work.tx, home.village.id, consent, work.now);
  return await noted(work, home, "roster.consent", { basis });
}

/** A villager who cannot text says that he wants no more of it, or no more of one column. */
export async function recordOptOut(work: Work, home: Home, fields: Fields): Promise<Outcome<null>> {
  const phone = phoneOf(home, fields);
  if (!phone.ok) return phone;
  const note = readNote(fields);
  if (!note.ok) return note;
  const column = fields.column
    ? (await listColumns(work.tx, home.village.id)).find((one) => one.id === fields.column)
    : null;
  if (column === undefined) return invalid({ field: "column", message: "没有这个栏目" });
  if (column && !isOptional(column)) {
    return invalid({ field: "column", message: `“${column.name}”是必须公开的，只能和全部通知一起退` });
  }
  const columnId: ColumnId | null = column?.id ?? null;
  const wish = { villageId: home.village.id, phoneHash: phone.value, columnId, note: note.value, by: work.actor.id };
  if (!(await optOut(work.tx, wish, work.now))) return refusal("move_not_allowed", "这个号码已经退订了");
  return await noted(work, home, "roster.opt_out", { source: "staff", column: columnId });
}

/** The way back in, by a signed slip or a visit; a number that the carrier blocked is tried again too. */
export async function recordOptIn(work: Work, home: Home, fields: Fields): Promise<Outcome<null>> {
  const phone = phoneOf(home, fields);
  if (!phone.ok) return phone;
  const note = readNote(fields);
  if (!note.ok) return note;
  const wish = { villageId: home.village.id, phoneHash: phone.value, columnId: null };
  const ended = await optIn(work.tx, wish, work.now, { note: note.value, by: work.actor.id });
  const unblocked = await clearProblem(work.tx, home.village.id, phone.value, ["blocked"]);
  if (!ended && !unblocked) return refusal("move_not_allowed", "这个号码没有退订");
  return await noted(work, home, "roster.opt_in", { source: "staff", unblocked });
}

/** Somebody has asked: the number is good after all, and the next notice goes there. */
export async function retryNumber(work: Work, home: Home): Promise<Outcome<null>> {
  const { contactHash } = home.household;
  if (!contactHash || !(await clearProblem(work.tx, home.village.id, contactHash, ["invalid"]))) {
    return refusal("move_not_allowed", "这个号码没有停发");
  }
  return await noted(work, home, "roster.retry_number", {});
}

function phoneOf(home: Home, fields: Fields): Outcome<Buffer> {
  const person = findResident(home, fields.person);
  if (!person.ok) return person;
  return person.value.hash ? ok(person.value.hash) : refusal("move_not_allowed", "他没有手机号");
}

function readNote(fields: Fields): Outcome<string> {
  const paper = Object.entries(PAPERS).find(([key]) => key === fields.paper)?.[1];
  if (!paper) return invalid({ field: "paper", message: "请选凭什么记下的" });
  const more = cleanText(fields.note ?? "").trim();
  if (more.length > LONGEST_NOTE) return invalid({ field: "note", message: "不超过100个字" });
  return ok(more === "" ? paper : `${paper}：${more}`);
}

const isPastDay = (day: string, now: Date): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)) && day >= "1990-01-01" && day <= localDate(now);

async function noted(
  work: Work,
  home: Home,
  action: string,
  detail: Record<string, string | boolean | null>,
): Promise<Outcome<null>> {
  await audit(work, { chain: home.village.id, action, subject: "household", subjectId: home.household.id, detail });
  return ok(null);
}
