import { parseArgs } from "node:util";
import { endAll } from "../support/process.ts";
import { BACKENDS } from "../support/redis.ts";
import { endure, type Outcome } from "./ordeal.ts";

/**
 * `npm run chaos`: 20,000 texts and 200 kills, half on each backend, on loopback. Fails unless nothing was lost and
 * nothing repeated. `npm run chaos -- --seed 7` makes the decisions of that seed again; `--texts` and `--kills` are
 * per backend, `--backend` takes one of them alone.
 */
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    texts: { type: "string", default: "10000" },
    kills: { type: "string", default: "100" },
    rate: { type: "string", default: "200" },
    backend: { type: "string" },
  },
});
const DOORS = 500;

async function main(): Promise<boolean> {
  const say = (line: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
  say(`seed ${values.seed}`);
  const outcomes: Outcome[] = [];
  for (const backend of BACKENDS.filter((one) => values.backend === undefined || one === values.backend)) {
    const size = { doors: DOORS, notices: Math.max(2, Math.round(Number(values.texts) / DOORS)) };
    const plan = { backend, seed: values.seed, ...size, kills: Number(values.kills), rate: Number(values.rate) };
    outcomes.push(await endure(plan, say));
  }
  process.stdout.write(`seed ${values.seed}\n${outcomes.map(describeFates).join("\n")}\n\n${writeTable(outcomes)}\n`);
  for (const { plan, repeated, unsettled, unasked } of outcomes) {
    for (const wrong of [...repeated, unsettled, ...unasked].filter(Boolean)) say(`${plan.backend}: ${wrong}`);
  }
  return outcomes.every(({ lost, repeated }) => lost === 0 && repeated.length === 0);
}

const list = (counts: Record<string, number>) =>
  Object.entries(counts)
    .sort()
    .map(([name, n]) => `${n} ${name}`)
    .join(", ");
const describeFates = ({ plan, fates }: Outcome) => `${plan.backend}: calls at the carrier: ${list(fates)}`;

function writeTable(outcomes: readonly Outcome[]): string {
  const row = (...cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  const longest = ({ longest }: Outcome) => (longest ? `${(longest.ms / 1000).toFixed(1)} s (${longest.kind})` : "–");
  return [
    row("Backend", "Due", "Accepted", "Lost", "Repeated", "Unknown left", "Kills", "Longest repair", "Took"),
    row(...Array<string>(9).fill("---")),
    ...outcomes.map((one) =>
      row(
        ...[one.plan.backend, one.due, one.accepted, one.lost, one.repeated.length, one.unknown],
        ...[list(one.kills), longest(one), `${one.seconds} s`],
      ),
    ),
  ].join("\n");
}

main()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    return false;
  })
  .then(async (well) => {
    await endAll();
    process.exit(well ? 0 : 1);
  });
