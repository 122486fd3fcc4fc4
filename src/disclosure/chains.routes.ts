import type { FastifyInstance } from "fastify";
import { localDate } from "../lib/china-time.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { listChains, listSteps } from "./chain.queries.ts";
import { CHAIN_KINDS, CHAINS, stepsOf } from "./chain.ts";
import { describeChain, sayChain } from "./describe-chain.ts";
import { listOfChain } from "./disclosure.queries.ts";
import { listRules } from "./rules.queries.ts";
import { rulesOn } from "./rules.ts";
import { chainChoices, factsOf, findChain, startChain, stopChain, tickStep } from "./run-chain.ts";

/** 四议两公开, meetings and elections: each goes its steps in order, and two or more of them are publications. */
export function disclosureChainRoutes(app: FastifyInstance, deps: PageDeps): void {
  const url = "/v/:code/disclosure/chains";
  pageRoute(app, deps, { url, access: "disclosure.read", show: showChains });
  pageRoute(app, deps, { url: `${url}/:id`, access: "disclosure.read", show: showChain });

  pageForm(app, deps, {
    url,
    access: "disclosure.post",
    page: showChains,
    async act(work, params, { kind = "", title = "", heldOn = "", noticeDays = "" }) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const wish = { kind, title, heldOn: heldOn.trim(), noticeDays: readWhole(noticeDays) };
      const started = await startChain(work, village.value, wish);
      return started.ok ? ok(`/v/${params.code}/disclosure/chains/${started.value}?done=chain_started`) : started;
    },
  });
  pageForm(app, deps, {
    url: `${url}/:id/steps`,
    access: "disclosure.post",
    page: showChain,
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const { step = "", doneOn = "" } = fields;
      const ticked = await tickStep(work, village.value, params.id ?? "", {
        step,
        doneOn: doneOn.trim(),
        eligible: readWhole(fields.eligible),
        present: readWhole(fields.present),
        agreeing: readWhole(fields.agreeing),
      });
      return ticked.ok ? ok(`/v/${params.code}/disclosure/chains/${ticked.value}?done=step_ticked`) : ticked;
    },
  });
  pageForm(app, deps, {
    url: `${url}/:id/stop`,
    access: "disclosure.post",
    page: showChain,
    async act(work, params) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const stopped = await stopChain(work, village.value, params.id ?? "");
      return stopped.ok ? ok(`/v/${params.code}/disclosure/chains/${stopped.value}?done=chain_stopped`) : stopped;
    },
  });
}

const readWhole = (text: string | undefined): number =>
  /^\d{1,6}$/.test((text ?? "").trim()) ? Number(text) : Number.NaN;

async function showChains({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const steps = await listSteps(work.tx, village.value.id);
  const rows = await listChains(work.tx, village.value.id);
  const today = localDate(work.now);
  const chains = rows.map((row) => sayChain(row, factsOf(row, steps)));
  const running = chains.filter((one) => one.running).length;
  return ok({
    view: "disclosure-chains",
    title: running > 0 ? `${running} 件大事正在走步骤` : "没有正在走步骤的大事",
    tab: "more",
    village: village.value,
    data: {
      chains,
      kinds: chainChoices(),
      steps: CHAIN_KINDS.map((kind) => ({
        words: CHAINS[kind].words,
        steps: stepsOf(kind)
          .map((step) => step.words)
          .join(" → "),
      })),
      notices: CHAINS.delegates.notice?.choices.map(({ days, where }) => ({ value: String(days), label: where })),
      form: problem?.fields ?? { heldOn: today },
      post: may(work.actor.role, "disclosure.post"),
    },
  });
}

async function showChain({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const found = await findChain(work, village.value.id, params.id ?? "");
  if (!found.ok) return found;
  const { row, facts } = found.value;
  const today = localDate(work.now);
  const { ground } = rulesOn(await listRules(work.tx, village.value), today);
  const rules = { ground, calendar: village.value.calendar };
  return ok({
    view: "disclosure-chain",
    title: row.title,
    tab: "more",
    village: village.value,
    data: {
      ...describeChain(row, facts, await listOfChain(work.tx, row.id), rules, today),
      form: { doneOn: today, ...problem?.fields },
      post: may(work.actor.role, "disclosure.post") && row.stoppedAt === null,
    },
  });
}
