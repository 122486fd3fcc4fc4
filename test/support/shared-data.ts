import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "csv-parse/sync";
import { test } from "vitest";

/** Real texts to test against; they lie beside the project, never in it, so a checkout alone does without them. */
const FOLDER = process.env.SHARED_DATA ?? resolve(import.meta.dirname, "../../../shared/data");
export const hasSharedData = existsSync(FOLDER);
if (!hasSharedData) console.warn(`skipped: tests on real texts (no folder ${FOLDER}; set SHARED_DATA)`);

export const withSharedData = (name: string, body: () => void | Promise<void>, timeout?: number) =>
  test.skipIf(!hasSharedData)(name, body, timeout);

export const readSharedText = (file: string): string => readFileSync(resolve(FOLDER, file), "utf8");

export const readSharedCsv = (file: string): Record<string, string>[] =>
  parse(readSharedText(file), { columns: true, bom: true, relax_quotes: true }) as Record<string, string>[];
