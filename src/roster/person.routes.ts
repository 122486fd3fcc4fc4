import type { FastifyInstance, FastifyReply } from "fastify";
import { writeCsv } from "../lib/csv.ts";
import { isUuid, type VillagerId } from "../lib/ids.ts";
import { type Outcome, REFUSAL_STATUS, refusal } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import { may } from "../lib/roles.ts";
import { inWork, type Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { visitVillage } from "../village/visit-village.ts";
import { actorOf } from "../web/guard.ts";
import { type Fields, type Page, type PageDeps, pageForm, pageRoute, readFields, type Visit } from "../web/page.ts";
import { erasePerson } from "./erase-person.ts";
import { keepUntil } from "./erasure.ts";
import { exportPerson, tableOf } from "./export-person.ts";
import { countOpenCases, findPersonOf, listSelves, type Person } from "./person-data.queries.ts";
import type { StateWords } from "./show-household.ts";

/** One person's data: what is held of him, a copy for him, and taking it out (个人信息保护法 44 to 47). */
export function personRoutes(app: FastifyInstance, deps: PageDeps & { words: StateWords }): void {
  const url = "/v/:code/people/person/:id";
  const show = (visit: Visit) => showData(visit, deps.words);
  pageRoute(app, deps, { url: `${url}/data`, access: "roster.export", show });
  for (const format of ["json", "csv"] as const) {
    app.get(
      `${url}/data.${format}`,
      { config: { access: "roster.export", kind: "page" } },
      async (request, reply): Promise<FastifyReply> => {
        const made = await inWork(deps, actorOf(request), async (work) => {
          const found = await findPerson(work, readFields(request.params));
          if (!found.ok) return found;
          const { village, person } = found.value;
          return ok(await exportPerson(work, village, person, deps.words, format));
        });
        if (!made.ok) return reply.server.errorPage(reply, REFUSAL_STATUS[made.refusal.code], made.refusal.message);
        return reply
          .type(format === "csv" ? "text/csv; charset=utf-8" : "application/json; charset=utf-8")
          .header("content-disposition", `attachment; filename="person-${made.value.exportedOn}.${format}"`)
          .header("cache-control", "no-store")
          .send(format === "csv" ? writeCsv(tableOf(made.value)) : JSON.stringify(made.value, null, 2));
      },
    );
  }
  pageForm(app, deps, {
    url: `${url}/erasure`,
    access: "person.erase",
    page: show,
    async act(work, params, fields) {
      const found = await findPerson(work, params);
      if (!found.ok) return found;
      const { village, person } = found.value;
      const erased = await erasePerson(work, village, person, fields);
      return erased.ok ? ok(`/v/${params.code}/people/${person.householdId}?done=person_erased`) : erased;
    },
  });
}

async function findPerson(work: Work, params: Fields): Promise<Outcome<{ village: Village; person: Person }>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  const id = params.id ?? "";
  const person = isUuid(id) ? await findPersonOf(work.tx, village.value.id, id as VillagerId) : undefined;
  return person ? ok({ village: village.value, person }) : refusal("not_found", "名册上没有这个人");
}

async function showData({ work, params }: Visit, words: StateWords): Promise<Outcome<Page>> {
  const found = await findPerson(work, params);
  if (!found.ok) return found;
  const { village, person } = found.value;
  const data = await exportPerson(work, village, person, words, "page");
  return ok({
    view: "person",
    title: person.erasedAt ? "他的资料已经删除" : `${person.name}的全部资料`,
    tab: "people",
    village,
    data: {
      person: data,
      erased: person.erasedAt !== null,
      openCases: await countOpenCases(work.tx, await listSelves(work.tx, person.id)),
      keepUntil: keepUntil(work.now),
      at: `/v/${params.code}/people/person/${person.id}`,
      back: `/v/${params.code}/people/${person.householdId}`,
      can: { erase: may(work.actor.role, "person.erase") },
    },
  });
}
