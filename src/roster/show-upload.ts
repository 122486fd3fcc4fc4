import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { visitVillage } from "../village/visit-village.ts";
import type { Page, Visit } from "../web/page.ts";
import { relativeState } from "./import-words.ts";
import { listImports } from "./roster-imports.queries.ts";

/** Where a roster comes in: a file, or a list that is pasted; and the files of today. */
export async function showUpload({ work, params }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const items = await listImports(work.tx, village.value.id);
  return ok({
    view: "roster-upload",
    title: "把名册传上来",
    tab: "people",
    village: village.value,
    data: {
      items: items.map((item) => ({
        id: item.id,
        fileName: item.fileName,
        who: item.who ?? "命令行",
        at: item.createdAt,
        ...relativeState(item),
      })),
    },
  });
}
