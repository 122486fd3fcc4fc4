import type { FastifyInstance } from "fastify";
import { audit } from "../db/audit.queries.ts";
import { printPhone } from "../lib/phone.ts";
import type { Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Work } from "../queue/work.ts";
import { visitVillage } from "../village/visit-village.ts";
import { type Fields, type Page, type PageDeps, pageForm, pageRoute, type Visit } from "../web/page.ts";
import { findHome, findResident, type Home } from "./find-household.ts";
import { chooseContact, leaveDoor, returnToDoor } from "./leave-door.ts";
import { recordConsent, recordOptIn, recordOptOut, retryNumber } from "./record-consent.ts";
import { addDoor, saveDoor } from "./save-door.ts";
import { savePerson } from "./save-person.ts";
import { describeHousehold, describeNewDoor, type StateWords } from "./show-household.ts";

/** One household: who lives there, how it is reached, what it got and said; and everything that is changed by hand. */
export function householdRoutes(app: FastifyInstance, deps: PageDeps & { words: StateWords }): void {
  const show = (visit: Visit) => showHousehold(visit, deps.words);
  pageRoute(app, deps, { url: "/v/:code/people/new", access: "roster.edit", show: showNew });
  pageForm(app, deps, {
    url: "/v/:code/people/new",
    access: "roster.edit",
    page: showNew,
    async act(work, params, fields) {
      const village = await visitVillage(work, params);
      if (!village.ok) return village;
      const added = await addDoor(work, village.value, fields);
      return added.ok ? ok(`/v/${params.code}/people/${added.value}?done=door_added`) : added;
    },
  });
  pageRoute(app, deps, { url: "/v/:code/people/:id", access: "roster.read", show });
  const changes: Record<
    string,
    { done: string; act(work: Work, home: Home, fields: Fields): Promise<Outcome<unknown>> }
  > = {
    person: { done: "person_saved", act: savePerson },
    left: { done: "person_left", act: leaveDoor },
    back: { done: "person_back", act: (work, home, fields) => returnToDoor(work, home, fields.person) },
    contact: { done: "contact_chosen", act: (work, home, fields) => chooseContact(work, home, fields.contact) },
    door: { done: "door_saved", act: saveDoor },
    consent: { done: "consent_noted", act: recordConsent },
    "opt-out": { done: "opted_out_on_paper", act: recordOptOut },
    "opt-in": { done: "opted_in_on_paper", act: recordOptIn },
    retry: { done: "number_retried", act: retryNumber },
  };
  for (const [path, { done, act }] of Object.entries(changes)) {
    pageForm(app, deps, {
      url: `/v/:code/people/:id/${path}`,
      access: "roster.edit",
      page: show,
      async act(work, params, fields) {
        const home = await findHome(work, params, { toChange: true });
        if (!home.ok) return home;
        const changed = await act(work, home.value, fields);
        return changed.ok ? ok(`/v/${params.code}/people/${params.id}?done=${done}`) : changed;
      },
    });
  }
  const url = "/v/:code/people/:id/phone";
  pageRoute(app, deps, { url, access: "phone.reveal", show: (visit) => showPhone(visit, visit.query, false) });
  pageForm(app, deps, {
    url,
    access: "phone.reveal",
    page: (visit) => showPhone(visit, visit.query, false),
    act: (work, params, fields) => showPhone({ work, params }, fields, true),
  });
}

async function showHousehold({ work, params, problem }: Visit, words: StateWords): Promise<Outcome<Page>> {
  const home = await findHome(work, params);
  if (!home.ok) return home;
  const data = await describeHousehold(work, home.value, words);
  const { number } = home.value.household;
  const door = /^\d+$/.test(number) ? `${number}号` : number;
  return ok({
    view: "household",
    title: data.household.emptied
      ? `${door}没有人了`
      : data.household.words
        ? `${door}：${data.household.words}`
        : `${door}能收到短信`,
    tab: "people",
    village: home.value.village,
    data: { ...data, form: problem ? (problem.fields.form ?? "") : "" },
  });
}

async function showNew({ work, params, problem }: Visit): Promise<Outcome<Page>> {
  const village = await visitVillage(work, params);
  if (!village.ok) return village;
  return ok({
    view: "household-new",
    title: "添一户",
    tab: "people",
    village: village.value,
    data: { ...(await describeNewDoor(work, village.value)), asked: problem?.fields ?? {} },
  });
}

/** The number of one person, for whoever has to ring him: on being asked for, and written down each time. */
async function showPhone(
  { work, params }: Pick<Visit, "work" | "params">,
  fields: Fields,
  reveal: boolean,
): Promise<Outcome<Page>> {
  const home = await findHome(work, params);
  if (!home.ok) return home;
  const person = findResident(home.value, fields.person ?? home.value.residents.find((one) => one.hash)?.id ?? "");
  if (!person.ok) return person;
  const { id, name } = person.value;
  const { village, household } = home.value;
  const phone = reveal && person.value.phone ? printPhone(work.sealer.openPhone(person.value.phone)) : null;
  if (phone) await audit(work, { chain: village.id, action: "phone.reveal", subject: "villager", subjectId: id });
  return ok({
    view: "phone",
    title: `${name}的电话`,
    tab: "people",
    village,
    data: {
      phone,
      known: person.value.phone !== null,
      person: id,
      purpose: "请只为村里的事打。",
      unknown: "他没有登记手机号，请上门去。",
      action: `/v/${params.code}/people/${household.id}/phone`,
      back: `/v/${params.code}/people/${household.id}`,
      backWords: "回到这一户",
    },
  });
}
