import type { FastifyInstance, FastifyRequest, HTTPMethods } from "fastify";
import type { Static, TSchema } from "typebox";
import { Type } from "typebox";
import { invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Action, Actor } from "../lib/roles.ts";
import { inWork, type Work, type WorkDeps } from "../queue/work.ts";
import { actorOf } from "./guard.ts";
import { type Answered, once } from "./idempotency.ts";
import { sendProblem } from "./problems.ts";

/**
 * One call of the JSON API: parse, one use case in one unit of work, translate. The answer is serialised by its schema,
 * so a column that is not in the contract cannot leak.
 */
export type ApiCall<
  Params extends TSchema,
  Query extends TSchema,
  Body extends TSchema,
  Answer extends TSchema,
  Asked = undefined,
> = {
  method: "GET" | "POST";
  /** Below /api/v1. */
  url: string;
  access: Action;
  summary: string;
  params?: Params;
  query?: Query;
  body?: Body;
  status?: number;
  answer: Answer;
  /** What somebody else's server must be asked: before the unit of work, so that none waits for it. May happen twice. */
  ask?(actor: Actor, params: Static<Params>): Promise<Asked>;
  handle(
    work: Work,
    call: { params: Static<Params>; query: Static<Query>; body: Static<Body>; asked: Asked },
  ): Promise<Outcome<Static<Answer>>>;
};

export const API_PREFIX = "/api/v1";

export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: "stable; what a program should look at" }),
    detail: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), message: Type.String() }))),
  },
  { $id: "Problem", description: "RFC 9457 problem details" },
);

export function apiRoute<
  Params extends TSchema = TSchema,
  Query extends TSchema = TSchema,
  Body extends TSchema = TSchema,
  Answer extends TSchema = TSchema,
  Asked = undefined,
>(app: FastifyInstance, deps: WorkDeps, call: ApiCall<Params, Query, Body, Answer, Asked>): void {
  const status = call.status ?? 200;
  app.route({
    method: call.method as HTTPMethods,
    url: API_PREFIX + call.url,
    config: { access: call.access, kind: "api" },
    schema: {
      summary: call.summary,
      tags: ["api"],
      security: [{ key: [] }],
      ...(call.params ? { params: call.params } : {}),
      ...(call.query ? { querystring: call.query } : {}),
      ...(call.body ? { body: call.body } : {}),
      ...(call.method === "POST" ? { headers: IdempotencyHeader } : {}),
      response: { [status]: call.answer, "4xx": Type.Ref("Problem") },
    },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const asked = await call.ask?.(actor, request.params as Static<Params>);
      const parsed = { params: request.params, query: request.query, body: request.body, asked } as Parameters<
        typeof call.handle
      >[1];
      const result = await inWork(deps, actor, async (work): Promise<Outcome<Answered>> => {
        const effect = async (): Promise<Outcome<Answered>> => {
          const answer = await call.handle(work, parsed);
          return answer.ok ? ok({ status, body: serialize(reply, status, answer.value) }) : answer;
        };
        const key = call.method === "POST" ? readKey(request) : null;
        if (key === null) return effect();
        if (key === "") return invalid({ field: "Idempotency-Key", message: "要 1 到 200 个可见字符" });
        return once(work, { route: `${call.method} ${request.url}`, key, body: request.body }, effect);
      });
      if (!result.ok) return sendProblem(reply, result.refusal);
      return reply.code(result.value.status).type("application/json; charset=utf-8").send(result.value.body);
    },
  });
}

const IdempotencyHeader = Type.Object({
  "idempotency-key": Type.Optional(
    Type.String({ description: "the same key again within 24 hours has no second effect", maxLength: 1000 }),
  ),
});

/** Null: none was given. Empty: one that cannot be used. */
function readKey(request: FastifyRequest): string | null {
  const given = request.headers["idempotency-key"];
  if (given === undefined) return null;
  const key = String(given).trim();
  return /^[\x21-\x7e]{1,200}$/.test(key) ? key : "";
}

function serialize(
  reply: { getSerializationFunction(status: string): unknown; serializeInput(value: unknown, status: string): unknown },
  status: number,
  value: unknown,
): string {
  const write = reply.getSerializationFunction(String(status)) as ((value: unknown) => string) | undefined;
  return write ? write(value) : JSON.stringify(value);
}

/** One word of a fixed list. */
export const OneOf = <Value extends string>(values: readonly Value[]) =>
  Type.Unsafe<Value>({ type: "string", enum: [...values] });
export const Nullable = <Inner extends TSchema>(inner: Inner) => Type.Union([inner, Type.Null()]);

/** `?cursor=&limit=` of every list; coercion is off, so numbers come as text and are read here. */
export const PageQuery = {
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
  limit: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,3}$", description: "1 to 1000, 100 by default" })),
};
export const readLimit = (limit: string | undefined): number => Math.min(Number(limit ?? 100), 1000);

export const pageOf = <Item extends TSchema>(item: Item) =>
  Type.Object({ items: Type.Array(item), nextCursor: Type.Union([Type.String(), Type.Null()]) });

/** Cuts the extra row that was read to know whether there are more. */
export function page<Row, Item>(
  rows: readonly Row[],
  limit: number,
  cursor: (row: Row) => string,
  item: (row: Row) => Item,
) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(item), nextCursor: rows.length > limit && last ? cursor(last) : null };
}
