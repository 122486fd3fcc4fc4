import { audit } from "../db/audit.queries.ts";
import { localDate } from "../lib/china-time.ts";
import { type DisclosureChainId, isUuid, newId, type VillageId } from "../lib/ids.ts";
import { addDays, isIsoDay } from "../lib/iso-day.ts";
import { type FieldError, invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { getVillage, type Village } from "../village/village.queries.ts";
import {
  type ChainRow,
  findChainRow,
  insertChain,
  insertStep,
  listSteps,
  lockChain,
  stopChainRow,
} from "./chain.queries.ts";
import { CHAIN_KINDS, CHAINS, type ChainKind, type ChainStep, stepsOf } from "./chain.ts";
import { type ChainFacts, checkTick, dueOfStep, nextStep, type TickWish } from "./chain-state.ts";
import { ensureDisclosure, listOfChain } from "./disclosure.queries.ts";
import { keyOn, LONGEST_TITLE } from "./open-event.ts";
import { listRules } from "./rules.queries.ts";
import { rulesOn } from "./rules.ts";

/** A notice of a meeting may hang there earlier than it must. */
const EARLY_DAYS = 60;

export type ChainWish = { kind: string; title: string; heldOn: string; noticeDays: number | null };

/** Starts a chain; what must be posted before its day is in the calendar from now on. */
export async function startChain(work: Work, village: Village, wish: ChainWish): Promise<Outcome<DisclosureChainId>> {
  const kind = CHAIN_KINDS.find((one) => one === wish.kind);
  const title = cleanText(wish.title).replace(/\s+/g, " ").trim();
  const errors: FieldError[] = [];
  if (!kind) errors.push({ field: "kind", message: "请选是哪一种" });
  if (title === "" || Array.from(title).length > LONGEST_TITLE) {
    errors.push({ field: "title", message: `请写是什么事，不超过 ${LONGEST_TITLE} 个字` });
  }
  if (!isIsoDay(wish.heldOn)) errors.push({ field: "heldOn", message: "请选日期" });
  const notice = kind && CHAINS[kind].notice;
  const noticeDays = notice ? (notice.choices.find((one) => one.days === wish.noticeDays)?.days ?? null) : null;
  if (notice && noticeDays === null) errors.push({ field: "noticeDays", message: `请选${notice.words}` });
  if (errors.length > 0 || !kind) return invalid(...errors);
  const id = newId<DisclosureChainId>(work.now.getTime());
  const chain = { id, villageId: village.id, kind, title, heldOn: wish.heldOn, noticeDays };
  await insertChain(work.tx, { ...chain, by: work.actor.id }, work.now);
  await followChain(work, village.id, id);
  await note(work, chain, "disclosure.chain_start", { kind });
  return ok(id);
}

/** Notes that a step was done. The table of moves says which one it can be. */
export async function tickStep(
  work: Work,
  village: Village,
  id: string,
  wish: TickWish,
): Promise<Outcome<DisclosureChainId>> {
  const found = await findChain(work, village.id, id);
  if (!found.ok) return found;
  await lockChain(work.tx, found.value.row.id);
  const { row, facts } = expectThere(await findChain(work, village.id, id));
  if (row.stoppedAt) return refusal("move_not_allowed", "这件事已经停下了");
  const done = checkTick(facts, wish, localDate(work.now));
  if (!done.ok) return done;
  await insertStep(work.tx, row, wish.step, { ...done.value, by: work.actor.id }, work.now);
  await followChain(work, village.id, row.id);
  await note(work, row, "disclosure.chain_tick", { step: wish.step });
  return ok(row.id);
}

/** It did not pass, or nobody wants it any more. What was to be published of it is no longer asked for. */
export async function stopChain(work: Work, village: Village, id: string): Promise<Outcome<DisclosureChainId>> {
  const found = await findChain(work, village.id, id);
  if (!found.ok) return found;
  const { row, facts } = found.value;
  if (nextStep(facts) === null) return refusal("move_not_allowed", "这件事的步骤都走完了");
  if (!(await stopChainRow(work.tx, row.id, work.now))) return refusal("move_not_allowed", "这件事已经停下了");
  await note(work, row, "disclosure.chain_stop", {});
  return ok(row.id);
}

const note = (work: Work, row: Pick<ChainRow, "id" | "villageId">, action: string, detail: Record<string, string>) =>
  audit(work, { chain: row.villageId, action, subject: "disclosure_chain", subjectId: row.id, detail });

type Found = { row: ChainRow; facts: ChainFacts };

export async function findChain(work: Work, villageId: VillageId, id: string): Promise<Outcome<Found>> {
  const row = isUuid(id) ? await findChainRow(work.tx, villageId, id as DisclosureChainId) : undefined;
  if (!row) return refusal("not_found", "没有这件事");
  return ok({ row, facts: factsOf(row, await listSteps(work.tx, villageId)) });
}

export function factsOf(row: ChainRow, steps: Awaited<ReturnType<typeof listSteps>>): ChainFacts {
  const own = steps.filter((one) => one.chainId === row.id);
  return { ...row, done: Object.fromEntries(own.map((one) => [one.step, one])) };
}

function expectThere<T>(found: Outcome<T>): T {
  if (!found.ok) throw new Error("a row that was there is gone");
  return found.value;
}

/** Puts into the calendar what a chain must publish next: known at its start, or once the step before it is done. */
export async function followChain(work: Work, villageId: VillageId, id: DisclosureChainId): Promise<void> {
  const { row, facts } = expectThere(await findChain(work, villageId, id));
  const there = new Set((await listOfChain(work.tx, id)).map((one) => one.chainStep));
  const due = nextStep(facts);
  const village = await getVillage(work.tx, villageId);
  const { ground } = rulesOn(await listRules(work.tx, village), localDate(work.now));
  const wanted = (step: ChainStep) =>
    step.publishes && !there.has(step.key) && (step === due || step.day.kind === "before");
  for (const step of stepsOf(row.kind).filter(wanted)) {
    const day = dueOfStep(step, facts, { ground, calendar: village.calendar });
    if (!day || !step.publishes) continue;
    const before = facts.done[step.day.kind === "after" ? step.day.step : ""]?.doneOn;
    const on = before ?? addDays(day.on, step.day.kind === "before" ? -EARLY_DAYS : 0);
    await ensureDisclosure(
      work.tx,
      {
        villageId,
        item: step.publishes,
        period: await keyOn(work, villageId, step.publishes, day.on),
        event: { title: `${row.title}：${step.words}`, on },
        chain: { id, step: step.key, dueOn: day.on },
        by: work.actor.id,
      },
      work.now,
    );
  }
}

/** `CHAIN_KINDS` as choices, each with what it is called. */
export const chainChoices = (): { value: ChainKind; label: string }[] =>
  CHAIN_KINDS.map((value) => ({ value, label: CHAINS[value].words }));
