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
  joined: ["number"],
  "added-after-answer": ["number"],
  split: ["part", "number", "owner", "due"],
  "moved-village": ["village", "number", "owner", "due"],
  merged: ["number", "main"],
  answer: ["number", "answer"],
  extended: ["number", "reason", "due"],
  declined: ["number", "reason", "channel"],
  transferred: ["number", "body", "phone", "reason"],
  ask: ["number", "question"],
  added: ["number", "owner", "due"],
  reopened: ["number", "owner", "due"],
  "danger-fire": ["number"],
  "danger-crime": ["number"],
  "danger-medical": ["number"],
  "danger-disaster": ["number", "duty"],
  "danger-crisis": ["people"],
  alarm: ["who", "words", "minutes"],
  "alarm-taken": ["who", "owner"],
  "sealed-receipt": ["number", "readers", "due"],
  "sealed-unread": [],
  "sealed-arrived": ["number", "due"],
  "sealed-by-hand": ["number", "fresh", "readers"],
  moved: ["number", "cause", "due"],
  reminder: ["number", "said", "standing"],
  sign: ["column", "said", "standing"],
  countersign: ["who", "said", "cause"],
  overdue: ["number", "said", "owner"],
  escalated: ["village", "number", "said", "cause"],
  supervised: ["number", "demand", "due"],
  "reopened-again": ["number", "owner", "due"],
  "reopened-by-us": ["number", "reason", "owner", "due"],
  owner: ["lead", "number", "who", "words", "due"],
  "owner-digest": ["count"],
  "staff-answered": ["number", "who", "result"],
  "staff-assigned": ["number", "to"],
  "staff-extended": ["number", "due", "who"],
  "staff-accepted": ["number", "who"],
  "staff-noted": ["number"],
  "staff-refused": ["number", "hint"],
  "staff-hint": ["hint"],
  "staff-confirm": ["number", "who", "what"],
  "staff-choose": ["choices"],
  "staff-dropped": ["number"],
  "staff-lapsed": [],
  "staff-cases": ["count", "cases"],
  "staff-case": ["number", "who", "words", "due"],
  "staff-help": [],
  "staff-too-many": [],
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
const SENTENCES = new Set(["answer", "reason", "standard", "process", "demand", "question", "words", "hint"]);
/** Nothing said is no sentence. */
const endSentence = (text: string): string =>
  text.trim() === "" || /[。!?\uff01\uff1f…]$/.test(text.trim()) ? text.trim() : `${text.trim()}。`;
