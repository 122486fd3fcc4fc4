import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { FieldError, Outcome } from "../lib/refusal.ts";
import { REFUSAL_STATUS } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { type Action, type Actor, may, ROLE_NAMES } from "../lib/roles.ts";
import { inWork, type Work, type WorkDeps } from "../queue/work.ts";
import { type Access, actorOf, csrfToken, type Visitor, visitorOf } from "./guard.ts";
import { once } from "./idempotency.ts";
import { sendProblem } from "./problems.ts";
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
  show(visit: Visit): Promise<Outcome<Page>>;
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
  act(work: Work, params: Fields, fields: Fields, visitor: Visitor, asked: Asked): Promise<Outcome<string | Page>>;
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
      const asked = (await route.ask?.(visitor.actor, readFields(request.params))) as Asked;
      const result = await inWork(deps, visitor.actor, async (work) => {
        const effect = async () => {
          const done = await route.act(work, readFields(request.params), typed, visitor, asked);
          if (!done.ok) return done;
          if (typeof done.value === "string") return ok({ status: 303, body: done.value });
          page = done.value;
          // The same form again leads to the page without what was shown once.
          return ok({ status: 303, body: request.url });
        };
        return _once
          ? await once(work, { route: `POST ${request.url}`, key: _once.slice(0, 100), body: typed }, effect)
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

/** `POST`: a piece of a page that htmx asks for while somebody types. It changes nothing. */
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

/** What a page says after a form has done its work; the address names it, so nobody can put words in our mouth. */
const DONE: Record<string, string> = {
  drafted: "草稿已存好",
  submitted: "已提交，等别人审批",
  approved: "已批准，正在发出",
  scheduled: "已批准，到时间自动发出",
  returned: "已退回给写的人",
  paused: "已暂停，没发的先不发",
  resumed: "接着发了",
  canceled: "已取消，没发的不再发",
  inquired: "问过运营商了，查到什么写在“经过”里",
  resent: "已排队重发",
  surrendered: "已作罢，这几户算没收到",
  surrendered_text: "已作罢，算没收到，请当面告诉一声",
  accepted: "已受理",
  assigned: "已交办",
  noted: "已记下",
  extended: "已延期，原因已发短信告诉村民",
  answered: "答复已发出，等村民评价",
  answered_on_paper: "答复记下了，请当面告诉他",
  declined: "已告知村民",
  escalated: "已上报乡镇",
  asked: "已发短信问他，三天内他再发来的就是回答",
  transferred: "已转出，单位和电话已告诉村民",
  reopened: "已重新办理，并告诉村民",
  told: "已记下：当面答复了",
  published: "已公开",
  withdrawn: "已撤下，不再公开",
  recorded: "已登记，请当面告诉他编号和答复的日子",
  phrase_added: "已存好，写答复时点一下就用上",
  phrase_removed: "已删掉",
  merged: "已并到一起，也告诉了村民",
  split: "已另立一件，回执已发给村民",
  moved: "已转过去，那边会告诉村民",
  attached: "已认下这个号码，他写的正在登记",
  dismissed: "已记下，不再列出",
  staff_added: "账号已建好",
  password_set: "密码已改",
  signed_out_elsewhere: "别处的登录都已退出",
  switched: "账号状态已改",
  phone_set: "手机号已登记",
  phone_removed: "手机号已去掉，不再发短信给他",
  number_confirmed: "记下了，以后接着给这户发",
  policy_added: "政策已存好，村民发短信就能查到",
  policy_changed: "改好了",
  policy_retired: "已停用，村民查不到了",
  policy_restored: "已重新启用",
  budget_set: "额度已定好",
  clocks_set: "时限已定好，没办完的正在重新算日期",
  day_set: "日历已改，没办完的正在重新算日期",
  supervised: "督办单已签发，已发短信告诉书记",
  word_added: "词已添上，以后来的短信照这个分",
  word_switched: "已改好，以后来的短信照这个分",
  classes_set: "分类已改好",
  allowed: "已同意超额度发送",
  test_sent: "已发到您自己的手机",
  tested: "已发到您自己的手机，草稿也存好了",
  alarm_taken: "好，您去处理。已告诉被叫过的人",
  alarms_set: "急事怎么叫人，已定好",
  sealed: "已转为密件，已发短信告诉村民",
  closed: "已办结",
  schedule_made: "已存好，等别人同意后到时间自动发",
  schedule_approved: "已同意，到时间自动发出",
  schedule_stopped: "已停，不再重复",
};

/** Form and query values as text; a name given twice keeps its first value. */
export function readFields(source: unknown): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries((source ?? {}) as Record<string, unknown>)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (typeof first === "string") fields[name] = first;
  }
  return fields;
}
