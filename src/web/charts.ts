/**
 * The few pictures of the pages, as SVG made on the server: no script, no style attribute (the page's policy forbids
 * both), colours by class. What a picture shows is also said in words beside it.
 */

/** From the day a case came to the day promised, with today marked. `gone` is 0 to 1. */
export function promiseBar(gone: number): string {
  const at = Math.round(gone * 1000) / 10;
  return (
    `<svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">` +
    `<rect class="track" y="4" width="100" height="4" rx="2"/><rect class="gone" y="4" width="${at}" height="4" rx="2"/>` +
    `<rect class="today" x="${Math.min(at, 99)}" width="1" height="12"/></svg>`
  );
}

export type BarPart = { kind: "delivered" | "under-way" | "waiting" | "doubt" | "lost"; n: number };

export function stateBar(parts: readonly BarPart[]): string {
  const total = parts.reduce((sum, part) => sum + part.n, 0);
  if (total === 0) return "";
  let x = 0;
  const rects = parts
    .filter((part) => part.n > 0)
    .map(({ kind, n }) => {
      const width = (n / total) * 100;
      const rect = `<rect class="s-${kind}" x="${x.toFixed(2)}" width="${width.toFixed(2)}" height="10"/>`;
      x += width;
      return rect;
    });
  return `<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${rects.join("")}</svg>`;
}

export type DoorSquare = { title: string; kind: "delivered" | "under-way" | "lost" | "waiting" | "none" };

/** 一村一图: one square for each door, ten to twenty a row. Crossed where there is no phone. */
export function doorGrid(doors: readonly DoorSquare[], escapeText: (text: string) => string): string {
  const [size, gap, columns] = [16, 4, 16];
  const rows = Math.ceil(doors.length / columns);
  const squares = doors.map(({ title, kind }, i) => {
    const x = (i % columns) * (size + gap) + 1;
    const y = Math.floor(i / columns) * (size + gap) + 1;
    const cross = `<path class="cross" d="M${x} ${y}l${size} ${size}M${x + size} ${y}l${-size} ${size}"/>`;
    return (
      `<g><title>${escapeText(title)}</title><rect class="door ${kind}" x="${x}" y="${y}" width="${size}" height="${size}" rx="2"/>` +
      `${kind === "none" ? cross : ""}</g>`
    );
  });
  const width = columns * (size + gap);
  const height = rows * (size + gap);
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="一户一格">${squares.join("")}</svg>`;
}
