import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { bringUpToDate, explain, findGround, type Ground } from "./boot.ts";
import { readConfig } from "./config.ts";
import { verifyAudit } from "./db/audit.queries.ts";
import { createDb, createPool } from "./db/connect.ts";
import { checkDataKey } from "./db/installation.queries.ts";
import { understandAgain } from "./inbound/understand-again.ts";
import { systemClock } from "./lib/clock.ts";
import type { Outcome } from "./lib/refusal.ts";
import { refusal } from "./lib/refusal.ts";
import { ok } from "./lib/result.ts";
import { OPERATOR, ROLES, type Role, VILLAGE_ROLES } from "./lib/roles.ts";
import { createSealer } from "./lib/seal.ts";
import { createLog } from "./log.ts";
import { countStates } from "./message/metrics.queries.ts";
import { inWork, type Work, type WorkDeps } from "./queue/work.ts";
import { importRoster } from "./roster/import-roster.ts";
import { createApiKey } from "./staff/api-keys.ts";
import { createStaff } from "./staff/create-staff.ts";
import { findTownship, findVillage } from "./village/village.queries.ts";

/**
 * The operator's commands. They work beside a running server and without one: with an embedded database that nobody
 * runs at the moment, the command borrows it for as long as it takes. Answers go to stdout, everything else to stderr.
 */
const USAGE = `npm run cli -- <command>
  migrate                                             bring the database up to date
  create-staff --role <role> --login <login> --name <name> [--village <code> | --township <code>] [--post <post>] [--phone <phone>]
  create-api-key --role <role> [--village <code> | --township <code>]
  import-roster --village <code> <file.csv|file.xlsx>
  understand-again --village <code>                   how many stored texts today's rules would read otherwise
  status                                              what waits and what is in doubt
  verify-audit                                        checks the chain of the audit log
roles: ${ROLES.join(", ")}`;

type Options = Partial<Record<"role" | "village" | "township" | "login" | "name" | "post" | "phone", string>>;
type Command = (tools: Tools, options: Options, files: string[]) => Promise<Outcome<string>>;

type Tools = { ground: Ground; deps: WorkDeps; applied: string[] };

const COMMANDS: Record<string, Command> = {
  async migrate({ applied }) {
    return ok(applied.length > 0 ? `applied: ${applied.join(", ")}` : "nothing to do");
  },

  "create-api-key": ({ deps }, options) =>
    asOperator(deps, options, async (work, scope) => ok(await createApiKey(work, scope))),

  "create-staff": ({ ground, deps }, options) =>
    asOperator(deps, options, async (work, scope) => {
      const { login = "", name = "", post, phone } = options;
      const created = await createStaff(work, createSealer(ground.secrets.dataKey), {
        ...scope,
        login,
        name,
        post,
        phone,
      });
      return created.ok ? ok(`${created.value.login} ${created.value.password}`) : created;
    }),

  async "import-roster"({ ground, deps }, { village: code = "" }, [file]) {
    if (!file) return refusal("validation_failed", "which file?");
    const bytes = await readFile(file).catch((error: Error) => error.message);
    if (typeof bytes === "string") return refusal("not_found", `the roster cannot be read: ${bytes}`);
    const villages = await inWork(deps, OPERATOR, (work) => findVillage(work.tx, code));
    if (!villages) return refusal("not_found", `no village has the code ${code}`);
    const clerk = { ...OPERATOR, role: "clerk", villages: [villages.id] } as const;
    const report = await inWork(deps, clerk, (work) =>
      importRoster(work, createSealer(ground.secrets.dataKey), villages.id, bytes),
    );
    if (!report.ok) return report;
    const { rejected, ...counts } = report.value;
    return ok([JSON.stringify(counts), ...rejected.map((row) => `第 ${row.row} 行：${row.message}`)].join("\n"));
  },

  async "understand-again"({ deps }, { village: code = "" }) {
    const village = await inWork(deps, OPERATOR, (work) => findVillage(work.tx, code));
    if (!village) return refusal("not_found", `no village has the code ${code}`);
    const { read, otherwise } = await understandAgain(deps.system, village);
    const changes = [...otherwise].sort(([, a], [, b]) => b - a).map(([change, n]) => `${change}\t${n}`);
    const sum = [...otherwise.values()].reduce((all, n) => all + n, 0);
    return ok([`${sum} of ${read} texts would be read otherwise; nothing was changed`, ...changes].join("\n"));
  },

  async status({ deps }) {
    const { messages, waiting } = await countStates(deps.system);
    return ok(
      Object.entries({ ...messages, ...waiting })
        .map(([name, n]) => `${name}\t${n}`)
        .join("\n"),
    );
  },

  async "verify-audit"({ deps }) {
    const breaks = await verifyAudit(deps.system);
    if (breaks.length === 0) return ok("the audit log is whole");
    return refusal(
      "validation_failed",
      breaks.map((one) => `chain ${one.chain}, entry ${one.seq}: ${one.problem}`).join("\n"),
    );
  },
};

