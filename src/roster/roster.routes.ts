import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { isUuid, type VillagerId } from "../lib/ids.ts";
import { maskPhone } from "../lib/phone.ts";
import { refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Sealer } from "../lib/seal.ts";
import type { WorkDeps } from "../queue/work.ts";
import { findVillage } from "../village/village.queries.ts";
import { apiRoute, Nullable, OneOf, PageQuery, page, pageOf, readLimit } from "../web/api.ts";
import { acceptUploads } from "../web/upload.ts";
import { readDoorFilter } from "./door-filter.ts";
import { listDoors } from "./doors.queries.ts";
import { importRoster } from "./import-roster.ts";
import { listVillagers } from "./roster.queries.ts";
import { MAX_FILE } from "./roster-import.ts";
import { STANDINGS } from "./standing.ts";

const Params = Type.Object({ code: Type.String() });
const Words = Type.Optional(Type.String({ maxLength: 100 }));
const PeopleQuery = Type.Object(
  { ...PageQuery, ...{ group: Words, grid: Words, tag: Words } },
  { additionalProperties: false },
);
const DoorQuery = Type.Object(
  {
    ...PageQuery,
    ...{ q: Words, group: Words, grid: Words, cadre: Words, tag: Words },
    show: Type.Optional(
      Type.String({ description: "reachable, no_phone, opted_out, bad_number, not_reached, or a trouble" }),
    ),
  },
  { additionalProperties: false },
);

export function rosterRoutes(app: FastifyInstance, deps: WorkDeps & { sealer: Sealer }): void {
  const show = (phone: Buffer | null) => (phone ? maskPhone(deps.sealer.openPhone(phone)) : null);

  acceptUploads(app, MAX_FILE, (scope) => importRoute(scope, deps));

  apiRoute(app, deps, {
    method: "GET",
    url: "/villages/:code/households",
    access: "roster.read",
    summary: "Doors in the order of their numbers",
    params: Params,
    query: DoorQuery,
    answer: pageOf(
      Type.Object({
        id: Type.String(),
        household: Type.String(),
        group: Nullable(Type.String()),
        grid: Nullable(Type.String()),
        cadre: Nullable(Type.String()),
        people: Type.Integer(),
        phone: Nullable(Type.String({ description: "masked" })),
        optedOut: Type.Boolean(),
        standing: OneOf(STANDINGS),
        trouble: Nullable(
          Type.String({ description: "what the carrier last said of the phone: empty, suspended, off …" }),
        ),
      }),
    ),
    async handle(work, { params, query }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const limit = readLimit(query.limit);
      const filter = await readDoorFilter(work, village, query);
      if (!filter.ok) return filter;
      const rows = await listDoors(work.tx, village.id, work.now, {
        filter: filter.value,
        limit: limit + 1,
        after: query.cursor ?? null,
      });
      return ok(
        page(
          rows,
          limit,
          (row) => row.number,
          ({ id, number, group, grid, cadre, people, phone, standing, trouble }) => ({
            ...{ id, household: number, group, grid, cadre, people, standing, trouble },
            phone: show(phone),
            optedOut: standing === "opted_out",
          }),
        ),
      );
    },
  });

  apiRoute(app, deps, {
    method: "GET",
    url: "/villages/:code/villagers",
    access: "roster.read",
    summary: "People with their masked phones",
    params: Params,
    query: PeopleQuery,
    answer: pageOf(
      Type.Object({
        id: Type.String(),
        household: Type.String(),
        name: Type.String(),
        phone: Nullable(Type.String({ description: "masked" })),
        group: Nullable(Type.String()),
        grid: Nullable(Type.String()),
        tags: Type.Array(Type.String()),
      }),
    ),
    async handle(work, { params, query }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const limit = readLimit(query.limit);
      const after = query.cursor && isUuid(query.cursor) ? (query.cursor as VillagerId) : null;
      const rows = await listVillagers(work.tx, village.id, { ...query, limit: limit + 1, after });
      return ok(
        page(
          rows,
          limit,
          (row) => row.id,
          (row) => ({ ...row, phone: show(row.phone) }),
        ),
      );
    },
  });
}

/** One answer for the whole file; the bad rows are in it. */
function importRoute(scope: FastifyInstance, deps: WorkDeps & { sealer: Sealer }): void {
  apiRoute(scope, deps, {
    method: "POST",
    url: "/villages/:code/roster",
    access: "roster.edit",
    summary: "Import a roster (text/csv, XLSX, or multipart with a file): good rows go in, bad rows come back",
    params: Params,
    answer: Type.Object({
      imported: Type.Integer(),
      updated: Type.Integer(),
      unchanged: Type.Integer(),
      rejected: Type.Array(
        Type.Object({ row: Type.Integer(), column: Type.String(), code: Type.String(), message: Type.String() }),
      ),
    }),
    async handle(work, { params, body }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      if (!Buffer.isBuffer(body))
        return refusal("validation_failed", "请用 Content-Type: text/csv 或 xlsx 的类型发送名册文件");
      return await importRoster(work, deps.sealer, village.id, body);
    },
  });
}
