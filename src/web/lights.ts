/** The lights of a year: SVG made on the server like all pictures (charts.ts), colours by class, each kind a shape. */
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
