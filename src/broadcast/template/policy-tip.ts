import { countSegments } from "../../message/segments.ts";
import type { PolicyWords } from "../../policy/policy.ts";
import { writeSignature } from "../../village/village.ts";

/**
 * An entry of the compilation as one segment, signature included: what there is to get, who may, how, whom to ask. What
 * does not fit gives way in this order: the basis, the process, the scope, the person's name; then each field is cut at
 * its clauses, and nothing is ever cut inside a number. Pure.
 */
export function writeTip(policy: PolicyWords, signature: string): string {
  const fits = (text: string) => countSegments(writeSignature(signature) + text).segments === 1;
  for (const fields of WAYS) {
    const tip = writeWay(policy, fields);
    if (fits(tip)) return tip;
  }
  // Even the least is too long: whole clauses of the standard, as many as there is room for.
  const ends = clauseEnds(policy.standard);
  for (let i = ends.length; i > 0; i--) {
    const standard = policy.standard.slice(0, ends[i - 1]).replace(/[，,；;、。]+$/, "");
    for (const fields of [LEAST, BARE]) {
      const tip = writeWay({ ...policy, standard }, fields);
      if (fits(tip)) return tip;
    }
  }
  return `${policy.title}有新说法，到村委会问${policy.office}`;
}

type Field = "basis" | "scope" | "standard" | "process" | "person" | "phone" | "office";
const LEAST: readonly Field[] = ["standard", "office", "phone"];
const BARE: readonly Field[] = ["standard", "phone"];
/** From everything to the least; the person's name goes before the number under which he is reached. */
const WAYS: readonly (readonly Field[])[] = [
  ["basis", "scope", "standard", "process", "office", "person", "phone"],
  ["scope", "standard", "process", "office", "person", "phone"],
  ["scope", "standard", "process", "office", "phone"],
  ["scope", "standard", "office", "person", "phone"],
  ["standard", "process", "office", "phone"],
  ["scope", "standard", "office", "phone"],
  ["standard", "office", "person", "phone"],
  LEAST,
];

function writeWay(policy: PolicyWords, fields: readonly Field[]): string {
  const part = (field: Field) => (fields.includes(field) ? policy[field].trim().replace(/[。；;，,]+$/, "") : "");
  const basis = part("basis") && `按${part("basis")}`;
  const whom = `${part("office")}${part("person")}${part("phone")}`;
  const said = [basis, part("scope"), part("standard"), part("process"), whom && `问${whom}`].filter(
    (one) => one !== "",
  );
  return `${policy.title}：${said.join("；")}。`;
}

/** Where a clause of it ends; a comma inside a number (1,200) ends none. */
const clauseEnds = (text: string): number[] => [
  ...[...text.matchAll(/[，；;、。]|,(?!\d)/g)].map((match) => match.index + 1),
  text.length,
];
