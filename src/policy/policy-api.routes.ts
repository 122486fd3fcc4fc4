import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { isoLocal } from "../lib/china-time.ts";
import { refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { WorkDeps } from "../queue/work.ts";
import { findVillage } from "../village/village.queries.ts";
import { apiRoute, Nullable, OneOf } from "../web/api.ts";
import { listPolicies } from "./policy.queries.ts";
import { LONGEST, type Policy } from "./policy.ts";
import { addPolicy, visitPolicy } from "./write-policy.ts";

const Text = Type.String({ maxLength: 1000 });
const PolicyView = Type.Object({
  id: Type.String(),
  of: OneOf(["village", "township"] as const),
  title: Type.String(),
  keywords: Type.Array(Type.String(), { description: "other words people ask with" }),
  basis: Type.String({ description: "依据" }),
  scope: Type.String({ description: "范围" }),
  standard: Type.String({ description: "标准" }),
  process: Type.String({ description: "流程" }),
  office: Type.String({ description: "责任科室" }),
  person: Type.String({ description: "责任人" }),
  phone: Type.String(),
  active: Type.Boolean(),
  writer: Nullable(Type.String()),
  writtenAt: Type.String(),
});
const NewPolicy = Type.Object(
  {
    title: Text,
    standard: Text,
    process: Text,
    office: Text,
    keywords: Type.Optional(Type.Array(Text, { maxItems: 100 })),
    basis: Type.Optional(Text),
    scope: Type.Optional(Text),
    person: Type.Optional(Text),
    phone: Type.Optional(Text),
  },
  { additionalProperties: false, description: `at most so many characters each: ${JSON.stringify(LONGEST)}` },
);
const Params = Type.Object({ code: Type.String() });

const describe = ({ villageId, townshipId: _, keywords, writtenAt, ...policy }: Policy) => ({
  ...policy,
  of: villageId === null ? ("township" as const) : ("village" as const),
  keywords: [...keywords],
  writtenAt: isoLocal(writtenAt),
});

/** The 政策汇编 for programs: read it, and add to it. */
export function policyApiRoutes(app: FastifyInstance, deps: WorkDeps): void {
  apiRoute(app, deps, {
    method: "GET",
    url: "/villages/:code/policies",
    access: "policy.read",
    summary: "The village's policies and its township's, retired ones too",
    params: Params,
    answer: Type.Object({ items: Type.Array(PolicyView), nextCursor: Type.Null() }),
    async handle(work, { params }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      return ok({ items: (await listPolicies(work.tx, village)).map(describe), nextCursor: null });
    },
  });
  apiRoute(app, deps, {
    method: "POST",
    url: "/villages/:code/policies",
    access: "policy.edit",
    summary: "Add a policy for the village; a township's key adds it for all its villages",
    params: Params,
    body: NewPolicy,
    status: 201,
    answer: PolicyView,
    async handle(work, { params, body }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const added = await addPolicy(work, village, body);
      if (!added.ok) return added;
      const policy = await visitPolicy(work, village, added.value);
      return policy.ok ? ok(describe(policy.value)) : policy;
    },
  });
}
