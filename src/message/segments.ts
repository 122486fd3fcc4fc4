/**
 * How many billable segments a text needs.
 * Units: septets for GSM-7, UTF-16 code units for UCS-2. 160 / 70 alone, 153 / 67 when joined (6 bytes go to the
 * joining header). A pair — GSM escape and its character, or two surrogates — is never split over a border, so
 * plain division can be one too low. Source: 3GPP TS 23.038 §6.2.1 (alphabet), TS 23.040 §9.2.3.24.1 (header).
 */
export type Segments = { encoding: "GSM-7" | "UCS-2"; units: number; segments: number };

export function countSegments(text: string): Segments {
  const gsm = gsmUnits(text);
  // What nearly every text is: nothing in it is wider than one unit, so no border can move.
  if (gsm === null && !/[\ud800-\udfff]/.test(text)) {
    return { encoding: "UCS-2", units: text.length, segments: text.length <= 70 ? 1 : Math.ceil(text.length / 67) };
  }
  const [encoding, widths, alone, joined] =
    gsm === null ? (["UCS-2", ucsUnits(text), 70, 67] as const) : (["GSM-7", gsm, 160, 153] as const);
  let units = 0;
  for (const width of widths) units += width;
  return { encoding, units, segments: units <= alone ? 1 : borders(widths, joined).length + 1 };
}

/** Where a text will be cut: indexes into its characters (code points), for the faint rules in the phone bubble. */
export function segmentBorders(text: string): number[] {
  const gsm = gsmUnits(text);
  const widths = gsm ?? ucsUnits(text);
  const total = widths.reduce((sum, width) => sum + width, 0);
  return total <= (gsm ? 160 : 70) ? [] : borders(widths, gsm ? 153 : 67);
}

/** How many units must go for the text to need one segment less; 0 for a text of one. */
export function unitsOverBorder(text: string): number {
  const { encoding, units, segments } = countSegments(text);
  if (segments === 1) return 0;
  const [alone, joined] = encoding === "GSM-7" ? [160, 153] : [70, 67];
  return units - (segments === 2 ? alone : joined * (segments - 1));
}

function borders(widths: readonly number[], size: number): number[] {
  const cuts: number[] = [];
  let used = 0;
  widths.forEach((width, i) => {
    if (used + width > size) {
      cuts.push(i);
      used = 0;
    }
    used += width;
  });
  return cuts;
}

const ucsUnits = (text: string): number[] => Array.from(text, (character) => character.length);

/** Septets of each character, or null if one of them is outside GSM-7. */
function gsmUnits(text: string): number[] | null {
  const widths: number[] = [];
  for (const character of text) {
    const width = GSM_WIDTH.get(character);
    if (width === undefined) return null;
    widths.push(width);
  }
  return widths;
}

const GSM_BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
  "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const GSM_ESCAPED = "\f^{}\\[~]|€";
const GSM_WIDTH = new Map<string, number>([
  ...Array.from(GSM_BASIC, (character) => [character, 1] as const),
  ...Array.from(GSM_ESCAPED, (character) => [character, 2] as const),
]);
