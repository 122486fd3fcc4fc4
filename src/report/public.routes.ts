import type { FastifyInstance } from "fastify";
import { sayTitle } from "../disclosure/describe-entry.ts";
import { isPressing } from "../disclosure/obligation.ts";
import { findPhoto } from "../disclosure/photo.queries.ts";
import { type BroadcastId, type ColumnId, type DisclosureId, isUuid } from "../lib/ids.ts";
import { type BoardPage, boardRoute, FRESH_SECONDS } from "../web/board.ts";
import { monthBars } from "../web/charts.ts";
import { type Fields, readFields } from "../web/page.ts";
import {
  listPublicAnswers,
  listPublicColumns,
  listPublicContacts,
  listPublicNotices,
  listPublicSheets,
} from "./public.queries.ts";
import { describeNotices, describePublicSheet, newestSheets, readPublicCalendar, sayNumber } from "./public-view.ts";
import { type PublicDeps, type PublicVisit, visitPublic } from "./visit-public.ts";

const PAGE = 20;

type Show = (visit: PublicVisit, params: Fields, query: Fields) => Promise<Omit<BoardPage, "village"> | null>;

/** What a village shows to anybody: no sign-in, no script, nothing that is a person's (src/db/tenancy.ts `asPublic`). */
export function publicRoutes(app: FastifyInstance, deps: PublicDeps): void {
  const board = (path: string, show: Show) =>
    boardRoute(app, () => deps.clock.now(), {
      url: `/p/:code${path}`,
      show: (params, query) =>
        visitPublic(deps, params.code ?? "", async (visit) => {
          const page = await show(visit, params, query);
          const { code, name } = visit.village;
          return page && { ...page, village: { code, name } };
        }),
    });
  board("", showHome);
  board("/notices", showNotices);
  board("/sheets", showSheets);
  board("/sheets/:month", showSheet);
  board("/answers", showAnswers);
  board("/calendar", showCalendar);
  board("/people", showPeople);
  app.get(
    "/p/:code/photos/:id",
    { config: { access: "public", kind: "asset" } },
    async (request, reply): Promise<unknown> => {
      const { code = "", id = "" } = readFields(request.params);
      const photo = isUuid(id)
        ? await visitPublic(deps, code, ({ work, village }) => findPhoto(work.tx, village.id, id as DisclosureId))
        : null;
      if (!photo) return reply.callNotFound();
      return reply.header("cache-control", `public, max-age=${FRESH_SECONDS}`).type(photo.type).send(photo.bytes);
    },
  );
}

const showHome: Show = async (visit) => {
  const { work, village, sender } = visit;
  const [sheet] = await newestSheets(visit);
  const notices = await listPublicNotices(work.tx, village.id, { columnId: null, before: null, limit: 3 });
  const calendar = await readPublicCalendar(visit);
  return {
    view: "public-home",
    title: `${village.name}公开栏`,
    data: {
      number: sayNumber(sender),
      sheet: sheet ? describePublicSheet(sheet) : null,
      notices: await describeNotices(visit, notices),
      answers: await listPublicAnswers(work.tx, village.id, 2),
      due: calendar.filter((one) => isPressing(one.status)).slice(0, 4),
      owed: calendar.filter((one) => isPressing(one.status)).length,
      contacts: await listPublicContacts(work.tx, village.id),
    },
  };
};

const showNotices: Show = async (visit, _, { column = "", before = "" }) => {
  const { work, village } = visit;
  const wish = {
    columnId: isUuid(column) ? (column as ColumnId) : null,
    before: isUuid(before) ? (before as BroadcastId) : null,
    limit: PAGE + 1,
  };
  const rows = await listPublicNotices(work.tx, village.id, wish);
  return {
    view: "public-notices",
    title: rows.length === 0 ? "还没有发过通知" : "发给大家的通知",
    data: {
      columns: await listPublicColumns(work.tx, village.id),
      column: wish.columnId,
      notices: await describeNotices(visit, rows.slice(0, PAGE)),
      next: rows.length > PAGE ? rows[PAGE - 1]?.id : null,
    },
  };
};

const showSheets: Show = async (visit) => {
  const sheets = (await newestSheets(visit)).map(describePublicSheet);
  const year = sheets.slice(0, 12).toReversed();
  return {
    view: "public-sheets",
    title: sheets.length === 0 ? "还没有公布过账" : "村里的账",
    data: {
      sheets,
      bars: monthBars(year.map(({ key, amounts }) => ({ label: String(Number(key.slice(5))), ...amounts }))),
    },
  };
};

const showSheet: Show = async ({ work, village }, { month = "" }) => {
  if (!/^20\d\d-(?:0[1-9]|1[0-2])$/.test(month)) return null;
  const [sheet, ...earlier] = (await listPublicSheets(work.tx, village.id, month)).map(describePublicSheet);
  if (!sheet) return null;
  return { view: "public-sheet", title: `${sheet.month}的账`, data: { sheet, earlier } };
};

const showAnswers: Show = async ({ work, village }) => {
  const answers = await listPublicAnswers(work.tx, village.id, 100);
  return {
    view: "public-answers",
    title: answers.length === 0 ? "还没有公开的答复" : "您说，我们办",
    data: { answers },
  };
};

const showCalendar: Show = async (visit) => {
  const items = await readPublicCalendar(visit);
  return {
    view: "public-calendar",
    title: sayTitle(items),
    // What is owed longest stands first, and then what was published last.
    data: {
      open: items.filter((one) => one.boardPostedOn === null),
      done: items.filter((one) => one.boardPostedOn !== null).toReversed(),
    },
  };
};

const showPeople: Show = async ({ work, village }) => {
  const contacts = await listPublicContacts(work.tx, village.id);
  return { view: "public-people", title: contacts.length === 0 ? "还没有登出联系人" : "有事找谁", data: { contacts } };
};
