/**
 * A table for a spreadsheet program. A villager's text is a stranger's: a cell that begins like a formula is run by the
 * program that opens it ("=HYPERLINK(…)"), so none may.
 */
export type Table = readonly (readonly (string | number)[])[];

/**
 * RFC 4180 with a byte-order mark, without which Excel reads UTF-8 as GBK. A cell that begins like a formula gets an
 * apostrophe in front (OWASP, "CSV Injection"), its full-width forms too: Chinese Excel reads those alike.
 */
export const writeCsv = (table: Table): string =>
  `\ufeff${table.map((row) => row.map((cell) => quote(disarm(String(cell)))).join(",")).join("\r\n")}\r\n`;

const disarm = (cell: string): string =>
  /^[\s\ufeff\u200b]*[=+\-@|%\uff1d\uff0b\uff0d\uff20\u2212]|^[\t\r\n]/u.test(cell) ? `'${cell}` : cell;

const quote = (cell: string): string => (/[",\r\n\t']/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
