import type { FastifyInstance } from "fastify";
import { sayMoment } from "../../lib/china-time.ts";
import { invalid, type Outcome } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { shorten } from "../../lib/text.ts";
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
import { listAudienceNames } from "../audience/audience-names.queries.ts";
import { checkAudience } from "../audience/check-audience.ts";
import { listNoticesNotReached } from "../audience/earlier-notices.queries.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import type { Audience, Doors } from "../broadcast.ts";
import { type Composing, describeStep, type Kept, keyOf, visitKept } from "./compose.ts";
import { keepRoute } from "./compose-keep.routes.ts";
import { type EstimateView, estimateSketch } from "./estimate.ts";
import { readAudience } from "./read-compose.ts";
import { saveDraft } from "./save-draft.ts";

/** The second step: who gets it. */
export function composeWhoRoutes(app: FastifyInstance, deps: PageDeps): void {
  const url = "/v/:code/notices/:id/who";
  const access = "broadcast.draft";
  pageRoute(app, deps, { url, access, show: showWho });
  pageForm(app, deps, {
    url,
    access,
    page: showWho,
    async act(work, params, fields) {
      const found = await visitKept(work, params);
      if (!found.ok) return found;
      const saved = await saveAudience(work, found.value, fields);
      if (!saved.ok) return saved;
      const { base } = found.value;
      if (fields.then === "later") return ok(`${base}?done=drafted`);
      return ok(
        fields.then === "count" ? `${base}/who?done=saved` : `${base}/${fields.then === "write" ? "write" : "check"}`,
      );
    },
  });
  pageFragment(app, deps, {
    url: `${url}/look`,
    access,
    async show(work, params, fields) {
      const found = await visitKept(work, params);
      if (!found.ok) return found;
      const audience = readAudience(fields);
      const estimate = await estimateOf(work, found.value, audience);
      const nobody = choosesNobody(fields);
      return ok({ view: "parts/who-count", data: { estimate, nobody, heading: titleOf(estimate, nobody) } });
    },
  });
  keepRoute(app, deps, "who", saveAudience);
}

/** "Only those ticked below", and nothing is ticked: an audience without lists would be everybody. */
const choosesNobody = (fields: Fields): boolean => fields.to === "some" && !hasDoors(readAudience(fields));

async function saveAudience(work: Work, composing: Composing, fields: Fields): Promise<Outcome<Broadcast>> {
  if (choosesNobody(fields)) {
    return invalid({ field: "audience", message: "还没有勾选：请勾选发给谁，或者选“全村”" });
  }
  const audience = await checkAudience(work, composing.village.id, readAudience(fields));
  if (!audience.ok) return audience;
  return await saveDraft(work, composing.village, keyOf(composing, fields), { audience: audience.value });
}

const estimateOf = (work: Work, { village, draft }: Kept, audience: Audience) =>
  estimateSketch(work, village, { ...draft, audience });

const titleOf = ({ recipients, unit }: EstimateView, nobody: boolean): string =>
  recipients > 0 && !nobody ? `发给 ${recipients} ${unit}` : "发给谁";

async function showWho({ work, params, problem }: Visit): Promise<Outcome<Page | string>> {
  const found = await visitKept(work, params);
  if (!found.ok) return found;
  const { village, draft, frozen, base } = found.value;
  if (frozen) return ok(`${base}?done=frozen`);
  const audience = problem ? readAudience(problem.fields) : draft.audience;
  const estimate = await estimateOf(work, found.value, audience);
  const choices = await listAudienceNames(work.tx, village.id);
  const nobody = problem !== null && choosesNobody(problem.fields);
  const unreached = await listNoticesNotReached(work.tx, village.id, 10);
  const group = (kind: "groups" | "grids" | "tags", label: string) => ({ kind, label, names: choices[kind] });
  return ok({
    view: "notice-compose-who",
    title: titleOf(estimate, nobody),
    tab: "notices",
    village,
    data: {
      ...(await describeStep(work, found.value, "who", problem)),
      estimate,
      nobody,
      form: { copy: "" },
      scope: audience.scope,
      to: problem?.fields.to ?? (audience.unreachedOf ? "unreached" : hasDoors(audience) ? "some" : "all"),
      picked: audience,
      except: audience.except ?? {},
      kinds: [group("groups", "村民小组"), group("grids", "网格"), group("tags", "身份")].filter(
        (one) => one.names.length > 0,
      ),
      unreached: unreached.map((one) => ({
        value: one.id,
        label: `${sayMoment(one.launchedAt, work.now)} ${shorten(one.body, 16)}（${one.doors} 户没收到）`,
      })),
      unreachedOf: audience.unreachedOf ?? "",
    },
  });
}

export const hasDoors = ({ groups, grids, tags, households }: Doors): boolean =>
  [groups, grids, tags, households].some((names) => names !== undefined && names.length > 0);
