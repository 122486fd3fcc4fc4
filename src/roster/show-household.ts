import { localDate } from "../lib/china-time.ts";
import { maskPhone } from "../lib/phone.ts";
import { may, type Role } from "../lib/roles.ts";
import { shorten } from "../lib/text.ts";
import type { Work } from "../queue/work.ts";
import { listHandlers } from "../staff/staff.queries.ts";
import { isOptional } from "../village/columns.ts";
import { listColumns, type Village } from "../village/village.queries.ts";
import { listConsents, listOptOuts, type OptOutLine } from "./consent.queries.ts";
import { BASES, BASIS_WORDS, tellOf } from "./consent.ts";
import { listTraits } from "./doors.queries.ts";
import { type Home, isHere } from "./find-household.ts";
import { listUnits } from "./groups.queries.ts";
import { listCasesOf, listSentTexts, listTextsOf } from "./history.queries.ts";
import { type Household, listMergedDoors, listSharers, type Resident } from "./household.queries.ts";
import { LEFT_WORDS } from "./left.ts";
import { PAPERS } from "./record-consent.ts";
import { DOOR_TROUBLE_WORDS, sayTrouble } from "./standing.ts";
import { USUAL_TAGS } from "./tags.ts";

/** Words for states of texts and cases, which belong to folders above this one. */
export type StateWords = { text(state: string, reason: string | null): string; case(state: string): string };

const LATELY = 8;
/** Every text of a village begins alike. */
const unsign = (text: string): string => text.replace(/^【[^】]*】/, "");

/** Everything a household's page shows. */
export async function describeHousehold(work: Work, home: Home, words: StateWords) {
  const { village, household, residents } = home;
  const { role } = work.actor;
  const here = residents.filter(isHere);
  const hashes = distinct(here.flatMap((one) => one.hash ?? []));
  const doors = await listMergedDoors(work.tx, household.id);
  const of = { villageId: village.id, doors, hashes };
  const consents = await listConsents(work.tx, village.id, hashes);
  const sharers = await listSharers(work.tx, village.id, household.id, hashes);
  const traits = await listTraits(work.tx, village.id);
  const [texts, cases, said] = [
    await listSentTexts(work.tx, of, LATELY),
    await listCasesOf(work.tx, village.id, doors, LATELY),
    await listTextsOf(work.tx, of, LATELY),
  ];
  const mask = (sealed: Buffer | null) => (sealed ? maskPhone(work.sealer.openPhone(sealed)) : null);
  const owners = (hash: Buffer) => here.filter((one) => one.hash?.equals(hash)).map((one) => one.name);
  return {
    household: {
      ...household,
      stopped: household.standing !== "reachable",
      words: sayTrouble(household),
      advice:
        household.standing === "no_phone"
          ? "问问家里谁的手机能收；都没有的，通知要上门说"
          : household.trouble && DOOR_TROUBLE_WORDS[household.trouble].advice,
      emptied: here.length === 0,
    },
    people: here.map((one) => ({
      ...describePerson(one, household, mask),
      sharers: sharers.filter((door) => one.hash && door.hash.equals(one.hash)),
    })),
    gone: residents.filter((one) => !isHere(one)).map((one) => describeGone(one)),
    withPhone: here.filter((one) => one.hash),
    tags: [...new Set([...USUAL_TAGS, ...traits.tags])],
    ...(await optionsOf(work, home)),
    consents: consents.map((one) => ({
      ...one,
      words: BASIS_WORDS[one.basis],
      who: owners(one.hash).join("、"),
    })),
    unnoted: here.filter((one) => one.hash && !consents.some(({ hash }) => one.hash?.equals(hash))),
    told: tellOf(village.name),
    bases: BASES.map((value) => ({ value, label: BASIS_WORDS[value] })),
    papers: Object.entries(PAPERS).map(([value, label]) => ({ value, label })),
    optOuts: (await listOptOuts(work.tx, village.id, hashes)).map((one) => ({
      ...describeOptOut(one),
      who: owners(one.hash).join("、"),
    })),
    texts: texts.map((one) => ({
      ...one,
      words: shorten(unsign(one.body), 44),
      said: words.text(one.state, one.reason),
    })),
    cases: cases.map((one) => ({ ...one, words: shorten(one.text, 60), said: words.case(one.state) })),
    said,
    today: localDate(work.now),
    can: permissionsOf(role),
  };
}

const permissionsOf = (role: Role) => ({
  edit: may(role, "roster.edit"),
  reveal: may(role, "phone.reveal"),
  export: may(role, "roster.export"),
  notices: may(role, "broadcast.read"),
});

const distinct = (hashes: readonly Buffer[]): Buffer[] => [
  ...new Map(hashes.map((hash) => [hash.toString("hex"), hash])).values(),
];

const describePerson = (one: Resident, household: Household, mask: (sealed: Buffer | null) => string | null) => ({
  id: one.id,
  name: one.name,
  tags: one.tags,
  phone: mask(one.phone),
  contact: one.hash !== null && household.contactHash !== null && one.hash.equals(household.contactHash),
});

const describeGone = (one: Resident) => ({
  id: one.id,
  name: one.name,
  leftAt: one.leftAt,
  words: one.erasedAt
    ? "本人要求删除"
    : one.mergedDoor
      ? `与${one.mergedDoor}的是同一个人`
      : LEFT_WORDS[one.leftReason ?? "other"],
  mayReturn: !one.erasedAt && !one.mergedInto,
  merged: one.mergedInto !== null,
});

const SOURCE_WORDS = { villager: "本人发短信", carrier: "运营商", staff: "工作人员代记" } as const;
const describeOptOut = (one: OptOutLine) => ({
  ...one,
  what: one.column ? `不收“${one.column}”` : "全部退订",
  source: `${SOURCE_WORDS[one.source]}${one.setBy ? `（${one.setBy}，${one.note}）` : ""}`,
  ended: one.endedAt && (one.endedBy ? `${one.endedBy}代记恢复（${one.endedNote}）` : "本人发短信恢复"),
});

/** What a new door's form can be filled in with. */
export const describeNewDoor = async (work: Work, village: Village) => ({
  ...(await optionsOf(work, { village, household: null })),
  tags: [...new Set([...USUAL_TAGS, ...(await listTraits(work.tx, village.id)).tags])],
});

async function optionsOf(work: Work, { village, household }: { village: Village; household: Household | null }) {
  const units = await listUnits(work.tx, village.id);
  const staff = await listHandlers(work.tx, village.id);
  const none = { value: "", label: "没有" };
  const named = household?.cadre && !staff.some((one) => one.id === household.cadreId) ? household.cadre : null;
  return {
    groups: [none, ...units.groups.map(({ id, name }) => ({ value: id as string, label: name }))],
    grids: [none, ...units.grids.map(({ id, name }) => ({ value: id as string, label: name }))],
    cadres: [
      none,
      ...(named ? [{ value: "keep", label: `${named}（名册上的名字，没有账号）` }] : []),
      ...staff.map((one) => ({ value: one.id as string, label: `${one.name}${one.post ? `（${one.post}）` : ""}` })),
    ],
    columns: [
      { value: "", label: "全部通知（急事除外）" },
      ...(await listColumns(work.tx, village.id))
        .filter((one) => isOptional(one))
        .map((one) => ({ value: one.id as string, label: `只退“${one.name}”` })),
    ],
  };
}
