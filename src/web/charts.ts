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

/** How many took part, 0 to 1, with a line where it is enough. */
export const quorumBar = (share: number, enough: number): string =>
  `<svg class="share quorum" width="100%" height="22" aria-hidden="true"><rect class="track" y="4" width="100%" height="14" rx="3"/>` +
  `<rect class="part" y="4" width="${percent(Math.min(share, 1))}" height="14" rx="3"/>` +
  `<rect class="promised" x="${percent(enough)}" width="2" height="22"/></svg>`;

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

export type MonthBar = { label: string; income: number; expense: number };

/** Money in and out, month by month, two bars each. The numbers stand in a table beside it. */
export function monthBars(months: readonly MonthBar[]): string {
  const most = Math.max(0, ...months.flatMap(({ income, expense }) => [income, expense]));
  if (most === 0) return "";
  const [height, step] = [96, 100 / Math.max(months.length, 6)];
  const bar = (kind: string, x: number, value: number): string => {
    const tall = Math.max(value > 0 ? 2 : 0, Math.round((value / most) * height));
    return `<rect class="${kind}" x="${x.toFixed(2)}%" y="${height - tall}" width="${(step * 0.34).toFixed(2)}%" height="${tall}"/>`;
  };
  const parts = months.map(({ label, income, expense }, i) => {
    const x = i * step + step * 0.12;
    const middle = (i * step + step / 2).toFixed(2);
    return (
      bar("income", x, income) +
      bar("expense", x + step * 0.4, expense) +
      `<text x="${middle}%" y="${height + 20}">${label}</text>`
    );
  });
  return `<svg class="months" width="100%" height="${height + 26}" aria-hidden="true">${parts.join("")}</svg>`;
}
