import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import { SPAN_UNITS, UNIT_WORDS } from "../lib/spans.ts";
import { apiRoute } from "../web/api.ts";
import { type Fields, type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { sayMissing, yearsMissing } from "./calendar.ts";
import { CLOCK_NAMES, describeClocks, type Promises, type PromiseWish } from "./promises.ts";
import { Hours, PromisesWish, SpanSchema } from "./schemas.ts";
import { setPromises } from "./set-promises.ts";
import { findVillage, type Village } from "./village.queries.ts";
import type { SendingHours } from "./village.ts";
import { visitVillage } from "./visit-village.ts";

const VillageParams = Type.Object({ code: Type.String() });
const ClocksAnswer = Type.Object({
  promises: Type.Unsafe<Promises>(Type.Object(Object.fromEntries(CLOCK_NAMES.map((name) => [name, SpanSchema])))),
  serviceHours: Hours,
  yearsMissing: Type.Array(Type.Integer(), { description: "years within reach whose holidays are not known" }),
});

/** A village's clocks: everybody of the village reads them, the secretary and the township set them. */
export function promiseRoutes(app: FastifyInstance, deps: PageDeps): void {
  const answer = ({ promises, serviceHours, calendar }: Village, now: Date) =>
    ok({ promises, serviceHours, yearsMissing: yearsMissing(now, promises, calendar) });
  apiRoute(app, deps, {
    method: "GET",
    url: "/villages/:code/promises",
    access: "clocks.read",
    summary: "The village's clocks, and when its staff are reminded",
    params: VillageParams,
    answer: ClocksAnswer,
    async handle(work, { params }) {
      const village = await findVillage(work.tx, params.code);
      return village ? answer(village, work.now) : refusal("not_found", "没有这个村");
    },
  });
  apiRoute(app, deps, {
    method: "POST",
    url: "/villages/:code/promises",
    access: "clocks.set",
    summary: "Set clocks; what is not named stays. Open cases' dates are reckoned again",
    params: VillageParams,
    body: Type.Object(
      { promises: Type.Optional(PromisesWish), serviceHours: Type.Optional(Hours) },
      { additionalProperties: false },
    ),
    answer: ClocksAnswer,
    async handle(work, { params, body }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const set = await setPromises(work, village, body);
      return set.ok ? answer(set.value, work.now) : set;
    },
  });

  pageRoute(app, deps, { url: "/v/:code/clocks", access: "clocks.read", show: showClocks });
  pageForm(app, deps, {
    url: "/v/:code/clocks",
    access: "clocks.set",
    page: showClocks,
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const set = await setPromises(work, village.value, readFields(fields, village.value.serviceHours));
      return set.ok ? ok(`/v/${params.code}/clocks?done=clocks_set`) : set;
    },
  });
}

function readFields(fields: Fields, before: SendingHours): { promises: PromiseWish; serviceHours: SendingHours } {
  const promises = Object.fromEntries(
    CLOCK_NAMES.filter((name) => fields[name] !== undefined).map((name) => {
      const typed = (fields[name] ?? "").trim();
      return [name, { amount: /^\d{1,4}$/.test(typed) ? Number(typed) : 0, unit: fields[`${name}Unit`] }];
    }),
  ) as PromiseWish;
  const { serviceFrom, serviceUntil } = fields;
  const typed = serviceFrom !== undefined && serviceUntil !== undefined;
  return { promises, serviceHours: typed ? [[serviceFrom.trim(), serviceUntil.trim()]] : before };
}

async function showClocks({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const found = await visitVillage(work, params);
  if (!found.ok) return found;
  const village = found.value;
  const [from, until] = village.serviceHours === "any" ? ["00:00", "24:00"] : (village.serviceHours[0] ?? ["", ""]);
  return ok({
    view: "clocks",
    title: `来信 ${describeClocks(village.promises).find((one) => one.name === "result")?.said}内答复`,
    tab: "more",
    village,
    data: {
      clocks: describeClocks(village.promises).map((clock) => ({
        ...clock,
        amount: problem?.fields[clock.name] ?? String(clock.span.amount),
        unit: problem?.fields[`${clock.name}Unit`] ?? clock.span.unit,
      })),
      units: SPAN_UNITS.map((unit) => ({ value: unit, label: UNIT_WORDS[unit] })),
      service: { from: problem?.fields.serviceFrom ?? from, until: problem?.fields.serviceUntil ?? until },
      set: may(work.actor.role, "clocks.set"),
      missing: sayMissing(yearsMissing(work.now, village.promises, village.calendar)),
    },
  });
}
