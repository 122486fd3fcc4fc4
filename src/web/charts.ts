/**
 * The few pictures of the pages, as SVG made on the server: no script, no style attribute (the page's policy forbids
 * both), colours by class. What a picture shows is also said in words beside it. Bars are laid out in percent of the
 * width they get, so that their marks stay sharp on a phone and on a desk.
 */

const percent = (part: number): string => `${Math.round(part * 1000) / 10}%`;

/**
 * From the day a case came to the day promised, with today marked: `gone` of the whole bar lies behind, 0 to 1. Where
 * the promise was not kept the bar runs on beyond the day promised, which then stands at `promised`.
 */
export function promiseBar(gone: number, promised = 1): string {
  const late = promised < 1;
  const today = `<svg x="${percent(gone)}" overflow="visible"><rect class="today" x="-2" width="4" height="14" rx="1"/></svg>`;
  return (
    `<svg width="100%" height="14" aria-hidden="true"><rect class="track" y="4" width="100%" height="6" rx="3"/>` +
    `<rect class="gone" y="4" width="${percent(late ? promised : gone)}" height="6" rx="3"/>` +
    (late
      ? `<rect class="over" x="${percent(promised)}" y="4" width="${percent(1 - promised)}" height="6"/>` +
        `<rect class="promised" x="${percent(promised)}" y="1" width="2" height="12"/>`
      : "") +
    `${today}</svg>`
  );
}

/** One option of a poll: how much of all votes it has, 0 to 1. */
export const shareBar = (share: number): string =>
  `<svg class="share" width="100%" height="14" aria-hidden="true"><rect class="track" width="100%" height="14" rx="3"/>` +
  `<rect class="part" width="${percent(share)}" height="14" rx="3"/></svg>`;

export type BarPart = { kind: "delivered" | "under-way" | "waiting" | "doubt" | "lost"; n: number };

export function stateBar(parts: readonly BarPart[]): string {
  const total = parts.reduce((sum, part) => sum + part.n, 0);
  if (total === 0) return "";
  let x = 0;
  const rects = parts
    .filter((part) => part.n > 0)
    .map(({ kind, n }) => {
      const rect = `<rect class="s-${kind}" x="${percent(x / total)}" width="${percent(n / total)}" height="100%"/>`;
      x += n;
      return rect;
    });
  return `<svg width="100%" height="16" aria-hidden="true">${rects.join("")}</svg>`;
}

export type DoorKind = "delivered" | "under-way" | "doubt" | "lost" | "waiting" | "none";
export type DoorSquare = { title: string; kind: DoorKind };

const SIZE = 16;

const square = (kind: DoorKind, x: number, y: number): string =>
  `<rect class="door ${kind}" x="${x}" y="${y}" width="${SIZE}" height="${SIZE}" rx="2"/>` +
  (kind === "none" ? `<path class="cross" d="M${x} ${y}l${SIZE} ${SIZE}M${x + SIZE} ${y}l${-SIZE} ${SIZE}"/>` : "");

/** 一村一图: one square for each door, sixteen a row. Crossed where there is no phone. `label` says it in words. */
export function doorGrid(doors: readonly DoorSquare[], label: string, escapeText: (text: string) => string): string {
  const [step, columns] = [SIZE + 4, 16];
  const squares = doors.map(({ title, kind }, i) => {
    const at = square(kind, (i % columns) * step + 2, Math.floor(i / columns) * step + 2);
    return `<g><title>${escapeText(title)}</title>${at}</g>`;
  });
  const height = Math.ceil(doors.length / columns) * step;
  return `<svg viewBox="0 0 ${columns * step} ${height}" role="img" aria-label="${escapeText(label)}">${squares.join("")}</svg>`;
}

/** One square by itself, for the words that explain the picture. */
export const doorSample = (kind: DoorKind): string =>
  `<svg viewBox="0 0 20 20" aria-hidden="true">${square(kind, 2, 2)}</svg>`;

export type LightKind = "done" | "done-late" | "soon" | "late" | "wait" | "off";

const STEP = 12;

/** Each kind has a shape of its own: full, half, diamond, square, ring, dot. */
function light(kind: LightKind, x: number, y: number): string {
  const [cx, cy] = [x + STEP / 2, y + STEP / 2];
  switch (kind) {
    case "late":
      return `<rect class="light late" x="${cx - 4}" y="${cy - 4}" width="8" height="8"/>`;
    case "soon":
      return `<path class="light soon" d="M${cx} ${cy - 5}l5 5l-5 5l-5 -5z"/>`;
    case "off":
      return `<circle class="light off" cx="${cx}" cy="${cy}" r="1.5"/>`;
    case "done-late":
      return `<circle class="light wait" cx="${cx}" cy="${cy}" r="4"/><path class="light done" d="M${cx} ${cy - 4}a4 4 0 0 0 0 8z"/>`;
    default:
      return `<circle class="light ${kind}" cx="${cx}" cy="${cy}" r="4"/>`;
  }
}

/** One month of a year's strip: a light for each publication, two in a row, stacked from below to `rows`. */
export function lightColumn(kinds: readonly LightKind[], rows: number, label: string): string {
  const height = Math.max(rows, 1) * STEP;
  const lights = kinds.map((kind, i) => light(kind, (i % 2) * STEP, height - STEP * (Math.floor(i / 2) + 1)));
  return `<svg viewBox="0 0 ${STEP * 2} ${height}" role="img" aria-label="${label}">${lights.join("")}</svg>`;
}

/** One light by itself, for the words that explain the picture. */
export const lightSample = (kind: LightKind): string =>
  `<svg viewBox="0 0 12 12" aria-hidden="true">${light(kind, 0, 0)}</svg>`;
