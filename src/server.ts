import cookie from "@fastify/cookie";
import formbody from "@fastify/formbody";
import swagger from "@fastify/swagger";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { afterSendingRoutes } from "./broadcast/after-sending/after-sending.routes.ts";
import { afterSendingApiRoutes } from "./broadcast/after-sending/after-sending-api.routes.ts";
import { leftOutRoutes } from "./broadcast/audience/left-out.routes.ts";
import { broadcastRoutes } from "./broadcast/broadcast.routes.ts";
import { composeRoutes } from "./broadcast/compose/compose.routes.ts";
import { noticeRoutes } from "./broadcast/notices.routes.ts";
import { scheduleRoutes } from "./broadcast/schedule/schedules.routes.ts";
import { doubtRoutes } from "./broadcast/sending/doubts.routes.ts";
import { liveRoutes } from "./broadcast/sending/live.routes.ts";
import { seriesRoutes } from "./broadcast/series/series.routes.ts";
import { approvalRoutes } from "./broadcast/signing/approval.routes.ts";
import { approvalApiRoutes } from "./broadcast/signing/approval-api.routes.ts";
import { policyTipRoutes } from "./broadcast/template/policy-tip.routes.ts";
import { templateRoutes } from "./broadcast/template/templates.routes.ts";
import type { Pace } from "./carrier/simulator/life.ts";
import { SIMULATED_SENDER, simulatorRoutes } from "./carrier/simulator/simulator.routes.ts";
import type { Context } from "./context.ts";
import { disclosureRoutes } from "./disclosure/disclosure.routes.ts";
import { sheetRoutes } from "./finance/sheet.routes.ts";
import { sheetApiRoutes } from "./finance/sheet-api.routes.ts";
import { sheetsRoutes } from "./finance/sheets.routes.ts";
import { hookRoutes } from "./inbound/hooks.routes.ts";
import { inboundRoutes } from "./inbound/inbound.routes.ts";
import { letterRoutes } from "./inbound/letters.routes.ts";
import { strangerRoutes } from "./inbound/strangers.routes.ts";
import type { Actor } from "./lib/roles.ts";
import { sha256 } from "./lib/seal.ts";
import { countSegments } from "./message/segments.ts";
import { policyRoutes } from "./policy/policies.routes.ts";
import { policyApiRoutes } from "./policy/policy-api.routes.ts";
import { probeRoutes } from "./probes.routes.ts";
import { publicRoutes } from "./report/public.routes.ts";
import { publicSettingsRoutes } from "./report/public-settings.routes.ts";
import { STATE_WORDS_OF_A_DOOR } from "./report/state-words.ts";
import { todayRoutes } from "./report/today.routes.ts";
import { duplicateRoutes } from "./roster/duplicates.routes.ts";
import { enrolmentRoutes } from "./roster/enrolment.routes.ts";
import { groupRoutes } from "./roster/groups.routes.ts";
import { householdRoutes } from "./roster/household.routes.ts";
import { importRoutes } from "./roster/imports.routes.ts";
import { peopleRoutes } from "./roster/people.routes.ts";
import { personRoutes } from "./roster/person.routes.ts";
import { rosterRoutes } from "./roster/roster.routes.ts";
import { accountRoutes } from "./staff/account.routes.ts";
import { findByApiKey } from "./staff/session.queries.ts";
import { signInRoutes } from "./staff/sign-in.routes.ts";
import { resumeSession } from "./staff/sign-in.ts";
import { staffRoutes } from "./staff/staff.routes.ts";
import { alarmSettingsRoutes } from "./suggestion/alarm-settings.routes.ts";
import { alarmRoutes } from "./suggestion/alarms.routes.ts";
import { caseRoutes } from "./suggestion/cases.routes.ts";
import { classRoutes } from "./suggestion/classes.routes.ts";
import { clockRoutes } from "./suggestion/clocks.routes.ts";
import { composerRoutes } from "./suggestion/composer.routes.ts";
import { caseDoubtRoutes } from "./suggestion/doubts.routes.ts";
import { ledgerRoutes } from "./suggestion/ledger.routes.ts";
import { mergeRoutes } from "./suggestion/merge.routes.ts";
import { moveRoutes } from "./suggestion/moves.routes.ts";
import { oralRoutes } from "./suggestion/oral.routes.ts";
import { paperRoutes } from "./suggestion/paper.routes.ts";
import { phoneRoutes } from "./suggestion/phone.routes.ts";
import { sealedRoutes } from "./suggestion/sealed.routes.ts";
import { suggestionRoutes } from "./suggestion/suggestion.routes.ts";
import { supervisionRoutes } from "./suggestion/supervision.routes.ts";
import { wordRoutes } from "./suggestion/words.routes.ts";
import { budgetRoutes } from "./village/budget.routes.ts";
import { calendarRoutes } from "./village/calendar.routes.ts";
import { promiseRoutes } from "./village/promises.routes.ts";
import { publicPhoneRoutes } from "./village/public-phones.routes.ts";
import { getVillage } from "./village/village.queries.ts";
import { villageRoutes } from "./village/village.routes.ts";
import { API_PREFIX, ProblemSchema } from "./web/api.ts";
import { assetRoutes } from "./web/assets.routes.ts";
import { installGuard } from "./web/guard.ts";
import { sendPage } from "./web/page.ts";
import { installErrorHandler } from "./web/problems.ts";
import { protectPages } from "./web/protect.ts";

