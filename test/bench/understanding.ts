import {
  isDangerous,
  PETITION_CLASSES,
  readAll,
  readClasses,
  sharePetitions,
  writeMatrix,
} from "../support/labelled.ts";
import { hasSharedData, readSharedCsv } from "../support/shared-data.ts";
import { BLIND } from "../unit/labelled-blind.ts";
import { LABELLED_LATER } from "../unit/labelled-later.ts";
import { NEAR } from "../unit/labelled-near.ts";
import { LABELLED as LABELLED_FIRST } from "../unit/labelled-texts.ts";
import { quantile } from "./harness.ts";

const LABELLED = [...LABELLED_FIRST, ...LABELLED_LATER, ...BLIND, ...NEAR];

/** `npm run bench -- understanding`: what the rules make of the labelled texts, and how long they take over one. */
export function writeUnderstanding(): string {
  readAll(LABELLED); // compiled code, the table of characters
  const readings = readAll(LABELLED);
  const right = readings.filter((one) => one.verdict.meaning === one.meaning);
  const times = readings.map((one) => one.ms);
  const share = ([n = 0, of = 0]: readonly number[]) => `${n} of ${of} (${((100 * n) / of).toFixed(1)} %)`;
  const wrong = readings.filter((one) => !one.right);
  const classes = readClasses(LABELLED);
  return [
    `understanding: ${share([right.length, readings.length])} read as what they mean, ${readings.filter(isDangerous).length} wrong where it does harm`,
    `time per text: median ${quantile(times, 0.5).toFixed(3)} ms, p99 ${quantile(times, 0.99).toFixed(2)} ms, longest ${Math.max(...times).toFixed(2)} ms`,
    "",
    writeMatrix(readings),
    "",
    ...wrong.map(
      (one) =>
        `wrong: “${one.text}” is ${one.meaning} ${one.detail.join(" ")}, read as ${one.verdict.meaning}: ${one.verdict.why}`,
    ),
    `suggestions: nature ${share(classes.nature)}, class ${share(classes.category)}, urgency ${share(classes.urgent)}`,
    ...(hasSharedData ? writePetitions() : ["petitions: not read, no shared data"]),
  ].join("\n");
}

function writePetitions(): string[] {
  const { byLabel, share } = sharePetitions(readSharedCsv("petitions_labelled.csv"));
  return [
    `petitions' subjects in the right class: ${(100 * share).toFixed(1)} %`,
    ...Array.from(
      byLabel,
      ([label, [n, of]]) => `  ${label} → ${PETITION_CLASSES[label]?.join(" or ")}: ${n} of ${of}`,
    ),
  ];
}
