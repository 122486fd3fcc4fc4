import type { Refusal } from "../refusal.ts";

/**
 * A table out of a file that somebody chose: CSV or XLSX, read in pieces, so that neither memory nor the event loop
 * feels its size. Everything in it is text, as the spreadsheet would show it.
 */
export type SheetRow = {
  /** The number that the spreadsheet shows beside it. */
  row: number;
  cells: readonly string[];
};

export type Sheet = {
  kind: "csv" | "xlsx";
  /** From the top, as often as it is asked for; rows without any text are left out. Throws `SheetTrouble`. */
  rows(): AsyncGenerator<SheetRow[]>;
  /** What was passed over, for the person to know: rows that the spreadsheet hides, and other sheets. */
  passedOver(): { hiddenRows: number; otherSheets: number };
};

/** 200,000 people are what a township's largest roster may have; more in one file is a mistake or an attack. */
export const MAX_ROWS = 250_000;
export const MAX_COLUMNS = 300;
/** What Excel lets a cell hold. */
export const MAX_CELL = 32_767;
/** Unpacked: 250,000 rows of ten columns are about 150 MB of XML. */
export const MAX_UNPACKED = 256 * 1024 * 1024;

/** A file that turns out bad on the way: a refusal, thrown because it comes out of the middle of a stream. */
export class SheetTrouble extends Error {
  readonly refusal: Refusal;
  constructor(message: string) {
    super(message);
    this.refusal = { code: "validation_failed", message };
  }
}

/** Lets whoever waits for the event loop have his turn. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
