import { Type } from "typebox";
import { SPAN_UNITS } from "../lib/spans.ts";
import { OneOf } from "../web/api.ts";
import { CLOCK_NAMES, type PromiseWish } from "./promises.ts";
import type { SendingHours } from "./village.ts";

export const Hours = Type.Unsafe<SendingHours>({
  anyOf: [
    { const: "any" },
    { type: "array", items: { type: "array", items: { type: "string" }, minItems: 2, maxItems: 2 }, maxItems: 12 },
  ],
  description: 'local times, such as [["07:30","12:00"],["14:30","20:30"]], or "any"',
});

export const SpanSchema = Type.Object(
  { amount: Type.Integer({ minimum: 1, maximum: 720 }), unit: OneOf(SPAN_UNITS) },
  { additionalProperties: false },
);
const workdays = Type.Optional(Type.Integer({ minimum: 1, maximum: 60 }));

/** What a caller may say of a village's clocks: any of them, or the three numbers of the first version. */
export const PromisesWish = Type.Unsafe<PromiseWish>(
  Type.Object(
    {
      answerWorkdays: workdays,
      extensionWorkdays: workdays,
      ratingDays: workdays,
      ...Object.fromEntries(CLOCK_NAMES.map((name) => [name, Type.Optional(SpanSchema)])),
    },
    { additionalProperties: false },
  ),
);
