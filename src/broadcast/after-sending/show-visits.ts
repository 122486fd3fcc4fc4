import type { HouseholdId } from "../../lib/ids.ts";
import { type Outcome, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { may } from "../../lib/roles.ts";
import { shorten } from "../../lib/text.ts";
import { CAUSE_WORDS } from "../../message/causes.ts";
import type { Work } from "../../queue/work.ts";
import { visitVillage } from "../../village/visit-village.ts";
import type { Page, Visit } from "../../web/page.ts";
import type { Broadcast } from "../broadcast.queries.ts";
import { writeBody } from "../poll/poll.ts";
import { readTexts } from "../sending/texts.queries.ts";
import { visitNotice } from "../visit-notice.ts";
import { isTold, sayVisits, TELLING_WORDS, TELLINGS } from "./visit.ts";
import { listOpenVisits, listVisits, type Visited } from "./visits.queries.ts";

/** Doors with their buttons on one page; whoever has more finds the next ones when these are told. */
const AT_ONCE = 30;
/** Told lately: what may have been ticked by mistake. */
const LATEST_TOLD = 100;

/** A cadre reads the notices that he has to tell, and no others. */
const NOT_HIS = refusal("not_found", "这条通知没有要您去告诉的户");

const isOpen = ({ how, arrived }: Visited): boolean => !isTold(how) && !arrived;
const countTold = (visits: readonly Visited[]) => ({
  listed: visits.length,
  told: visits.filter((visit) => !isOpen(visit)).length,
});

/** The visiting list of one notice: what to say, where it still must be said, and where it was. */
export async function showVisits({ work, params, query, problem }: Visit): Promise<Outcome<Page>> {
  const found = await visitNotice(work, params);
  if (!found.ok) return found;
  const { village, broadcast } = found.value;
  const visits = await listVisits(work.tx, broadcast.id);
  if (visits.length === 0 && !may(work.actor.role, "broadcast.read")) return NOT_HIS;
  // One that was ticked by mistake is opened again by its link.
  const again = problem?.fields.household ?? query.again ?? "";
  const open = visits.filter((visit) => isOpen(visit) || visit.householdId === again);
  const shown = open.slice(0, AT_ONCE);
  const own = await readOwnWords(work, broadcast, shown);
  const told = visits
    .filter((visit) => !open.includes(visit))
    .sort((a, b) => (b.at?.getTime() ?? 0) - (a.at?.getTime() ?? 0));
  return ok({
    view: "visits",
    title: visits.length === 0 ? "还没有要入户的" : sayVisits(countTold(visits)),
    tab: "notices",
    village,
    data: {
      notice: {
        id: broadcast.id,
        column: broadcast.column,
        text: broadcast.personal ? null : writeBody(broadcast),
      },
      tellings: TELLINGS.map((how) => ({ how, words: TELLING_WORDS[how] })),
      open: shown.map((visit) => ({
        ...describe(visit),
        wrong: visit.householdId === again,
        own: own.get(visit.householdId) ?? null,
      })),
      more: Math.max(0, open.length - AT_ONCE),
      told: told.slice(0, LATEST_TOLD).map(describe),
      toldBefore: Math.max(0, told.length - LATEST_TOLD),
      can: {
        tick: may(work.actor.role, "visit.tick"),
        read: may(work.actor.role, "broadcast.read"),
      },
    },
  });
}

/** With blanks each door is told something else: the text that it was to read, without the signature. */
async function readOwnWords(
  { tx }: Work,
  broadcast: Broadcast,
  visits: readonly Visited[],
): Promise<Map<HouseholdId, string>> {
  if (!broadcast.personal) return new Map();
  const ids = visits.map((visit) => visit.householdId);
  const texts = await readTexts(tx, broadcast.id, ids);
  const said = (id: HouseholdId) => texts.get(id)?.replace(/^【[^】]*】/, "") ?? "缺要填的内容，请问村委会";
  return new Map(ids.map((id) => [id, said(id)]));
}

const describe = (visit: Visited) => ({
  id: visit.householdId,
  number: visit.number,
  name: visit.name ?? "",
  about: [visit.group, visit.grid, visit.cadre && `联户干部 ${visit.cadre}`].filter(Boolean).join(" · "),
  cause: CAUSE_WORDS[visit.cause].name,
  remedy: CAUSE_WORDS[visit.cause].remedy,
  standing: visit.how ? TELLING_WORDS[visit.how] : visit.arrived ? "短信后来送到了" : null,
  by: visit.by ?? "",
  at: visit.at,
  note: visit.note,
});

/** Every notice with doors that still must be told: a cadre's errands. */
export async function showOpenVisits({ work, params }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const open = await listOpenVisits(work.tx, village.value.id, 50);
  const doors = open.reduce((sum, { listed, told }) => sum + listed - told, 0);
  return ok({
    view: "open-visits",
    title: doors === 0 ? "没有要去告诉的" : `还有 ${doors} 户要去告诉`,
    tab: "today",
    village: village.value,
    data: {
      items: open.map(({ id, column, body, ...count }) => ({
        id,
        column,
        words: shorten(body, 40),
        standing: sayVisits(count),
        open: count.listed - count.told,
      })),
    },
  });
}

/** On paper: a sheet for each cadre, with room for a signature at each door. */
export async function printVisits({ work, params }: Visit): Promise<Outcome<Page>> {
  const found = await visitNotice(work, params);
  if (!found.ok) return found;
  const { village, broadcast } = found.value;
  const visits = await listVisits(work.tx, broadcast.id);
  if (visits.length === 0 && !may(work.actor.role, "broadcast.read")) return NOT_HIS;
  const open = visits.filter(isOpen);
  const own = await readOwnWords(work, broadcast, open);
  const sheets = new Map<string, Visited[]>();
  for (const visit of open) {
    const whose = visit.cadre ?? "";
    sheets.set(whose, [...(sheets.get(whose) ?? []), visit]);
  }
  return ok({
    view: "visits-print",
    title: `${village.name}入户告知清单`,
    tab: "notices",
    village,
    data: {
      notice: { id: broadcast.id, column: broadcast.column, launchedAt: broadcast.launchedAt },
      text: broadcast.personal ? null : writeBody(broadcast),
      sheets: [...sheets].map(([cadre, visits]) => ({
        cadre,
        doors: visits.map((visit) => ({ ...describe(visit), own: own.get(visit.householdId) ?? null })),
      })),
      now: work.now,
    },
  });
}
