import { audit } from "../../db/audit.queries.ts";
import { newId, type TemplateId } from "../../lib/ids.ts";
import type { Work } from "../../queue/work.ts";
import { FOUNDING_TEMPLATES } from "../../village/founding-templates.ts";
import { listColumns, type Village } from "../../village/village.queries.ts";
import { insertTemplate, listTemplates } from "./template.queries.ts";

export type FoundingTemplate = (typeof FOUNDING_TEMPLATES)[number];

/**
 * Templates that a new village begins with and this one does not have, because it began before there were any: of the
 * columns that it writes under, and without those that it has put off the shelf.
 */
export async function missingTemplates(work: Work, village: Village): Promise<FoundingTemplate[]> {
  const columns = new Set((await listColumns(work.tx, village.id)).map(({ name }) => name));
  const own = await listTemplates(work.tx, { id: village.id, townshipId: null });
  const has = ({ column, name }: FoundingTemplate) => own.some((one) => one.column === column && one.name === name);
  return FOUNDING_TEMPLATES.filter((one) => columns.has(one.column) && !has(one));
}

/** Puts them on the village's shelf; the number of new ones. */
export async function addMissingTemplates(work: Work, village: Village): Promise<number> {
  const missing = await missingTemplates(work, village);
  for (const words of missing) {
    const id = newId<TemplateId>(work.now.getTime());
    const owner = { villageId: village.id, townshipId: null };
    await insertTemplate(work.tx, { ...words, ...owner, id, writtenBy: work.actor.id }, work.now);
  }
  const detail = { added: missing.length };
  await audit(work, { chain: village.id, action: "template.found", subject: "village", subjectId: village.id, detail });
  return missing.length;
}
