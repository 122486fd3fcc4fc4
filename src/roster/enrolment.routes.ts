import type { FastifyInstance } from "fastify";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { listVillages } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { shareBar } from "../web/charts.ts";
import { type Page, type PageDeps, pageRoute, type Visit } from "../web/page.ts";
import { listDoors, NONE } from "./doors.queries.ts";
import { drawGrids, MOST_DRAWN } from "./draw-doors.ts";
import { countEnrolment, countEnrolments, type Enrolment, type Line } from "./enrolment.queries.ts";

/** 入户率: at how many doors a text arrives, and what stands against it at the others. */
export function enrolmentRoutes(app: FastifyInstance, deps: PageDeps): void {
  pageRoute(app, deps, { url: "/v/:code/people/enrolment", access: "roster.read", show: showEnrolment });
  pageRoute(app, deps, { url: "/enrolment", access: "roster.read", show: showVillages });
}

/** Each number with the word that the list of doors knows it by. */
const CAUSES: readonly { key: keyof Enrolment; show: string; words: string }[] = [
  { key: "noPhone", show: "no_phone", words: "没有手机号" },
  { key: "badNumber", show: "bad_number", words: "号码有问题" },
  { key: "optedOut", show: "opted_out", words: "已退订" },
  { key: "notReached", show: "not_reached", words: "30天没收到" },
];

const SECTIONS = [
  { by: "grid", title: "按网格", none: "没有分网格" },
  { by: "group", title: "按村民小组", none: "没有分组" },
  { by: "cadre", title: "按联户干部", none: "没有联户干部" },
] as const;

/** With bars and links, of each section: those where most doors are missing. The table of numbers has them all. */
const SHOWN = 40;

async function showEnrolment({ work, params }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const { id, code, name } = village.value;
  const lines = await countEnrolment(work.tx, id, work.now);
  const whole = lines.find((line) => line.by === "village");
  const drawn =
    whole && whole.doors <= MOST_DRAWN
      ? drawGrids(await listDoors(work.tx, id, work.now, { limit: MOST_DRAWN, after: null }))
      : [];
  const describe = (line: Line, none: string) => {
    const filter = line.by === "village" ? {} : { [line.by]: line.name ?? NONE };
    return {
      ...describeEnrolment(line, line.name ?? none, (show) => linkTo(code, { ...filter, show })),
      svg: line.by === "grid" ? drawn.find((one) => one.name === line.name)?.svg : undefined,
    };
  };
  return ok({
    view: "enrolment",
    title: whole?.doors ? `入户率 ${share(whole)}%，${whole.doors} 户里 ${whole.reachable} 户能收到` : "名册还是空的",
    tab: "people",
    village: village.value,
    data: {
      whole: whole?.doors ? describe(whole, name) : null,
      sections: SECTIONS.map(({ by, title, none }) => {
        const all = lines.filter((line) => line.by === by).map((line) => describe(line, none));
        const worst = all.length > SHOWN ? all.toSorted((a, b) => b.out - a.out).slice(0, SHOWN) : all;
        return { title, lines: all, worst };
      }).filter((section) => section.lines.length > 0),
      causes: CAUSES,
      at: `/v/${code}/people`,
    },
  });
}

/** Villages by name, or those first where most doors cannot be reached: in words, without a colour for good and bad. */
async function showVillages({ work, query }: Visit): Promise<Outcome<Page>> {
  const villages = await listVillages(work.tx);
  const counts = await countEnrolments(
    work.tx,
    villages.map((one) => one.id),
    work.now,
  );
  const lines = villages.flatMap(({ id, name, code }) => {
    const line = counts.get(id);
    return line ? [{ ...describeEnrolment(line, name, (show) => linkTo(code, { show })), code }] : [];
  });
  const byNeed = query.order === "need";
  if (byNeed) lines.sort((a, b) => b.out - a.out);
  const total = { doors: sum(lines, "doors"), reachable: sum(lines, "reachable") };
  return ok({
    view: "enrolments",
    title: total.doors === 0 ? "还没有名册" : `${lines.length} 个村，${total.doors} 户里 ${total.reachable} 户能收到`,
    data: { lines, byNeed, causes: CAUSES },
  });
}

const share = (counts: Enrolment): number => Math.round((counts.reachable / Math.max(counts.doors, 1)) * 100);
const sum = (lines: readonly Enrolment[], key: keyof Enrolment) => lines.reduce((total, line) => total + line[key], 0);
const linkTo = (code: string, filter: Record<string, string>) =>
  `/v/${code}/people?${new URLSearchParams(filter).toString()}`;

const describeEnrolment = (counts: Enrolment, name: string, link: (show: string) => string) => ({
  ...counts,
  name,
  out: counts.doors - counts.reachable,
  share: share(counts),
  bar: shareBar(counts.reachable / Math.max(counts.doors, 1)),
  causes: CAUSES.filter(({ key }) => counts[key] > 0).map(({ key, show, words }) => ({
    words: `${words} ${counts[key]} 户`,
    href: link(show),
  })),
});
