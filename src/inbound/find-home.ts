import { DAY, MINUTE } from "../lib/clock.ts";
import type { SuggestionId } from "../lib/ids.ts";
import { compareGists, type Gist, gistOf, type Kinship, likeness, mayBeKin } from "../suggestion/kinship.ts";
import { isOpen, type SuggestionState } from "../suggestion/suggestion.ts";
import { readCaseNumber } from "./case-number.ts";

/** A case that a new text of its household could belong to. */
export type NearCase = {
  id: SuggestionId;
  number: number;
  /** Of a case that was merged: its main case's. */
  state: SuggestionState;
  sealed: boolean;
  /** Opened by this very phone, or by another of the household. */
  samePhone: boolean;
  /** What its villager said, the first text first; of a long talk the first and the last few. */
  said: readonly string[];
  openedAt: Date;
  /** When its last text came. */
  heardAt: Date;
  settledAt: Date | null;
};

/**
 * Where a text belongs. `repeat`: word for word what was said; `burst`: more of what is being said right now;
 * `addition`: more, later; `after_answer`: more of what has been answered. `why` is shown to staff.
 */
export type Home =
  | { kind: "new"; relatedTo: SuggestionId | null; why: string | null }
  | { kind: "repeat" | "burst" | "addition" | "after_answer"; to: NearCase; why: string };

/** People type one thought over several texts within minutes, in whatever order the network brings them. */
export const BURST_MS = 10 * MINUTE;
/** After so many cases of one phone within a burst, more texts are one flood, whatever they say. */
const MOST_CASES_IN_A_BURST = 3;
/** So long after the last word of a case a text of the same thing is still about it; later it has happened again. */
const STILL_ABOUT_MS = 7 * DAY;

const CONTINUES =
  /^(?:再)?补充|接着(?:刚才)?说|(?:刚才|刚刚|上次|前几天|昨天|前天)(?:我|俺)?(?:说|反映|发)的|还是那(?:个|件)事|那件事/u;

/** The rule of bursts and follow-ups (DESIGN.md 4): pure, so that understanding again finds the same. */
export function findHome(text: string, cases: readonly NearCase[], at: Date): Home {
  const gist = gistOf(text);
  const near = cases.map((one) => ({ one, kinship: closest(gist, one), alike: mostAlike(gist, one) }));
  const open = near.filter(({ one }) => isOpen(one.state) && one.samePhone);
  const within = ({ one }: Near) => Math.abs(at.getTime() - one.heardAt.getTime()) <= BURST_MS;
  return (
    byNumber(text, near, at) ??
    bySameWords(text, open) ??
    byBurst(open.filter(within), at) ??
    byAddition(
      text,
      open.filter(({ one }) => !one.sealed),
    ) ??
    byAnswered(near, at) ??
    asNew(gist, near)
  );
}

type Near = { one: NearCase; kinship: Kinship; alike: number };

function byNumber(text: string, near: readonly Near[], at: Date): Home | null {
  const named = readCaseNumber(text);
  const found = named && near.find(({ one }) => one.number === named.number && !one.sealed);
  if (!named || !found || (!named.sure && found.kinship === "different")) return null;
  const { one } = found;
  const why = `来信提到第 ${one.number} 件`;
  if (!isOpen(one.state)) return { kind: "after_answer", to: one, why };
  const burst = at.getTime() - one.heardAt.getTime() <= BURST_MS;
  return { kind: burst ? "burst" : "addition", to: one, why };
}

function bySameWords(text: string, open: readonly Near[]): Home | null {
  const { folded } = gistOf(text);
  const found = folded !== "" && open.find(({ one }) => one.said.some((words) => gistOf(words).folded === folded));
  return found ? { kind: "repeat", to: found.one, why: `和第 ${found.one.number} 件说的一字不差` } : null;
}

function byBurst(fresh: readonly Near[], at: Date): Home | null {
  const newest = [...fresh].sort((a, b) => b.one.heardAt.getTime() - a.one.heardAt.getTime());
  const flood = fresh.filter(({ one }) => at.getTime() - one.openedAt.getTime() <= BURST_MS);
  const found =
    best(fresh.filter(({ kinship }) => kinship === "same")) ??
    newest.find(({ kinship }) => kinship === "unsure") ??
    (flood.length >= MOST_CASES_IN_A_BURST ? newest[0] : undefined);
  return found ? { kind: "burst", to: found.one, why: `十分钟内接着第 ${found.one.number} 件说的` } : null;
}

function byAddition(text: string, open: readonly Near[]): Home | null {
  const asked = open.find(({ one, kinship }) => one.state === "need_info" && kinship !== "different");
  if (asked) return { kind: "addition", to: asked.one, why: `村里正等他补充第 ${asked.one.number} 件` };
  const same = best(open.filter(({ kinship }) => kinship === "same"));
  if (same) return { kind: "addition", to: same.one, why: `说的还是第 ${same.one.number} 件` };
  const goesOn = CONTINUES.test(text) ? best(open.filter(({ kinship }) => kinship !== "different")) : undefined;
  return goesOn ? { kind: "addition", to: goesOn.one, why: `话里说是接着第 ${goesOn.one.number} 件` } : null;
}

/** What was answered is not opened by a text: only a rating does that. A person looks at what was added. */
function byAnswered(near: readonly Near[], at: Date): Home | null {
  const recent = near.filter(
    ({ one, kinship }) =>
      one.samePhone &&
      !one.sealed &&
      kinship === "same" &&
      (one.state === "answered" || one.state === "closed") &&
      one.settledAt !== null &&
      at.getTime() - one.settledAt.getTime() <= STILL_ABOUT_MS,
  );
  const found = best(recent);
  return found ? { kind: "after_answer", to: found.one, why: `第 ${found.one.number} 件答复后又来信` } : null;
}

function asNew(gist: Gist, near: readonly Near[]): Home {
  const maybe = best(near.filter(({ one }) => !one.sealed && one.said.some((words) => mayBeKin(gist, gistOf(words)))));
  return {
    kind: "new",
    relatedTo: maybe?.one.id ?? null,
    why: maybe ? `可能与第 ${maybe.one.number} 件有关` : null,
  };
}

const best = (near: readonly Near[]): Near | undefined => [...near].sort((a, b) => b.alike - a.alike)[0];

const RANK: Record<Kinship, number> = { same: 2, unsure: 1, different: 0 };
/** Of all that was said in a case, what is nearest to the text decides: a talk moves on. */
function closest(gist: Gist, one: NearCase): Kinship {
  const found = one.said.map((words) => compareGists(gist, gistOf(words)));
  return found.sort((a, b) => RANK[b] - RANK[a])[0] ?? "unsure";
}
const mostAlike = (gist: Gist, one: NearCase): number =>
  Math.max(0, ...one.said.map((words) => likeness(gist, gistOf(words))));
