import type { SharedPhone } from "./read-roster.ts";

/**
 * The life of a roster file that somebody uploaded:
 *   uploaded → previewed → running → done
 * `uploaded` waits for a person if its columns are not known, else for a worker that compares it with the roster;
 * `previewed` waits for a person's word; `running` is a worker's. Any of them may end as `failed` (the file turned out
 * bad) or, before it runs, as `dropped` (somebody thought better of it).
 */
export const ROSTER_IMPORT_STATES = ["uploaded", "previewed", "running", "done", "failed", "dropped"] as const;
export type RosterImportState = (typeof ROSTER_IMPORT_STATES)[number];

/** What comparing a file with the roster found. `shared`: the few that are shown; phones are masked. */
export type Found = {
  new: number;
  changed: number;
  unchanged: number;
  rejected: number;
  /** People who had asked to be taken out. */
  erased: number;
  left: number;
  repeated: number;
  hiddenRows: number;
  otherSheets: number;
  sharedPhones: number;
  shared: (Omit<SharedPhone, "phone"> & { phone: string })[];
};

/** 200,000 people in a CSV are about 15 MB, in an XLSX less. */
export const MAX_FILE = 30 * 1024 * 1024;
