import { clarityRules } from "./clarity.ts";
import type { Finding, Hit, LintFacts, LintRule } from "./finding.ts";
import { formRules } from "./form.ts";
import { goodsRules } from "./goods.ts";
import { hearNotice } from "./heard.ts";
import { linkRules } from "./links.ts";
import { numberRules } from "./numbers.ts";
import { optOutLetterRules } from "./opt-out-letters.ts";
import { peopleRules } from "./people.ts";
import { scamRules } from "./scam.ts";

export type { Finding, LintFacts } from "./finding.ts";

/**
 * What is looked for in every notice before it may leave, one family a file. The order says which of two findings at
 * the same place is told first.
 */
const RULES: readonly LintRule[] = [
  ...numberRules,
  ...peopleRules,
  ...formRules,
  ...linkRules,
  ...scamRules,
  ...optOutLetterRules,
  ...goodsRules,
  ...clarityRules,
];

/**
 * What is wrong or doubtful in a notice as somebody typed it, by its place. Pure. The options of a poll are read
 * together with the body, because they leave together: half a number in each is a whole one.
 */
export function lintText(body: string, facts: LintFacts = {}): Finding[] {
  return readAll(RULES, body, facts);
}

/**
 * The same of one household's text, whose words are the notice's own but for its values: only what a value can bring
 * in, because there may be 200,000 of them.
 */
export const lintLetter = (body: string, officialPhones: readonly string[]): Finding[] =>
  readAll([...numberRules, ...formRules, ...linkRules], body, { officialPhones }).filter(
    ({ level }) => level === "block",
  );

function readAll(rules: readonly LintRule[], body: string, facts: LintFacts): Finding[] {
  const heard = hearNotice(body, facts.options ?? []);
  const findings = rules.flatMap(({ name, read }) => read(heard, facts).map((hit) => toFinding(name, hit)));
  return findings.sort((a, b) => placeOf(a) - placeOf(b));

  function toFinding(rule: string, { level, at, quote, why, remedy }: Hit): Finding {
    const inBody = at === null || at.from < body.length;
    const words = quote ?? (at ? heard.text.slice(at.from, at.to) : "");
    const place = at && inBody ? { from: at.from, to: Math.min(at.to, body.length) } : null;
    return { rule, level, field: inBody ? "body" : "options", at: place, quote: words, why, remedy };
  }
}

/** What stands nowhere comes last. */
const placeOf = ({ at }: Finding): number => at?.from ?? Number.MAX_SAFE_INTEGER;
