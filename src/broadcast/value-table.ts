/** A row of an attached table that was not taken. `row` is the number the spreadsheet shows, the heading being row 1. */
export type ValueProblem = { row: number; household: string; message: string };
