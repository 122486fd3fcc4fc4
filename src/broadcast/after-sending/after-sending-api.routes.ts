import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { isoLocal } from "../../lib/china-time.ts";
import { type BroadcastId, isUuid } from "../../lib/ids.ts";
import { type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { CAUSE_WORDS, CAUSES } from "../../message/causes.ts";
import type { Work, WorkDeps } from "../../queue/work.ts";
import { getVillage } from "../../village/village.queries.ts";
import { apiRoute, Nullable, OneOf } from "../../web/api.ts";
import { type Broadcast, findBroadcast } from "../broadcast.queries.ts";
import { BroadcastView, viewBroadcast } from "../describe-broadcast.ts";
import { draftCorrection, draftForUnreached } from "./follow-up.ts";
import { listForVisit, readUnreached, tellDoor } from "./list-visits.ts";
import { TELLINGS } from "./visit.ts";
import { listVisits } from "./visits.queries.ts";

const IdParams = Type.Object({ id: Type.String() });
const strict = { additionalProperties: false };
const Maybe = Nullable(Type.String());

/** A door that a notice missed. */
const missed = { household: Type.String(), name: Maybe, grid: Maybe, cadre: Maybe, cause: OneOf(CAUSES) };

const UnreachedView = Type.Object({
  items: Type.Array(
    Type.Object({
      ...missed,
      words: Type.String({ description: "the cause in words" }),
      listed: Type.Boolean({ description: "it is on the visiting list" }),
    }),
  ),
});
const VisitsView = Type.Object({
  listed: Type.Integer(),
  told: Type.Integer({ description: "told in person or by a call, or the text arrived after all" }),
  items: Type.Array(
    Type.Object({
      ...missed,
      how: Nullable(OneOf(TELLINGS)),
      at: Maybe,
      by: Maybe,
      note: Type.String(),
      arrived: Type.Boolean(),
    }),
  ),
});

/** Whom a notice did not reach, and who was told in person, for programs. */
export function afterSendingApiRoutes(app: FastifyInstance, deps: WorkDeps): void {
  const find = async (work: Work, id: string): Promise<Outcome<Broadcast>> => {
    const found = isUuid(id) ? await findBroadcast(work.tx, id as BroadcastId) : undefined;
    return found ? ok(found) : refusal("not_found", "没有这条通知");
  };
  const viewVisits = async (work: Work, id: BroadcastId) => {
    const items = await listVisits(work.tx, id);
    const told = items.filter(({ how, arrived }) => arrived || how === "in_person" || how === "phone").length;
    return ok({
      listed: items.length,
      told,
      items: items.map((one) => ({ ...one, household: one.number, at: one.at && isoLocal(one.at) })),
    });
  };

  apiRoute(app, deps, {
    method: "GET",
    url: "/broadcasts/:id/unreached",
    access: "broadcast.read",
    summary: "Doors that no text reached, with the cause; those without a phone too",
    params: IdParams,
    answer: UnreachedView,
    async handle(work, { params }) {
      const found = await find(work, params.id);
      if (!found.ok) return found;
      const doors = await readUnreached(work, found.value);
      return ok({
        items: doors.map((door) => ({ ...door, household: door.number, words: CAUSE_WORDS[door.cause].name })),
      });
    },
  });
  apiRoute(app, deps, {
    method: "GET",
    url: "/broadcasts/:id/visits",
    access: "visit.read",
    summary: "The visiting list of a notice; a cadre's own doors only",
    params: IdParams,
    answer: VisitsView,
    async handle(work, { params }) {
      const found = await find(work, params.id);
      return found.ok ? await viewVisits(work, found.value.id) : found;
    },
  });
  apiRoute(app, deps, {
    method: "POST",
    url: "/broadcasts/:id/visits",
    access: "broadcast.control",
    summary: "Put the doors that it did not reach on the visiting list, or those of some causes",
    params: IdParams,
    body: Type.Object({ causes: Type.Optional(Type.Array(OneOf(CAUSES))) }, strict),
    answer: VisitsView,
    async handle(work, { params, body }) {
      const found = await find(work, params.id);
      if (!found.ok) return found;
      const listed = await listForVisit(work, found.value.id, body.causes ?? null);
      return listed.ok ? await viewVisits(work, listed.value.id) : listed;
    },
  });
  apiRoute(app, deps, {
    method: "POST",
    url: "/broadcasts/:id/telling",
    access: "visit.tick",
    summary: "A door was told in person or by a call, or nobody was there",
    params: IdParams,
    body: Type.Object(
      { household: Type.String(), how: OneOf(TELLINGS), note: Type.Optional(Type.String({ maxLength: 400 })) },
      strict,
    ),
    answer: VisitsView,
    async handle(work, { params, body }) {
      const found = await find(work, params.id);
      if (!found.ok) return found;
      const door = (await listVisits(work.tx, found.value.id)).find((one) => one.number === body.household);
      if (!door) return refusal("not_found", "这户不在您的入户清单上");
      const wish = { householdId: door.householdId, how: body.how, note: body.note ?? "" };
      const told = await tellDoor(work, found.value, wish);
      return told.ok ? await viewVisits(work, told.value) : told;
    },
  });
  const drafts = [
    { url: "correction", summary: "A draft that corrects it, for everybody whom it was for", draft: draftCorrection },
    { url: "again", summary: "A draft of the same text for the doors it has not reached", draft: draftForUnreached },
  ] as const;
  for (const { url, summary, draft } of drafts) {
    apiRoute(app, deps, {
      method: "POST",
      url: `/broadcasts/:id/${url}`,
      access: "broadcast.draft",
      summary,
      params: IdParams,
      status: 201,
      answer: BroadcastView,
      async handle(work, { params }) {
        const found = await find(work, params.id);
        if (!found.ok) return found;
        const made = await draft(work, await getVillage(work.tx, found.value.villageId), found.value);
        return made.ok ? await viewBroadcast(work, made.value) : made;
      },
    });
  }
}
