import type { FastifyInstance } from "fastify";
import { isUuid, type PolicyId } from "../../lib/ids.ts";
import { type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { may } from "../../lib/roles.ts";
import { cutBubble } from "../../message/cut-bubble.ts";
import { visitPolicy } from "../../policy/write-policy.ts";
import type { Work } from "../../queue/work.ts";
import { listColumns, type Village } from "../../village/village.queries.ts";
import { writeSignature } from "../../village/village.ts";
import { visitVillage } from "../../village/visit-village.ts";
import { type Fields, type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../../web/page.ts";
import { BROADCAST_STATE_WORDS } from "../broadcast.ts";
import { TONE } from "../sending/live-view.ts";
import { crowdedWeeks } from "./crowded-weeks.ts";
import {
  approveSeries,
  layOutSeries,
  makeSeries,
  type PlannedPart,
  type SeriesWish,
  submitSeries,
} from "./make-series.ts";
import { usualStart } from "./plan-series.ts";
import { listParts } from "./series.queries.ts";

/** A long text in numbered parts: laid out and looked at, made, and then decided as one. */
export function seriesRoutes(app: FastifyInstance, deps: PageDeps): void {
  const fresh = "/v/:code/series/new";
  const access = "broadcast.draft";
  pageRoute(app, deps, { url: fresh, access, show: showNew });
  pageForm(app, deps, {
    url: fresh,
    access,
    page: showNew,
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const wish = readWish(fields);
      if (fields.then === "look") {
        const planned = layOutSeries(village.value, wish, work.now);
        return planned.ok ? ok(await newPage(work, village.value, fields, planned.value)) : planned;
      }
      const made = await makeSeries(work, village.value, wish, fields.then === "submit");
      const done = fields.then === "submit" ? "submitted" : "drafted";
      return made.ok ? ok(`/v/${village.value.code}/series/${made.value}?done=${done}`) : made;
    },
  });
  pageRoute(app, deps, { url: "/v/:code/series/:id", access: "broadcast.read", show: showSeries });
  for (const [end, needed, move, done] of [
    ["submission", "broadcast.draft", submitSeries, "submitted"],
    ["approval", "broadcast.approve", approveSeries, "scheduled"],
  ] as const) {
    pageForm(app, deps, {
      url: `/v/:code/series/:id/${end}`,
      access: needed,
      page: showSeries,
      async act(work, params, { seen = "" }) {
        const village = await visitVillage(work, params);
        if (!village.ok) return village;
        const id = params.id ?? "";
        if (!isUuid(id)) return refusal("not_found", "没有这组连载");
        const moved = await move(work, village.value, id, seen.split(",").map(Number));
        return moved.ok ? ok(`/v/${village.value.code}/series/${id}?done=${done}`) : moved;
      },
    });
  }
}

const readWish = (fields: Fields): SeriesWish => ({
  column: fields.column ?? "",
  text: fields.text ?? "",
  segments: Number(fields.segments || "2"),
  date: fields.date ?? "",
  clock: fields.clock ?? "",
  everyDays: Number(fields.everyDays?.trim() || Number.NaN),
  skipHolidays: fields.skipHolidays === "1",
});

/** `?policy=`: the text begins as that entry of the compilation, field by field. */
async function showNew({ work, params, query, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  if (problem) return ok(await newPage(work, village.value, problem.fields, null));
  const policy = isUuid(query.policy ?? "") ? await visitPolicy(work, village.value, query.policy as PolicyId) : null;
  if (policy && !policy.ok) return policy;
  const words = policy?.value;
  const parts: [string, string][] = words
    ? [
        ["依据", words.basis],
        ["谁能享受", words.scope],
        ["能得多少", words.standard],
        ["怎么办", words.process],
        ["找谁", words.office + words.person + words.phone],
      ]
    : [];
  const said = parts.filter(([, one]) => one !== "").map(([name, one]) => `${name}：${one.replace(/。$/, "")}。`);
  const text = words ? `${words.title}。${said.join("")}` : "";
  const begun = { text, segments: "2", everyDays: "1", skipHolidays: "1", column: words ? "农村政策导读" : "" };
  return ok(await newPage(work, village.value, { ...begun, ...usualStart(work.now) }, null));
}

async function newPage(work: Work, village: Village, form: Fields, planned: PlannedPart[] | null): Promise<Page> {
  const sign = writeSignature(village.signature);
  return {
    view: "series-new",
    title: planned ? `分成 ${planned.length} 条，请看一遍` : "长文章分几天发",
    tab: "notices",
    village,
    data: {
      form,
      columns: (await listColumns(work.tx, village.id)).map(({ name }) => ({ value: name, label: name })),
      planned: planned?.map(({ body, sendAt }) => ({ sendAt, parts: cutBubble(sign + body) })) ?? null,
      crowded: await crowdedWeeks(
        work,
        village.id,
        (planned ?? []).map((one) => one.sendAt),
      ),
    },
  };
}

async function showSeries({ work, params }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const id = params.id ?? "";
  const parts = isUuid(id) ? await listParts(work.tx, village.value.id, id) : [];
  const [first] = parts;
  if (!first) return refusal("not_found", "没有这组连载");
  const { role } = work.actor;
  const waiting = parts.filter(({ state }) => state === "awaiting_approval").length;
  const drafts = parts.filter(({ state }) => state === "draft" || state === "returned").length;
  const sign = writeSignature(village.value.signature);
  return ok({
    view: "series",
    title: `${first.column}的连载，一共 ${parts.length} 条`,
    tab: "notices",
    village: village.value,
    data: {
      id,
      parts: parts.map((part) => ({
        ...part,
        words: BROADCAST_STATE_WORDS[part.state],
        tone: TONE[part.state],
        shown: cutBubble(sign + part.body),
        at: part.launchedAt ?? part.sendAt,
      })),
      seen: parts.map(({ version }) => version).join(),
      submits: may(role, "broadcast.draft") ? drafts : 0,
      approves: may(role, "broadcast.approve") ? waiting : 0,
    },
  });
}
