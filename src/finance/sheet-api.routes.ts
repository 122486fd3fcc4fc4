import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { findBroadcastOfSheet } from "../broadcast/broadcast.queries.ts";
import { type FieldError, invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work, WorkDeps } from "../queue/work.ts";
import { findVillage } from "../village/village.queries.ts";
import { apiRoute, Nullable, OneOf } from "../web/api.ts";
import { sumUp } from "./balance.ts";
import { setBalances } from "./change-sheet.queries.ts";
import { makeNotice } from "./lock-sheet.ts";
import { readEntry } from "./read-entry.ts";
import { listEntries, listSheets } from "./sheet.queries.ts";
import {
  ENTRY_CATEGORIES,
  ENTRY_KINDS,
  type EntryWords,
  LARGEST,
  MOST_ENTRIES,
  SHEET_STATES,
  type Sheet,
  VIAS,
} from "./sheet.ts";
import { addEntries, startSheet, visitSheet } from "./write-sheet.ts";

const Fen = Type.Integer({ minimum: 0, maximum: LARGEST, description: "分" });
const EntryBody = Type.Object(
  {
    day: Type.String({ description: "2026-07-03" }),
    kind: OneOf(ENTRY_KINDS),
    purpose: Type.String({ description: "source of an income, purpose of an expense" }),
    amount: Type.Integer({ minimum: 1, maximum: LARGEST, description: "分" }),
    category: Type.Optional(OneOf(ENTRY_CATEGORIES)),
    via: Type.Optional(Nullable(OneOf(VIAS))),
    handler: Type.Optional(Type.String()),
    voucher: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
const NewSheet = Type.Object(
  {
    month: Type.String({ description: "2026-07" }),
    opening: Type.Optional({ ...Fen, description: "by default the closing balance of the month before" }),
    closing: Type.Optional({ ...Fen, description: "as the bank book and the cash box say" }),
    entries: Type.Array(EntryBody, { maxItems: MOST_ENTRIES }),
    notice: Type.Optional(Type.Boolean({ description: "make its notice too: it must balance and continue" })),
  },
  { additionalProperties: false },
);
const SheetView = Type.Object({
  id: Type.String(),
  month: Type.String(),
  state: OneOf(SHEET_STATES),
  opening: Nullable(Type.Integer()),
  income: Type.Integer(),
  expense: Type.Integer(),
  computed: Type.Integer({ description: "opening + income − expense" }),
  closing: Nullable(Type.Integer({ description: "as stated" })),
  corrects: Nullable(Type.String()),
  postedOn: Nullable(Type.String()),
  notice: Nullable(Type.String({ description: "the broadcast made of it" })),
  entries: Type.Array(
    Type.Object({
      day: Type.String(),
      kind: OneOf(ENTRY_KINDS),
      purpose: Type.String(),
      amount: Type.Integer(),
      category: OneOf(ENTRY_CATEGORIES),
      via: Nullable(OneOf(VIAS)),
      handler: Type.String(),
      voucher: Type.String(),
    }),
  ),
});
const Params = Type.Object({ code: Type.String() });
const OneParams = Type.Object({ code: Type.String(), id: Type.String() });

/** The village's money for a program, such as the township's accounting. */
export function sheetApiRoutes(app: FastifyInstance, deps: WorkDeps): void {
  apiRoute(app, deps, {
    method: "POST",
    url: "/villages/:code/sheets",
    access: "sheet.edit",
    summary: "Enter a month's sheet; with `notice`, lock it and draft its text (does_not_balance, does_not_continue)",
    params: Params,
    body: NewSheet,
    status: 201,
    answer: SheetView,
    async handle(work, { params, body }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const started = await startSheet(work, village, body.month);
      if (!started.ok) return started;
      const sheet = await visitSheet(work, village, started.value);
      if (!sheet.ok) return sheet;
      const entries = readAll(body.entries, body.month);
      if (!entries.ok) return entries;
      const added = await addEntries(work, sheet.value, entries.value);
      if (!added.ok) return added;
      const opening = body.opening ?? sheet.value.opening;
      await setBalances(work.tx, sheet.value.id, { opening, closing: body.closing ?? null });
      if (body.notice) {
        const made = await makeNotice(work, village, sheet.value);
        if (!made.ok) return made;
      }
      const written = await visitSheet(work, village, started.value);
      return written.ok ? ok(await describe(work, written.value)) : written;
    },
  });
  apiRoute(app, deps, {
    method: "GET",
    url: "/villages/:code/sheets",
    access: "sheet.read",
    summary: "All sheets, newest month first",
    params: Params,
    answer: Type.Object({ items: Type.Array(Type.Omit(SheetView, ["entries", "notice"])), nextCursor: Type.Null() }),
    async handle(work, { params }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const sheets = await listSheets(work.tx, village.id);
      return ok({
        items: sheets.map((one) => ({ ...facts(one), ...sums(one.opening, one.income, one.expense) })),
        nextCursor: null,
      });
    },
  });
  apiRoute(app, deps, {
    method: "GET",
    url: "/villages/:code/sheets/:id",
    access: "sheet.read",
    summary: "One sheet with its entries",
    params: OneParams,
    answer: SheetView,
    async handle(work, { params }) {
      const village = await findVillage(work.tx, params.code);
      if (!village) return refusal("not_found", "没有这个村");
      const sheet = await visitSheet(work, village, params.id);
      return sheet.ok ? ok(await describe(work, sheet.value)) : sheet;
    },
  });
}

type EntryWish = { day: string; amount: number; category?: string; via?: string | null } & Record<string, unknown>;

/** Held to the same rules as what is typed. */
function readAll(wishes: readonly EntryWish[], month: string): Outcome<EntryWords[]> {
  const errors: FieldError[] = [];
  const entries = wishes.flatMap((wish, i) => {
    const typed = { ...wish, amount: (wish.amount / 100).toFixed(2), via: wish.via ?? "" };
    const read = readEntry(typed, month);
    if (read.ok) return [read.value];
    errors.push(...read.refusal.map(({ field, message }) => ({ field: `entries.${i}.${field}`, message })));
    return [];
  });
  return errors.length > 0 ? invalid(...errors) : ok(entries);
}

const facts = ({ id, month, state, opening, closing, correctsId, postedOn }: Sheet) => ({
  ...{ id, month, state, opening, closing, postedOn },
  corrects: correctsId,
});
const sums = (opening: number | null, income: number, expense: number) => ({
  income,
  expense,
  computed: (opening ?? 0) + income - expense,
});

async function describe(work: Work, sheet: Sheet) {
  const entries = await listEntries(work.tx, sheet.id);
  const { income, expense } = sumUp(0, entries);
  const notice = await findBroadcastOfSheet(work.tx, sheet.id);
  return {
    ...facts(sheet),
    ...sums(sheet.opening, income, expense),
    notice: notice?.id ?? null,
    entries: entries.map(({ id: _, ...words }) => words),
  };
}
