import type { FastifyInstance } from "fastify";
import type { SuggestionId } from "../lib/ids.ts";
import { invalid, type Outcome, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { ROLE_NAMES } from "../lib/roles.ts";
import type { Sealer } from "../lib/seal.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Fields, type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { answerSuggestion } from "./answer-suggestion.ts";
import { describeCase, describeTimeline, titleOf } from "./case-view.ts";
import { declineSuggestion } from "./decline-suggestion.ts";
import { escalateSuggestion } from "./escalate-suggestion.ts";
import { findCase } from "./find-case.ts";
import { noteSuggestion } from "./note-suggestion.ts";
import { sealSuggestion } from "./seal-suggestion.ts";
import { countSealedSegments, listSealed } from "./sealed.queries.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import { isOpen, RESULT_KINDS, RESULT_WORDS } from "./suggestion.ts";
import { listTimeline } from "./timeline.queries.ts";

const PAGE = 40;

type SealedDeps = PageDeps & { sealer: Sealer };

/** Sealed cases, apart from everything else: their list, and one case with what its two readers may do with it. */
export function sealedRoutes(app: FastifyInstance, deps: SealedDeps): void {
  const show = (visit: Visit) => showSealed(visit, deps.sealer);
  pageRoute(app, deps, { url: "/v/:code/sealed", access: "sealed.read", show: showList });
  pageRoute(app, deps, { url: "/v/:code/sealed/:id", access: "sealed.read", show });

  type Move = (work: Work, id: SuggestionId, fields: Fields) => Promise<Outcome<Suggestion>>;
  const form = (url: string, done: string, move: Move) =>
    pageForm(app, deps, {
      url: `/v/:code/sealed/:id/${url}`,
      access: "sealed.handle",
      page: show,
      async act(work, params, fields) {
        const found = await visitSealed(work, params);
        if (!found.ok) return found;
        const moved = await move(work, found.value.suggestion.id, fields);
        return moved.ok ? ok(`/v/${params.code}/sealed/${moved.value.id}?done=${done}`) : moved;
      },
    });
  form("answer", "answered", (work, id, { resultKind = "", text = "", plannedFor }) =>
    text.trim() === ""
      ? Promise.resolve(invalid({ field: "text", message: "请写答复的内容，它会原样发给村民" }))
      : answerSuggestion(work, id, { resultKind, text: `${speaker(work)}：${text.trim()}`, plannedFor }),
  );
  form("note", "noted", (work, id, fields) => noteSuggestion(work, id, fields.text ?? ""));
  form("transfer", "declined", (work, id, fields) => declineSuggestion(work, id, fields.reason ?? ""));
  form("escalation", "escalated", (work, id, fields) => escalateSuggestion(work, id, fields.reason ?? ""));

  pageForm(app, deps, {
    url: "/v/:code/cases/:id/seal",
    access: "suggestion.seal",
    page: showList,
    async act(work, params) {
      const found = await findCase(work, params.id ?? "", params.code ?? "");
      if (!found.ok) return found;
      const sealed = await sealSuggestion(work, found.value.suggestion.id);
      return sealed.ok ? ok(`/v/${params.code}/cases?done=sealed`) : sealed;
    },
  });
}

/** The text is signed by the village's number, so its first words say that it is not the committee who answers. */
const speaker = ({ actor }: Work): string => `${ROLE_NAMES[actor.role]}${actor.kind === "staff" ? actor.name : ""}`;

async function visitSealed(work: Work, params: Fields): Promise<Outcome<{ village: Village; suggestion: Suggestion }>> {
  const found = await findCase(work, params.id ?? "", params.code ?? "");
  return found.ok && found.value.suggestion.sealed ? found : refusal("not_found", "没有这件密件");
}

async function showList({ work, params, query }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const offset = Number(/^\d{1,6}$/.exec(query.from ?? "")?.[0] ?? 0);
  const rows = await listSealed(work.tx, village.value.id, PAGE + 1, offset);
  const open = rows.filter(({ state }) => isOpen(state)).length;
  return ok({
    view: "sealed",
    title: open > 0 ? `${open} 件密件等答复` : "没有等答复的密件",
    tab: "more",
    village: village.value,
    data: {
      items: rows.slice(0, PAGE).map((row) => describeCase(row, work.now, village.value.calendar)),
      next: rows.length > PAGE ? offset + PAGE : null,
      // The township pays for what goes back and forth.
      segments: work.actor.role === "township" ? await countSealedSegments(work.tx, village.value.id) : null,
    },
  });
}

async function showSealed({ work, params }: Visit, sealer: Sealer): Promise<Outcome<Page>> {
  const found = await visitSealed(work, params);
  if (!found.ok) return found;
  const { village, suggestion } = found.value;
  const open = isOpen(suggestion.state);
  return ok({
    view: "sealed-case",
    title: titleOf(suggestion),
    tab: "more",
    village,
    data: {
      item: describeCase(suggestion, work.now, village.calendar, sealer),
      timeline: describeTimeline(await listTimeline(work.tx, suggestion.id)),
      results: RESULT_KINDS.map((kind) => ({ value: kind, label: RESULT_WORDS[kind] })),
      speaker: speaker(work),
      can: {
        answer: open,
        transfer: open && suggestion.state !== "reopened" && suggestion.state !== "working",
        escalate: open && suggestion.escalatedAt === null && work.actor.role === "overseer",
      },
    },
  });
}
