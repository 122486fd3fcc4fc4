import type { Hit, LintRule } from "./finding.ts";
import { findAll, type Heard } from "./heard.ts";
import { isWord, NAME } from "./names.ts";

/** Named people whom a text to every door would lay bare (reference/domain.md 1.7): children, the ill, the aided. */
export const peopleRules: readonly LintRule[] = [
  { name: "minor_named", read: readMinors },
  { name: "health_named", read: readHealth },
  { name: "aid_named", read: readAid },
];

const MINOR = {
  why: "写了未成年人的名字和情况，法律不许这样公开",
  remedy: "删掉孩子的名字，只说“村里3个孩子”；有事打电话告诉家长",
};
const SEP = "[,、(:;—-]*";
const AGE = "(?:1[0-7]|[1-9]|十[一二三四五六七]?|[一二两三四五六七八九])(?:周岁|岁)";
const NO_NAME_AGE = "(?!以上|以下|以内|以前|以后|至|到|及|[-~—–]|的?(?:儿童|孩子|幼儿|少年|人|学生))";
const CHILD = "(?:未成年人|小学生|中学生|初中生|高中生|学生|儿童|幼儿|孩子|男孩|女孩|孙子|孙女|儿子|女儿|娃)";
const DETAIL = `(?:\\d{1,2}(?:周岁|岁)|[一二三四五六七八九\\d]年级|小学|中学|幼儿园|就读|上学|患|病|残疾|家住|住址|住在|父亲|母亲|爸爸|妈妈|父母|监护人|单亲|辍学|失学|走失)`;
const MINORS: readonly RegExp[] = [
  new RegExp(
    `(?<name>${NAME})${SEP}(?:[男女]孩?${SEP})?(?:今年|现年|年仅|年龄|年方|刚满?|才)?${SEP}${AGE}${NO_NAME_AGE}`,
    "gu",
  ),
  new RegExp(`(?<name>${NAME})(?:小朋友|同学|宝宝|小宝|小同学)(?=[^。;\\n]{0,20}${DETAIL})`, "gu"),
  new RegExp(
    `(?:留守儿童|困境儿童|孤儿|未成年人|学生|儿童|幼儿)(?:名单|花名册|信息|情况|台账|姓名)(?:公示|如下|有|为|是)*:(?<name>${NAME})(?=[、,(。;\\d男女]|$)`,
    "gu",
  ),
  // Of such a child the word itself tells too much.
  new RegExp(
    `(?:(?:留守|困境|残疾|患病|孤残|失学|辍学|事实无人抚养)儿童|孤儿)(?<name>${NAME})(?=[、,(。;\\d男女的在就今患上住因已父母]|$)`,
    "gu",
  ),
  new RegExp(`${CHILD}(?<name>${NAME})(?=[、,(。;\\d男女的在就今患上住因已父母]|$)(?=[^。;\\n]{0,24}${DETAIL})`, "gu"),
];

function readMinors(heard: Heard): Hit[] {
  return once(MINORS.flatMap((pattern) => named(heard, pattern))).map((at) => ({ level: "block", at, ...MINOR }));
}

const ILLNESS =
  "(?:癌|瘤|白血病|尿毒症|糖尿病|高血压|心脏病|精神病|精神分裂|抑郁|艾滋|结核|肝炎|肝硬化|偏瘫|瘫痪|痴呆|中风|梅毒|重病|大病|绝症)";
const PERSON = `(?:(?<name>${NAME})|大爷|大娘|大妈|大叔|大伯|老汉|之子|之女|之妻|(?:他|她|谁)家?)`;
const HEALTH: readonly RegExp[] = [
  new RegExp(`${PERSON}[^。;\\n]{0,8}(?:患有?|得了|确诊|查出|身患|罹患|因)[^。;\\n]{0,6}${ILLNESS}`, "gu"),
  new RegExp(
    `(?<name>${NAME})[^。;\\n]{0,8}(?:[一二三四]级残疾|残疾(?:等级)?:?[一二三四]级|(?:肢体|视力|听力|言语|智力|精神)残疾)`,
    "gu",
  ),
];
function readHealth(heard: Heard): Hit[] {
  return once(HEALTH.flatMap((pattern) => named(heard, pattern))).map((at) => ({
    level: "warn",
    at,
    why: "说了谁得什么病，本人多半不愿意让全村知道",
    remedy: "不写名字，或者不写病",
  }));
}

const AIDED = /低保|特困|五保|临时救助|救助金|困难(?:补助|户|群众)|补贴|补助|慰问金?|救济/;
const AMOUNT = new RegExp(`(?<name>${NAME})(?:家|户)?[,:(]*\\d[\\d,.]*(?:元|块)`, "gu");
const LIST = new RegExp(`(?<name>${NAME})、${NAME}、${NAME}`, "gu");
const POOR = /低保|特困|五保|临时救助|困难户|救济/;
/** One name with a sum is a bill; several, or a list of the poor, is what belongs on the board only. */
function readAid(heard: Heard): Hit[] {
  if (!AIDED.test(heard.folded)) return [];
  const paid = named(heard, AMOUNT);
  const listed = POOR.test(heard.folded) ? named(heard, LIST) : [];
  const at = paid.length >= 2 ? paid[0] : listed[0];
  if (!at) return [];
  const why = "名字和低保、补贴的钱数一起发到每户手机上，比公示栏传得远得多";
  return [{ level: "warn", at, why, remedy: "只发总数，名单贴公示栏" }];
}

function named(heard: Heard, pattern: RegExp): { from: number; to: number }[] {
  return findAll(heard, pattern)
    .filter(({ groups }) => !isWord(groups.groups?.name ?? ""))
    .map(({ at }) => at);
}

/** Two patterns that meet at the same place are one finding. */
function once(places: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  return places.filter((at, i) => !places.slice(0, i).some((one) => one.from < at.to && at.from < one.to));
}
