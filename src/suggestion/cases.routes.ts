import type { FastifyInstance } from "fastify";
import { fromLocal } from "../lib/china-time.ts";
import type { SuggestionId } from "../lib/ids.ts";
import { invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Action } from "../lib/roles.ts";
import type { Sealer } from "../lib/seal.ts";
import type { Work } from "../queue/work.ts";
import { type Fields, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { acceptSuggestion } from "./accept-suggestion.ts";
import { answerSuggestion } from "./answer-suggestion.ts";
import { askVillager } from "./ask-villager.ts";
import { assignSuggestion } from "./assign-suggestion.ts";
import { declineSuggestion } from "./decline-suggestion.ts";
import { escalateSuggestion } from "./escalate-suggestion.ts";
import { extendSuggestion } from "./extend-suggestion.ts";
import { noteSuggestion } from "./note-suggestion.ts";
import { publishSuggestion, withdrawSuggestion } from "./publish-suggestion.ts";
import { reopenSuggestion } from "./reopen-suggestion.ts";
import { showCase, visitCase } from "./show-case.ts";
import type { Suggestion } from "./suggestion.queries.ts";
import { tellInPerson } from "./tell-in-person.ts";
import { transferSuggestion } from "./transfer-suggestion.ts";

export type CaseDeps = PageDeps & { sealer: Sealer };

/** One case and the forms that move it. */
export function caseRoutes(app: FastifyInstance, deps: CaseDeps): void {
  const show = (visit: Visit) => showCase(visit, deps.sealer);
  pageRoute(app, deps, { url: "/v/:code/cases/:id", access: "suggestion.read", show });

  type Move = (work: Work, id: SuggestionId, fields: Fields) => Promise<Outcome<Suggestion>>;
  const form = (url: string, access: Action, done: string, move: Move) =>
    pageForm(app, deps, {
      url: `/v/:code/cases/:id/${url}`,
      access,
      page: show,
      async act(work, params, fields) {
        const found = await visitCase(work, params);
        if (!found.ok) return found;
        const moved = await move(work, found.value.suggestion.id, fields);
        if (!moved.ok) return moved;
        const told = done === "answered" && !moved.value.phoneHash ? "answered_on_paper" : done;
        return ok(`/v/${params.code}/cases/${moved.value.id}?done=${told}`);
      },
    });
  form("acceptance", "suggestion.accept", "accepted", acceptSuggestion);
  form("assignment", "suggestion.assign", "assigned", (work, id, fields) =>
    assignSuggestion(work, id, fields.to ?? ""),
  );
  form("note", "suggestion.note", "noted", async (work, id, fields) =>
    renameFields(await noteSuggestion(work, id, fields.note ?? ""), { text: "note" }),
  );
  form("question", "suggestion.ask", "asked", async (work, id, fields) =>
    renameFields(await askVillager(work, id, fields.ask ?? ""), { question: "ask" }),
  );
  form("decline", "suggestion.decline", "declined", async (work, id, fields) =>
    renameFields(await declineSuggestion(work, id, fields.declined ?? "", fields.channel ?? ""), {
      reason: "declined",
    }),
  );
  form("transfer", "suggestion.transfer", "transferred", (work, id, fields) =>
    transferSuggestion(work, id, { to: fields.body ?? "", phone: fields.phone ?? "", reason: fields.why }),
  );
  form("reopening", "suggestion.reopen", "reopened", async (work, id, fields) =>
    renameFields(await reopenSuggestion(work, id, fields.again ?? ""), { reason: "again" }),
  );
  form("telling", "suggestion.tell", "told", (work, id, fields) =>
    tellInPerson(work, id, { whom: fields.whom ?? "", on: fields.on, rating: fields.rating }),
  );
  form("publication", "suggestion.publish", "published", (work, id, fields) =>
    publishSuggestion(work, id, { question: fields.question ?? "", answer: fields.answer ?? "" }),
  );
  form("withdrawal", "suggestion.publish", "withdrawn", withdrawSuggestion);
  form("escalation", "suggestion.escalate", "escalated", (work, id, fields) =>
    escalateSuggestion(work, id, fields.escalated ?? ""),
  );
  form("answer", "suggestion.answer", "answered", (work, id, fields) =>
    answerSuggestion(work, id, {
      resultKind: fields.resultKind ?? "",
      text: fields.text ?? "",
      plannedFor: fields.plannedFor,
    }),
  );
  form("extension", "suggestion.extend", "extended", async (work, id, fields) => {
    const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(fields.dueAt ?? "");
    if (!day) return invalid({ field: "dueAt", message: "请选延到哪一天" });
    const dueAt = fromLocal(Number(day[1]), Number(day[2]), Number(day[3]), 24);
    return await extendSuggestion(work, id, { reason: fields.reason ?? "", dueAt });
  });
}

/** The page holds several forms: a refusal leads to the field of the one that was sent. */
function renameFields<T>(outcome: Outcome<T>, names: Readonly<Record<string, string>>): Outcome<T> {
  if (outcome.ok) return outcome;
  const errors = outcome.refusal.errors?.map((error) => ({ ...error, field: names[error.field] ?? error.field }));
  return { ...outcome, refusal: { ...outcome.refusal, ...(errors ? { errors } : {}) } };
}
