import type { FastifyInstance } from "fastify";
import { type BroadcastId, isUuid } from "../../lib/ids.ts";
import type { Outcome } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { cleanText } from "../../lib/text.ts";
import type { Work } from "../../queue/work.ts";
import {
  type Fields,
  type Page,
  type PageDeps,
  pageForm,
  pageFragment,
  pageRoute,
  type Visit,
} from "../../web/page.ts";
import { type Broadcast, findBroadcast } from "../broadcast.queries.ts";
import { type BroadcastKind, EVERYONE } from "../broadcast.ts";
import { ROSTER_BLANKS } from "../personal/blanks.ts";
import { QUORUM_SHARES, QUORUMS } from "../poll/poll.ts";
import { type Composing, describeStep, keyOf, visitDraft } from "./compose.ts";
import { keepRoute } from "./compose-keep.routes.ts";
import { estimateSketch } from "./estimate.ts";
import { readLines, readWriting, writeLocalMoment } from "./read-compose.ts";
import { saveDraft } from "./save-draft.ts";
import { applyCuts, proposeCuts } from "./shorten.ts";

const TITLES: Record<BroadcastKind, string> = { notice: "写通知", poll: "请村民表态", emergency: "写紧急通知" };
/** What most polls of a village ask for (reference/domain.md 1). */
const USUAL_OPTIONS = ["同意", "不同意", "弃权"];

/** The first step: what it says. */
export function composeWriteRoutes(app: FastifyInstance, deps: PageDeps): void {
  const url = "/v/:code/notices/:id/write";
  const access = "broadcast.draft";
  pageRoute(app, deps, { url, access, show: showWrite });
  pageForm(app, deps, {
    url,
    access,
    page: showWrite,
    async act(work, params, fields) {
      const found = await visitDraft(work, params, fields);
      if (!found.ok) return found;
      const { base, village } = found.value;
      const saved = await saveWriting(work, found.value, changeBody(fields, village.signature));
      if (!saved.ok) return saved;
      if (fields.then === "later") return ok(`${base}?done=drafted`);
      const stays = fields.then === "cut" || fields.then?.startsWith("blank:");
      return ok(stays ? `${base}/write#f-body` : `${base}/who`);
    },
  });
  // What stood here before there were three steps.
  pageRoute(app, deps, {
    url: "/v/:code/notices/:id/edit",
    access,
    show: async ({ work, params, query }) => {
      const found = await visitDraft(work, params, query);
      return found.ok ? ok(`${found.value.base}/write`) : found;
    },
  });

  // The bubble beside the text, asked for while somebody types; the page itself holds the same one.
  pageFragment(app, deps, {
    url: `${url}/look`,
    access,
    async show(work, params, fields) {
      const found = await visitDraft(work, params, fields);
      if (!found.ok) return found;
      return ok({ view: "parts/estimate", data: { estimate: await estimateTyped(work, found.value, fields) } });
    },
  });
  keepRoute(app, deps, "write", saveWriting);
}

/** Two buttons change the text themselves: a blank put behind it, and the words that one can do without taken out. */
function changeBody(fields: Fields, signature: string): Fields {
  const { then = "", body = "" } = fields;
  const blank = ROSTER_BLANKS.find((name) => then === `blank:${name}`);
  if (blank) return { ...fields, body: `${body.trimEnd()}{{${blank}}}` };
  if (then !== "cut") return fields;
  const typed = cleanText(body).trim();
  return { ...fields, body: applyCuts(typed, proposeCuts(typed, signature).enough ?? []) };
}

async function saveWriting(work: Work, composing: Composing, fields: Fields): Promise<Outcome<Broadcast>> {
  const part = readWriting(fields, composing.kind);
  if (!part.ok) return part;
  const { draft, columns, village } = composing;
  const column = columns.find((one) => one.name === fields.column);
  const usual = (await copied(work, composing, fields))?.audience ?? column?.audience ?? EVERYONE;
  const audience = draft ? {} : { audience: usual };
  return await saveDraft(work, village, keyOf(composing, fields), { ...part.value, ...audience });
}

/** The earlier notice that a new one begins as a copy of. */
async function copied(work: Work, { village }: Composing, fields: Fields): Promise<Broadcast | null> {
  const id = fields.copy ?? "";
  const earlier = isUuid(id) ? await findBroadcast(work.tx, id as BroadcastId) : undefined;
  return earlier?.villageId === village.id ? earlier : null;
}

async function showWrite({ work, params, query, problem }: Visit): Promise<Outcome<Page | string>> {
  const found = await visitDraft(work, params, problem?.fields ?? query);
  if (!found.ok) return found;
  const { village, columns, kind, draft, frozen, base } = found.value;
  if (frozen) return ok(`${base}?done=frozen`);
  const form = problem?.fields ?? (await firstFields(work, found.value, query));
  return ok({
    view: "notice-compose-write",
    title: TITLES[kind],
    tab: "notices",
    village,
    data: {
      ...(await describeStep(work, found.value, "write", problem)),
      kind,
      columns: columns.map(({ name }) => ({ value: name, label: name })),
      form,
      blanks: ROSTER_BLANKS,
      quorums: QUORUMS.map((value) => ({ value, label: QUORUM_SHARES[value].words })),
      signs: columns.find((column) => column.name === form.column)?.class === "finance" || draft?.sheetId != null,
      estimate: await estimateTyped(work, found.value, form),
    },
  });
}

/** What the fields hold at first: the draft, or the notice it is a copy of, or next to nothing. */
async function firstFields(work: Work, composing: Composing, query: Fields): Promise<Fields> {
  const { draft, columns } = composing;
  const source = draft ?? (await copied(work, composing, query));
  const column = source?.column ?? columns.find((one) => one.name === query.column)?.name ?? columns[0]?.name ?? "";
  return {
    column,
    body: source?.body ?? "",
    options: (source?.options ?? USUAL_OPTIONS).join("\n"),
    quorum: source?.quorum ?? "half",
    closesAt: draft?.closesAt ? writeLocalMoment(draft.closesAt) : "",
    urgentReason: source?.urgentReason ?? "",
    atLeastOnce: draft?.atLeastOnce ? "1" : "",
    needsOverseer: source?.needsOverseer ? "1" : "",
    copy: draft ? "" : (query.copy ?? ""),
  };
}

function estimateTyped(work: Work, composing: Composing, fields: Fields) {
  const { village, columns, draft, kind } = composing;
  const column = columns.find((one) => one.name === fields.column) ?? columns[0];
  if (!column) throw new Error("a village without columns");
  return estimateSketch(work, village, {
    id: draft?.id ?? null,
    villageId: village.id,
    kind,
    columnId: column.id,
    body: fields.body ?? "",
    options: kind === "poll" ? readLines(fields.options ?? "") : null,
    audience: draft?.audience ?? column.audience ?? EVERYONE,
    sendAt: draft?.sendAt ?? null,
  });
}
