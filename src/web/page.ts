import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { FieldError, Outcome } from "../lib/refusal.ts";
import { REFUSAL_STATUS } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { type Action, type Actor, may, ROLE_NAMES } from "../lib/roles.ts";
import { inWork, type Work, type WorkDeps } from "../queue/work.ts";
import { DONE } from "./done.ts";
import { type Access, actorOf, csrfToken, type Visitor, visitorOf } from "./guard.ts";
import { once } from "./idempotency.ts";
import { sendProblem } from "./problems.ts";
import { markOf, type Upload } from "./upload.ts";
import { renderView } from "./view.ts";

export type PageDeps = WorkDeps & {
  sessionKey: Buffer;
  /** The village of somebody who has just one: its menu stands on every page of his. */
  homeVillage(actor: Actor): Promise<PageVillage | null>;
};

/** The village a page is about; the row-level policy has let the actor see it. */
export type PageVillage = { code: string; name: string };
export type Tab = "today" | "notices" | "cases" | "people" | "more";

export type Page = {
  view: string;
  /** The answer to the question the page is asked: "今天要答复 3 件". */
  title: string;
  tab?: Tab;
  /** Given where the address names one; else it is the actor's only one. */
  village?: PageVillage;
  data: Record<string, unknown>;
};

/** What a form brought: every field as text, as it was typed. */
export type Fields = Readonly<Record<string, string>>;

/** A form that was refused is shown again, with what was typed and what is wrong beside each field. */
export type FormProblem = { message: string; errors: FieldError[]; fields: Fields };

export type Visit = { work: Work; params: Fields; query: Fields; problem: FormProblem | null };

type PageRoute = {
  url: string;
  access: Access;
  /** A page, or where to go instead: what can be edited no more is shown where it now stands. */
  show(visit: Visit): Promise<Outcome<Page | string>>;
};

/** `GET`: a page. The same `show` also shows a form again when `pageForm` refuses it. */
export function pageRoute(app: FastifyInstance, deps: PageDeps, route: PageRoute, beforePasswordChange = false): void {
  app.get(
    route.url,
    { config: { access: route.access, kind: "page", beforePasswordChange } },
    async (request, reply) => {
      return await showPage(deps, request, reply, route, null);
    },
  );
}

type FormRoute<Asked> = {
  url: string;
  access: Access;
  /** What somebody else's server must be asked: before the unit of work, so that none waits for it. May happen twice. */
  ask?(actor: Actor, params: Fields): Promise<Asked>;
  /**
   * Where to go when it is done, or a page that can be shown only now (a first password is never stored). A refusal
   * comes back on `page`, beside its field.
   */
  act(
    work: Work,
    params: Fields,
    fields: Fields,
    visitor: Visitor,
    asked: Asked,
    upload: Upload | null,
  ): Promise<Outcome<string | Page>>;
  page: PageRoute["show"];
};

/**
 * `POST`: a form, which works without JavaScript. Every form carries a number of its own, so a double click has one
 * effect and both clicks end on the same page.
 */
export function pageForm<Asked = undefined>(
  app: FastifyInstance,
  deps: PageDeps,
  route: FormRoute<Asked>,
  beforePasswordChange = false,
): void {
  app.post(
    route.url,
    { config: { access: route.access, kind: "page", beforePasswordChange } },
    async (request, reply) => {
      const fields = readFields(request.body);
      const { _once, _csrf, ...typed } = fields;
      const visitor = visitorOf(request);
      let page: Page | null = null;
      const { upload = null } = request;
      const sent = upload ? { ...typed, _upload: markOf(upload) } : typed;
      const asked = (await route.ask?.(visitor.actor, readFields(request.params))) as Asked;
      const result = await inWork(deps, visitor.actor, async (work) => {
        const effect = async () => {
          const done = await route.act(work, readFields(request.params), typed, visitor, asked, upload);
          if (!done.ok) return done;
          if (typeof done.value === "string") return ok({ status: 303, body: done.value });
          page = done.value;
          // The same form again leads to the page without what was shown once.
          return ok({ status: 303, body: request.url });
        };
        return _once
          ? await once(work, { route: `POST ${request.url}`, key: _once.slice(0, 100), body: sent }, effect)
          : await effect();
      });
      if (result.ok && page) return await sendPage(reply, deps, page, visitor.actor, null);
      if (result.ok) return reply.redirect(result.value.body, 303);
      const { message, errors = [] } = result.refusal;
      reply.code(REFUSAL_STATUS[result.refusal.code]);
      return await showPage(deps, request, reply, { ...route, show: route.page }, { message, errors, fields: typed });
    },
  );
}

type FragmentRoute = {
  url: string;
  access: Access;
  show(work: Work, params: Fields, fields: Fields): Promise<Outcome<{ view: string; data: Record<string, unknown> }>>;
};

/** `POST`: a piece of a page that htmx asks for while somebody types. It changes nothing but a draft. */
export function pageFragment(app: FastifyInstance, deps: PageDeps, route: FragmentRoute): void {
  app.post(route.url, { config: { access: route.access, kind: "page" } }, async (request, reply) => {
    const shown = await inWork(deps, actorOf(request), (work) =>
      route.show(work, readFields(request.params), readFields(request.body)),
    );
    if (!shown.ok) return await sendProblem(reply, shown.refusal);
    const { view, data } = shown.value;
    return reply.type("text/html; charset=utf-8").send(renderView(view, data, deps.clock.now()));
  });
}

async function showPage(
  deps: PageDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  route: PageRoute,
  problem: FormProblem | null,
): Promise<FastifyReply> {
  const actor = actorOf(request);
  const shown = await inWork(deps, actor, (work) =>
    route.show({ work, params: readFields(request.params), query: readFields(request.query), problem }),
  );
  if (!shown.ok) return request.server.errorPage(reply, REFUSAL_STATUS[shown.refusal.code], shown.refusal.message);
  if (typeof shown.value === "string") return reply.redirect(shown.value, 303);
  return await sendPage(reply, deps, shown.value, actor, problem);
}

export async function sendPage(
  reply: FastifyReply,
  deps: PageDeps,
  page: Page,
  actor: Actor | null,
  problem: FormProblem | null,
): Promise<FastifyReply> {
  const { request } = reply;
  const village = page.village ?? (actor ? await deps.homeVillage(actor) : null);
  const token = request.visitor?.sessionToken;
  return reply.type("text/html; charset=utf-8").send(
    renderView(
      page.view,
      {
        ...page.data,
        title: page.title,
        tab: page.tab ?? null,
        village,
        actor: actor && { name: actor.name, role: ROLE_NAMES[actor.role] },
        may: (action: Action) => actor !== null && may(actor.role, action),
        big: request.cookies.cunwu_big === "1",
        csrf: token ? csrfToken(deps.sessionKey, token) : "",
        once: randomUUID(),
        problem,
        typed: problem?.fields ?? {},
        wrongAt: (field: string) => problem?.errors.find((error) => error.field === field)?.message ?? null,
        done: DONE[readFields(request.query).done ?? ""] ?? null,
        path: request.url.split("?")[0],
      },
      deps.clock.now(),
    ),
  );
}

/** Form and query values as text; a name given twice keeps its first value. */
export function readFields(source: unknown): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries((source ?? {}) as Record<string, unknown>)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (typeof first === "string") fields[name] = first;
  }
  return fields;
}
