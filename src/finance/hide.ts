/** ID numbers, bank accounts and mobile phones keep their ends: who is meant can check, nobody else can use them. */
export const hideNumbers = (text: string): string =>
  text
    .replace(
      /(?<![\d０-９])[\d０-９]{17}[\d０-９XxＸｘ](?![\d０-９])|(?<![\d０-９])[\d０-９]{15}(?![\d０-９])/gu,
      keepEnds,
    )
    .replace(/(?<![\d０-９])(?:[\d０-９][ -]?){15,18}[\d０-９](?![\d０-９])/gu, keepEnds)
    .replace(/(?<![\d０-９])[1１][3-9３-９][\d０-９]{9}(?![\d０-９])/gu, keepEnds);

const keepEnds = (digits: string): string => `${digits.slice(0, 3)}****${digits.slice(-4)}`;

/** `李建国` → `李某某`: names of the roster, for what leaves the board. The longest first, as one may begin another. */
export function hideNames(text: string, names: readonly string[]): string {
  let hidden = text;
  for (const name of [...names].sort((a, b) => b.length - a.length)) {
    const [first = "", ...rest] = Array.from(name);
    if (rest.length > 0 && hidden.includes(name)) hidden = hidden.replaceAll(name, first + "某".repeat(rest.length));
  }
  return hidden;
}
