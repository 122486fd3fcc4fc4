import { audit, type Chain } from "../../db/audit.queries.ts";
import { newId, type TemplateId } from "../../lib/ids.ts";
import { type FieldError, invalid, type Outcome, type Refusal, refusal } from "../../lib/refusal.ts";
import { ok } from "../../lib/result.ts";
import { cleanText } from "../../lib/text.ts";
import type { Work } from "../../queue/work.ts";
import { listColumns, type Village } from "../../village/village.queries.ts";
import { lintText } from "../lint/lint.ts";
import { blankProblem } from "../personal/blanks.ts";
import {
  findTemplate,
  insertTemplate,
  isNameTaken,
  retireTemplate,
  type TemplateOwner,
  updateTemplate,
} from "./template.queries.ts";
import { LONGEST_NAME, LONGEST_TEMPLATE, TABLE_BLANKS, type Template, type TemplateWords } from "./template.ts";

/** A supervisor writes for all villages of the township, everybody else for his village. */
const ownerFor = (work: Work, village: Village): TemplateOwner =>
  work.actor.role === "township" && work.actor.township !== null
    ? { villageId: null, townshipId: work.actor.township }
    : { villageId: village.id, townshipId: null };

export const isOwnTemplate = (work: Work, template: Template): boolean =>
  work.actor.role === "township" ? template.townshipId === work.actor.township : template.villageId !== null;

export async function addTemplate(work: Work, village: Village, wish: TemplateWords): Promise<Outcome<TemplateId>> {
  const owner = ownerFor(work, village);
  const words = await readTemplate(work, village, wish);
  if (!words.ok) return words;
  const id = newId<TemplateId>(work.now.getTime());
  if (!(await insertTemplate(work.tx, { ...words.value, ...owner, id, writtenBy: work.actor.id }, work.now))) {
    return nameTaken(words.value);
  }
  await note(work, owner, "template.add", id);
  return ok(id);
}

export async function changeTemplate(
  work: Work,
  village: Village,
  id: TemplateId,
  wish: TemplateWords,
): Promise<Outcome<TemplateId>> {
  const known = await findOwn(work, village, id);
  if (!known.ok) return known;
  const words = await readTemplate(work, village, wish);
  if (!words.ok) return words;
  const owner = ownerFor(work, village);
  if (await isNameTaken(work.tx, owner, words.value, id)) return nameTaken(words.value);
  await updateTemplate(work.tx, known.value, words.value, work.actor.id, work.now);
  await note(work, owner, "template.change", id);
  return ok(id);
}

/** Off the shelf, or back on it; notices made from it stay as they are. */
export async function shelveTemplate(
  work: Work,
  village: Village,
  id: TemplateId,
  active: boolean,
): Promise<Outcome<TemplateId>> {
  const known = await findOwn(work, village, id);
  if (!known.ok) return known;
  await retireTemplate(work.tx, id, active ? null : work.now);
  await note(work, ownerFor(work, village), active ? "template.restore" : "template.retire", id);
  return ok(id);
}

/** A template that this village may begin a notice from. */
export async function visitTemplate(work: Work, village: Village, id: TemplateId): Promise<Outcome<Template>> {
  const template = await findTemplate(work.tx, id);
  const here = template && (template.villageId === village.id || template.townshipId === village.townshipId);
  return template && here ? ok(template) : refusal("not_found", "没有这个模板");
}

async function findOwn(work: Work, village: Village, id: TemplateId): Promise<Outcome<Template>> {
  const template = await visitTemplate(work, village, id);
  if (!template.ok || isOwnTemplate(work, template.value)) return template;
  const whose = template.value.villageId === null ? "乡镇" : "村里";
  return refusal("forbidden", `这个模板是${whose}定的，由${whose}来改`);
}

async function readTemplate(work: Work, village: Village, wish: TemplateWords): Promise<Outcome<TemplateWords>> {
  const [name, body] = [cleanText(wish.name).trim(), cleanText(wish.body).trim()];
  const columns = await listColumns(work.tx, village.id);
  const errors: FieldError[] = [];
  if (!columns.some((one) => one.name === wish.column)) errors.push({ field: "column", message: "请选一个栏目" });
  if (name === "" || Array.from(name).length > LONGEST_NAME) {
    errors.push({ field: "name", message: `请写名称，最多 ${LONGEST_NAME} 个字` });
  }
  const wrong = bodyProblem(body);
  if (wrong !== null) errors.push({ field: "body", message: wrong });
  return errors.length > 0 ? invalid(...errors) : ok({ column: wish.column, name, body });
}

function bodyProblem(body: string): string | null {
  if (body === "") return "请写内容";
  const over = Array.from(body).length - LONGEST_TEMPLATE;
  if (over > 0) return `内容太长，请减 ${over} 个字`;
  const blank = blankProblem(body, Object.keys(TABLE_BLANKS));
  if (blank !== null) return blank;
  // A gap is what a template is for; the notice that begins with it must fill it.
  const block = lintText(body).find(({ level, rule }) => level === "block" && rule !== "unfilled_gap");
  return block ? `“${block.quote}”：${block.why}。${block.remedy}` : null;
}

const nameTaken = ({ column, name }: TemplateWords): { ok: false; refusal: Refusal } =>
  invalid({ field: "name", message: `“${column}”里已经有叫“${name}”的模板，请换个名称` });

const note = (work: Work, { villageId, townshipId }: TemplateOwner, action: string, id: TemplateId) =>
  audit(work, { chain: (villageId ?? townshipId) as Chain, action, subject: "template", subjectId: id });
