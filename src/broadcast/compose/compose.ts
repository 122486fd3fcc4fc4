import { type BroadcastId, isUuid } from "../../lib/ids.ts";
import { type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import type { Work } from "../../queue/work.ts";
import { type Column, listColumns, type Village } from "../../village/village.queries.ts";
import { visitVillage } from "../../village/visit-village.ts";
import type { Fields, FormProblem } from "../../web/page.ts";
import { type Broadcast, findBroadcast } from "../broadcast.queries.ts";
import { BROADCAST_KINDS, type BroadcastKind } from "../broadcast.ts";
import { lastWriter } from "../events.queries.ts";
import type { DraftKey } from "./save-draft.ts";

/** The three steps of writing a notice, in their order, as their addresses end. */
export const STEPS = ["write", "who", "check"] as const;
export type Step = (typeof STEPS)[number];
export const STEP_WORDS: Record<Step, string> = { write: "写", who: "给谁", check: "查对" };

export type Composing = {
  village: Village;
  columns: Column[];
  id: BroadcastId;
  kind: BroadcastKind;
  /** `/v/guojia/notices/<id>`. */
  base: string;
  /** Null: nothing of it has been kept yet. */
  draft: Broadcast | null;
  /** Somebody has handed it in. */
  frozen: boolean;
};

/**
 * The draft in the address. One that is not there yet has its id and says its kind, in the address or as a field; the
 * page that offers the beginnings gives both.
 */
export async function visitDraft(work: Work, params: Fields, asked: Fields): Promise<Outcome<Composing>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const id = (params.id ?? "") as BroadcastId;
  const draft = isUuid(id) ? await findBroadcast(work.tx, id) : undefined;
  const kind = draft?.kind ?? BROADCAST_KINDS.find((one) => one === asked.kind);
  const known = draft === undefined || draft.villageId === village.value.id;
  if (!isUuid(id) || !kind || !known) return refusal("not_found", "没有这条通知");
  return ok({
    village: village.value,
    columns: await listColumns(work.tx, village.value.id),
    id,
    kind,
    base: `/v/${village.value.code}/notices/${id}`,
    draft: draft ?? null,
    frozen: draft !== undefined && draft.state !== "draft" && draft.state !== "returned",
  });
}

export type Kept = Composing & { draft: Broadcast };

/** A draft that has been kept once: only the first step works without. */
export async function visitKept(work: Work, params: Fields): Promise<Outcome<Kept>> {
  const found = await visitDraft(work, params, {});
  if (!found.ok) return found;
  const { draft } = found.value;
  return draft ? ok({ ...found.value, draft }) : refusal("not_found", "没有这条通知");
}

export const keyOf = ({ id, kind, draft }: Composing, fields: Fields): DraftKey => ({
  id,
  kind: draft ? null : kind,
  version: /^\d{1,9}$/.test(fields.version ?? "") ? Number(fields.version) : null,
});

/** What stands on every step's page beside its own fields. */
export async function describeStep(
  work: Work,
  { base, draft, kind, id }: Composing,
  at: Step,
  problem: FormProblem | null,
) {
  const typedOver = draft !== null && problem !== null && problem.fields.version !== String(draft.version);
  return {
    base,
    action: `${base}/${at}`,
    version: draft?.version ?? 0,
    fresh: draft ? null : kind,
    steps: STEPS.map((step) => ({
      words: STEP_WORDS[step],
      href: draft && step !== at ? `${base}/${step}` : null,
      current: step === at,
    })),
    returned: draft?.state === "returned" ? draft.note : null,
    // Somebody else's words stand beside one's own until one has chosen.
    other: typedOver ? { body: draft.body, writer: (await lastWriter(work.tx, id))?.name ?? "别人" } : null,
  };
}
