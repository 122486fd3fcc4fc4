import type { Db } from "../db/connect.ts";
import { readCountryCalendar } from "./calendar.queries.ts";
import { yearsMissing } from "./calendar.ts";
import { DEFAULT_PROMISES } from "./promises.ts";

/** The years within reach of an ordinary promise whose holidays are not known: what the log and the metrics say. */
export const missingHolidays = async (system: Db, now: Date): Promise<number[]> =>
  yearsMissing(now, DEFAULT_PROMISES, await readCountryCalendar(system));