type Scope = {
  role: Role;
  villageId: Awaited<ReturnType<typeof villageId>>;
  townshipId: Awaited<ReturnType<typeof townshipId>>;
};

const villageId = async (work: Work, code: string) => (await findVillage(work.tx, code))?.id ?? null;
const townshipId = async (work: Work, code: string) => (await findTownship(work.tx, code))?.id ?? null;

/** For a new account or key: its role, and the village or township that the role belongs to. */
function asOperator(
  deps: WorkDeps,
  options: Options,
  body: (work: Work, scope: Scope) => Promise<Outcome<string>>,
): Promise<Outcome<string>> {
  return inWork(deps, OPERATOR, async (work) => {
    const role = ROLES.find((known) => known === options.role);
    if (!role) return refusal("validation_failed", `--role must be one of ${ROLES.join(", ")}`);
    const inVillage = VILLAGE_ROLES.includes(role);
    const village = options.village ? await villageId(work, options.village) : null;
    const township = options.township ? await townshipId(work, options.township) : null;
    if (inVillage && !village)
      return refusal("not_found", `the role ${role} needs --village <code> of an existing village`);
    if (role === "township" && !township)
      return refusal("not_found", "the role township needs --township <code> of an existing township");
    return await body(work, {
      role,
      villageId: inVillage ? village : null,
      townshipId: role === "township" ? township : null,
    });
  });
}

const OPTIONS = ["role", "village", "township", "login", "name", "post", "phone"];

/** What was typed, or null if no command can be made of it. */
function readCommand(): { command: Command; options: Options; files: string[] } | null {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: Object.fromEntries(OPTIONS.map((name) => [name, { type: "string" as const }])),
    });
    const [name = "", ...files] = positionals;
    const command = COMMANDS[name];
    return command ? { command, options: values as Options, files } : null;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return null;
  }
}

async function main(): Promise<number> {
  const typed = readCommand();
  if (!typed) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const ground = await findGround(readConfig(process.env), "borrow");
  try {
    if (ground.ownership) process.stderr.write("no server is running here: its database is started for this command\n");
    const applied = await bringUpToDate(ground.access);
    const log = createLog("warn");
    const pools = (["app", "system"] as const).map((role) =>
      createPool({ url: ground.access[role].url, max: 2, name: "cunwu cli", log }),
    );
    const [app, system] = pools.map(createDb);
    if (!app || !system) throw new Error("no pools");
    try {
      await checkDataKey(system, ground.secrets.dataKey);
      const sealer = createSealer(ground.secrets.dataKey);
      const deps: WorkDeps = { app, system, clock: systemClock, sealer, bells: { ring: async () => undefined } };
      const answer = await typed.command({ ground, deps, applied }, typed.options, typed.files);
      if (answer.ok) process.stdout.write(`${answer.value}\n`);
      else process.stderr.write(`${answer.refusal.message}\n`);
      return answer.ok ? 0 : 1;
    } finally {
      await Promise.all(pools.map((pool) => pool.end()));
    }
  } finally {
    await ground.leave();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  },
);
