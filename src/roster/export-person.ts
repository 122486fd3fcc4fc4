import { audit } from "../db/audit.queries.ts";
import { isoLocal, localDate } from "../lib/china-time.ts";
import type { Table } from "../lib/csv.ts";
import { printPhone } from "../lib/phone.ts";
import type { Work } from "../queue/work.ts";
import type { Village } from "../village/village.queries.ts";
import { listConsents, listOptOuts } from "./consent.queries.ts";
import { BASIS_WORDS } from "./consent.ts";
import { listMergedDoors } from "./household.queries.ts";
import { listOthersOnPhone, listSelves, type Person, readKept } from "./person-data.queries.ts";
import type { StateWords } from "./show-household.ts";

/** Everything that is held of one person, in words that he can read. */
export type PersonData = Awaited<ReturnType<typeof exportPerson>>;

/**
 * A copy of one person's data for himself (个人信息保护法 45): written down each time, as vendors' and others' copies
 * are (网络数据安全管理条例 12). His own number stands in it whole.
 */
export async function exportPerson(
  work: Work,
  village: Village,
  person: Person,
  words: StateWords,
  format: "page" | "json" | "csv",
) {
  const { tx } = work;
  const ids = await listSelves(tx, person.id);
  const doors = await listMergedDoors(tx, person.householdId);
  const kept = await readKept(tx, { villageId: village.id, ids, doors, hash: person.hash });
  const hashes = person.hash ? [person.hash] : [];
  const others = person.hash ? await listOthersOnPhone(tx, village.id, person.hash, ids) : [];
  const consents = await listConsents(tx, village.id, hashes);
  const optOuts = await listOptOuts(tx, village.id, hashes);
  await audit(work, {
    chain: village.id,
    action: "person.export",
    subject: "villager",
    subjectId: person.id,
    detail: { format, texts: kept.texts.length, cases: kept.cases.length },
  });
  return {
    village: village.name,
    exportedOn: localDate(work.now),
    roster: {
      ...{ name: person.name, household: person.household, group: person.group, grid: person.grid },
      ...{ cadre: person.cadre, tags: person.tags },
      phone: person.phone ? printPhone(work.sealer.openPhone(person.phone)) : null,
      since: isoLocal(person.createdAt),
    },
    /** How many others have this phone: what came to it was for them too. */
    phoneSharedWith: others.length,
    consents: consents.map((one) => ({
      basis: BASIS_WORDS[one.basis],
      on: one.givenOn,
      told: one.told,
      by: one.recordedBy,
    })),
    optOuts: optOuts.map((one) => ({
      what: one.column ?? "全部通知",
      at: isoLocal(one.at),
      endedAt: one.endedAt && isoLocal(one.endedAt),
    })),
    texts: kept.texts.map((one) => ({
      at: isoLocal(one.at),
      body: one.body,
      state: words.text(one.state, one.reason),
    })),
    written: kept.written.map((one) => ({ at: isoLocal(one.at), body: one.body })),
    cases: kept.cases.map((one) => ({
      ...{ number: one.number, at: isoLocal(one.openedAt), text: one.text, answer: one.answer, rating: one.rating },
      state: words.case(one.state),
    })),
    votes: kept.votes.map((one) => ({ at: isoLocal(one.at), question: one.question, option: one.option })),
    looks: kept.looks.map((one) => ({
      at: isoLocal(one.at),
      who: one.who,
      what: one.action === "phone.reveal" ? "看过号码" : "看过或导出过资料",
    })),
  };
}

/** The same as lines of one table, for a spreadsheet. */
export function tableOf(data: PersonData): Table {
  const { roster } = data;
  const line = (sort: string, at: string, words: string, more = "") => [sort, at, words, more];
  return [
    ["类别", "时间", "内容", "说明"],
    ...[
      ["姓名", roster.name],
      ["户号", roster.household],
      ["手机号", roster.phone ?? ""],
      ["村民小组", roster.group ?? ""],
      ["网格", roster.grid ?? ""],
      ["联户干部", roster.cadre ?? ""],
      ["身份", roster.tags.join("；")],
    ].map(([what = "", value = ""]) => line("名册", roster.since, value, what)),
    ...data.consents.map((one) => line("号码来历", one.on, one.basis, one.told)),
    ...data.optOuts.map((one) => line("退订", one.at, one.what, one.endedAt ? `${one.endedAt} 恢复` : "还在退订")),
    ...data.texts.map((one) => line("发给他的短信", one.at, one.body, one.state)),
    ...data.written.map((one) => line("他发来的短信", one.at, one.body)),
    ...data.cases.map((one) => line(`意见编号${one.number}`, one.at, one.text, `${one.state}；${one.answer ?? ""}`)),
    ...data.votes.map((one) => line("投票", one.at, one.question, one.option ?? "")),
    ...data.looks.map((one) => line("谁看过", one.at, one.who, one.what)),
  ];
}