/** What the service is for a browser, a program and a carrier; main.ts says when it listens. */
export async function buildServer(
  ctx: Context,
  publicBaseUrl: string,
  options: { simulatorPace?: Pace } = {},
): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: ctx.log as FastifyBaseLogger,
    // One line per refused or failed request is enough, and none of them may hold a number or a text.
    logController: new LogController({ disableRequestLogging: true }),
    // The address behind a proxy of ours counts against sign-in tries; a stranger's header does not.
    trustProxy: "loopback, linklocal, uniquelocal",
    bodyLimit: 1024 * 1024,
    forceCloseConnections: true,
    // Strict with our callers: an unknown field is a mistake, and "5" is not a number.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allErrors: true } },
    routerOptions: { maxParamLength: 200 },
  });
  const deps = {
    ...ctx.work,
    sealer: ctx.sealer,
    sessionKey: ctx.secrets.sessionKey,
    async homeVillage({ villages: [id, ...others] }: Actor) {
      return id && others.length === 0 ? await getVillage(ctx.db.system, id) : null;
    },
  };

  app.decorate("errorPage", (reply, status, message) =>
    sendPage(
      reply.code(status),
      deps,
      { view: "error", title: message, data: { status } },
      reply.request.visitor?.actor ?? null,
      null,
    ),
  );
  await app.register(cookie);
  await app.register(formbody, { bodyLimit: 64 * 1024 });
  lenientJson(app);
  protectPages(app);
  installErrorHandler(app);
  installGuard(app, {
    sessionKey: ctx.secrets.sessionKey,
    authenticate: {
      session: (token) => resumeSession({ system: ctx.db.system, clock: ctx.clock }, token),
      apiKey: (key) => findByApiKey(ctx.db.system, sha256(key), ctx.clock.now()),
    },
  });
  app.addSchema(ProblemSchema);
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "掌上村务", version: "1", description: "SMS broadcast-and-feedback gateway for Chinese villages" },
      components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
    },
    refResolver: { buildLocalReference: (json) => String(json.$id) },
    transform: ({ schema, url, route }) => ({
      schema: route.config?.kind === "api" ? schema : { ...schema, hide: true },
      url,
    }),
  });

  probeRoutes(app, ctx);
  hookRoutes(app, {
    publicBaseUrl: () => publicBaseUrl,
    secrets: webhookSecrets(ctx),
    inbound: ctx.inbound,
    reports: ctx.reports,
    channelId: ctx.channelId,
    countBadSignature: (hook) => ctx.metrics.badSignatures.inc({ hook }),
  });
  villageRoutes(app, deps);
  budgetRoutes(app, deps);
  promiseRoutes(app, deps);
  calendarRoutes(app, deps);
  rosterRoutes(app, deps);
  broadcastRoutes(app, deps);
  approvalApiRoutes(app, deps);
  afterSendingApiRoutes(app, deps);
  doubtRoutes(app, { ...deps, reconcile: ctx.reconcile });
  suggestionRoutes(app, deps);
  moveRoutes(app, deps);
  caseDoubtRoutes(app, { ...deps, reconcile: ctx.reconcile });
  inboundRoutes(app, deps);
  policyApiRoutes(app, deps);
  if (ctx.config.carrier === "simulator") {
    simulatorRoutes(app, {
      db: ctx.db.system,
      log: ctx.log,
      accountSid: ctx.secrets.accountSid,
      authToken: ctx.secrets.authToken,
      webhookSecret: webhookSecrets(ctx)[0] ?? ctx.secrets.authToken,
      publicBaseUrl,
      host: ctx.config.host,
      sender: ctx.config.twilio.from ?? SIMULATED_SENDER,
      sessionKey: ctx.secrets.sessionKey,
      countSegments,
      pace: options.simulatorPace ?? "lifelike",
    });
  }
  signInRoutes(app, { ...deps, system: ctx.db.system });
  accountRoutes(app, { ...deps, system: ctx.db.system });
  todayRoutes(app, deps);
  composeRoutes(app, deps);
  noticeRoutes(app, deps);
  approvalRoutes(app, deps);
  afterSendingRoutes(app, deps);
  scheduleRoutes(app, deps);
  leftOutRoutes(app, deps);
  liveRoutes(app, deps);
  ledgerRoutes(app, deps);
  paperRoutes(app, deps);
  oralRoutes(app, deps);
  caseRoutes(app, deps);
  alarmRoutes(app, deps);
  alarmSettingsRoutes(app, deps);
  sealedRoutes(app, deps);
  phoneRoutes(app, deps);
  mergeRoutes(app, deps);
  clockRoutes(app, deps);
  supervisionRoutes(app, deps);
  composerRoutes(app, deps);
  classRoutes(app, deps);
  wordRoutes(app, deps);
  peopleRoutes(app, deps);
  importRoutes(app, deps);
  groupRoutes(app, deps);
  duplicateRoutes(app, deps);
  enrolmentRoutes(app, deps);
  householdRoutes(app, { ...deps, words: STATE_WORDS_OF_A_DOOR });
  personRoutes(app, { ...deps, words: STATE_WORDS_OF_A_DOOR });
  letterRoutes(app, deps);
  strangerRoutes(app, deps);
  policyRoutes(app, deps);
  policyTipRoutes(app, deps);
  templateRoutes(app, deps);
  seriesRoutes(app, deps);
  disclosureRoutes(app, deps);
  publicPhoneRoutes(app, deps);
  sheetApiRoutes(app, deps);
  sheetsRoutes(app, deps);
  sheetRoutes(app, deps);
  publicSettingsRoutes(app, { ...deps, publicBaseUrl });
  publicRoutes(app, { ...deps, system: ctx.db.system });
  staffRoutes(app, deps);
  app.get(`${API_PREFIX}/openapi.json`, { config: { access: "public", kind: "probe" }, schema: { hide: true } }, () =>
    app.swagger(),
  );

  assetRoutes(app);
  return app;
}

/** Tokens that sign webhooks; several while one is being replaced. */
const webhookSecrets = (ctx: Context): readonly string[] =>
  ctx.config.twilio.webhookSecrets.length > 0 ? ctx.config.twilio.webhookSecrets : [ctx.secrets.authToken];

/** Many callers say `application/json` on a POST that has no body. */
function lenientJson(app: FastifyInstance): void {
  const strict = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else strict(request, body as string, done);
  });
}
