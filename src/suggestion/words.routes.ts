import type { FastifyInstance } from "fastify";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { addWord, switchWord } from "./edit-words.ts";
import { FOUNDING_WORDS } from "./founding-words.ts";
import { listOwnWords } from "./lexicon.queries.ts";
import { SHELVES } from "./lexicon.ts";

/** The words by which suggestions are sorted: read, switched off and added to, one shelf at a time. */
export function wordRoutes(app: FastifyInstance, deps: PageDeps): void {
  pageRoute(app, deps, { url: "/v/:code/words", access: "lexicon.edit", show: showWords });
  for (const [url, change, done] of [
    ["/v/:code/words", addWord, "word_added"],
    ["/v/:code/words/switch", switchWord, "word_switched"],
  ] as const) {
    pageForm(app, deps, {
      url,
      access: "lexicon.edit",
      page: showWords,
      async act(work, params, fields) {
        const village = await visitVillage(work, params);
        if (!village.ok) return village;
        const shelf = shelfOf(fields.shelf);
        const changed = await change(work, village.value, shelf, fields.word ?? "");
        return changed.ok ? ok(`/v/${params.code}/words?shelf=${keyOf(shelf)}&done=${done}`) : changed;
      },
    });
  }
}

type Shelf = (typeof SHELVES)[number];
const keyOf = ({ sort, value }: Pick<Shelf, "sort" | "value">): string => `${sort}.${value}`;
const shelfOf = (key: string | undefined): Shelf => SHELVES.find((one) => keyOf(one) === key) ?? (SHELVES[0] as Shelf);

async function showWords({ work, params, query, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const shelf = shelfOf(problem?.fields.shelf ?? query.shelf);
  const onShelf = (one: { sort: string; value: string }) => one.sort === shelf.sort && one.value === shelf.value;
  const own = (await listOwnWords(work.tx, village.value.id)).filter(onShelf);
  const off = new Set(own.filter((one) => !one.active).map((one) => one.word));
  const ours = [...new Set(FOUNDING_WORDS.filter(onShelf).map((one) => one.word))];
  const added = own.filter((one) => one.active).map((one) => one.word);
  return ok({
    view: "words",
    title: `有这些词的，归“${shelf.label}”`,
    tab: "more",
    village: village.value,
    data: {
      shelves: SHELVES.map((one) => ({ key: keyOf(one), label: one.label })),
      shelf: keyOf(shelf),
      label: shelf.label,
      added,
      ours: ours.map((word) => ({ word, off: off.has(word) })),
      form: problem?.fields ?? {},
    },
  });
}
