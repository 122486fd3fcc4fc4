import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/**
 * The texts the service writes by itself: one file each in templates/sms, with its blanks declared here, so that a
 * missing one does not compile. `test/architecture.test.ts` checks that files and declarations agree and that each
 * text fits one segment with ordinary values.
 */
export const SMS_TEMPLATES = {
  receipt: ["number", "owner", "due"],
  "receipt-shared": ["number", "households", "owner", "due"],
  added: ["number"],
  "added-after-answer": ["number"],
  split: ["part", "number", "owner", "due"],
  "moved-village": ["village", "number", "owner", "due"],
  merged: ["number", "main"],
  answer: ["number", "answer"],
  extended: ["number", "reason", "due"],
  declined: ["number", "reason"],
  reopened: ["number", "owner", "due"],
  moved: ["number", "cause", "due"],
  reminder: ["number", "said", "standing"],
  overdue: ["number", "said", "owner"],
  escalated: ["village", "number", "said", "cause"],
  supervised: ["number", "demand", "due"],
  "opt-out-confirmed": [],
  "opt-in-confirmed": [],
  "column-opt-out-confirmed": ["column"],
  "column-opt-in-confirmed": ["column"],
  "column-kept": ["column"],
  "column-still-out": [],
  help: [],
  "status-open": ["number", "topic", "state", "owner", "due"],
  "status-late": ["number", "topic", "state", "owner", "due"],
  "status-answered": ["number", "topic", "date", "result", "answer"],
  "status-ended": ["number", "topic", "state"],
  "status-none": [],
  "status-nothing-open": [],
  "status-more": ["count"],
  "status-not-yours": ["number"],
  "status-sealed": ["number"],
  contact: ["name", "phone"],
  "contact-secretary": ["owner", "phone"],
  "contact-cadre-and-secretary": ["name", "owner", "phone"],
  "contact-without-phone": ["name"],
  "contact-office": [],
  policy: ["title", "standard", "process", "contact"],
  "policy-choices": ["choices"],
  "policy-which": [],
  prompt: [],
  "wrong-number": [],
} as const satisfies Record<string, readonly string[]>;

export type SmsTemplate = keyof typeof SMS_TEMPLATES;
type Blanks<Name extends SmsTemplate> = Record<(typeof SMS_TEMPLATES)[Name][number], string>;

export const SMS_FOLDER = resolve(import.meta.dirname, "../../templates/sms");

const read = (name: SmsTemplate): string => readFileSync(resolve(SMS_FOLDER, `${name}.txt`), "utf8").trim();
const texts = new Map<SmsTemplate, string>();

/** Fills a text's blanks. A blank that ends a sentence brings its own full stop if the writer forgot it. */
export function renderSms<Name extends SmsTemplate>(name: Name, blanks: Blanks<Name>): string {
  const text = texts.get(name) ?? read(name);
  texts.set(name, text);
  return text.replace(/\{\{(\w+)\}\}/g, (_, blank: string) => {
    const value = (blanks as Record<string, string>)[blank] ?? "";
    return SENTENCES.has(blank) ? endSentence(value) : value;
  });
}

/** Blanks that people write whole sentences into. */
const SENTENCES = new Set(["answer", "reason", "standard", "process", "demand"]);
const endSentence = (text: string): string =>
  /[。!?\uff01\uff1f…]$/.test(text.trim()) ? text.trim() : `${text.trim()}。`;
