import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { ok } from "../lib/result.ts";
import type { WorkDeps } from "../queue/work.ts";
import { apiRoute, Nullable } from "../web/api.ts";
import { createTownship, createVillage } from "./create-village.ts";
import { Hours, PromisesWish } from "./schemas.ts";

const Name = Type.String({ minLength: 1, maxLength: 60 });

export function villageRoutes(app: FastifyInstance, deps: WorkDeps): void {
  apiRoute(app, deps, {
    method: "POST",
    url: "/townships",
    access: "township.create",
    summary: "Create a township, and its county by name",
    body: Type.Object({ code: Name, name: Name, county: Type.Optional(Name) }, { additionalProperties: false }),
    status: 201,
    answer: Type.Object({ id: Type.String(), code: Type.String(), name: Type.String() }),
    handle: (work, { body }) => createTownship(work, body),
  });

  apiRoute(app, deps, {
    method: "POST",
    url: "/villages",
    access: "village.create",
    summary: "Create a village with the founding columns",
    body: Type.Object(
      {
        code: Name,
        name: Name,
        signature: Name,
        township: Type.Optional(Name),
        sendingHours: Type.Optional(Hours),
        promises: Type.Optional(PromisesWish),
      },
      { additionalProperties: false },
    ),
    status: 201,
    answer: Type.Object({
      id: Type.String(),
      code: Type.String(),
      name: Type.String(),
      signature: Type.String(),
      township: Nullable(Type.String()),
      sendingHours: Hours,
    }),
    async handle(work, { body }) {
      const created = await createVillage(work, body);
      if (!created.ok) return created;
      const { id, code, name, signature, sendingHours } = created.value;
      return ok({ id, code, name, signature, township: body.township ?? null, sendingHours });
    },
  });
}
