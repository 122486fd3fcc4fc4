import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";

const SOURCE = resolve(import.meta.dirname, "../../src/db/tables.ts");
let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.drop());

/** The members of an object type, by name, as they are written: split where no bracket is open. */
function members(body: string): Map<string, string> {
  const found = new Map<string, string>();
  let depth = 0;
  let from = 0;
  for (const [i, letter] of [...body].entries()) {
    if ("{<([".includes(letter)) depth++;
    if ("})]".includes(letter) || (letter === ">" && body[i - 1] !== "=")) depth--;
    if (depth > 0 || (letter !== ";" && i !== body.length - 1)) continue;
    const [, name, type] = /^\s*"?([\w.]+)"?:([\s\S]*)$/.exec(body.slice(from, letter === ";" ? i : i + 1)) ?? [];
    if (name) found.set(name, (type ?? "").trim());
    from = i + 1;
  }
  return found;
}

test("the types of tables name the columns that the migrations made, all of them and no others", async () => {
  const text = readFileSync(SOURCE, "utf8").replace(/\/\*\*[\s\S]*?\*\/|\/\/.*/g, "");
  const tables = members(
    text.slice(text.indexOf("interface Tables {") + "interface Tables {".length, text.lastIndexOf("}")),
  );
  const typed = Object.fromEntries(
    [...tables].map(([table, type]) => [table, [...members(type.slice(1, -1)).keys()].sort()]),
  );

  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select case n.nspname when 'public' then c.relname else n.nspname || '.' || c.relname end as name,
            array_agg(a.attname::text order by a.attname) as columns
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where n.nspname in ('public', 'simulator') and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname not like 'kysely_%' group by 1`,
  );
  await client.end();
  const made = Object.fromEntries(rows.map(({ name, columns }) => [name, [...columns].sort()]));
  expect(typed).toEqual(made);
});
