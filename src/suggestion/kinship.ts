import { fold } from "../lib/fold.ts";

/** What a text is about, read once, to be compared with other texts. */
export type Gist = {
  folded: string;
  /** Pairs of neighbouring characters, without those between little words. */
  pairs: ReadonlySet<string>;
  topics: ReadonlySet<string>;
  places: ReadonlySet<string>;
};

/** `unsure`: nothing speaks against it, and not enough for it. */
export type Kinship = "same" | "unsure" | "different";

export function gistOf(text: string): Gist {
  const known = remembered.get(text);
  if (known) return known;
  const gist = readGist(text.slice(0, LONGEST));
  // The same open cases are compared with every new text; the oldest of so many is forgotten first.
  if (remembered.size >= MOST_REMEMBERED) remembered.delete(remembered.keys().next().value ?? "");
  remembered.set(text, gist);
  return gist;
}

const remembered = new Map<string, Gist>();
const MOST_REMEMBERED = 2000;

function readGist(text: string): Gist {
  const folded = fold(text);
  const pairs = new Set<string>();
  for (const piece of folded.split(LITTLE_WORDS)) {
    const letters = Array.from(piece);
    for (let i = 1; i < letters.length; i++) pairs.add(`${letters[i - 1]}${letters[i]}`);
  }
  const topics = Object.entries(TOPICS).filter(([, words]) => words.test(folded));
  return {
    folded,
    pairs,
    topics: new Set(topics.map(([name]) => name)),
    places: new Set([...folded.matchAll(PLACES)].map((match) => match[0])),
  };
}

/** Of the shorter text's pairs, the share that the other has too: 0 to 1. */
export function likeness(a: Gist, b: Gist): number {
  if (a.folded !== "" && a.folded === b.folded) return 1;
  const [few, many] = a.pairs.size <= b.pairs.size ? [a.pairs, b.pairs] : [b.pairs, a.pairs];
  if (few.size < 2) return 0;
  let shared = 0;
  for (const pair of few) if (many.has(pair)) shared++;
  return shared / few.size;
}

/**
 * Whether two texts speak of the same thing. The thing itself (`TOPICS`) outweighs the words around it, and a lamp in
 * the east is not the lamp in the west. Pure, and symmetric.
 */
export function compareGists(a: Gist, b: Gist): Kinship {
  const alike = likeness(a, b);
  if (alike === 1 && a.folded === b.folded) return "same";
  const about = meet(a.topics, b.topics);
  const elsewhere = meet(a.places, b.places) === "apart";
  if (about === "apart") return alike >= 0.5 ? "unsure" : "different";
  if (elsewhere) return "unsure";
  return alike >= 0.5 || (about === "together" && alike >= 0.2) ? "same" : "unsure";
}

/** Enough to tell people that it may be the same, and no more. */
export const mayBeKin = (a: Gist, b: Gist): boolean =>
  compareGists(a, b) !== "different" && (likeness(a, b) >= 0.2 || meet(a.topics, b.topics) === "together");

function meet(a: ReadonlySet<string>, b: ReadonlySet<string>): "together" | "apart" | "unknown" {
  if (a.size === 0 || b.size === 0) return "unknown";
  return [...a].some((one) => b.has(one)) ? "together" : "apart";
}

/** More of a text says nothing new of what it is about, and costs time. */
const LONGEST = 600;

/** Words between the words: they are in every text, and tell nothing of its subject. */
const LITTLE_WORDS =
  /[的了吗呢吧啊呀是在有和也就都还又很我俺你您他她它咱们这那个些请谢把被给没不]|书记|主任|村里|你好|反映/u;

/** 村东头, 西街, 三组, 五巷: where in a village a thing is. */
const PLACES = /[东西南北](?=头|边|面|口|街|沟|坡|岭|巷|桥|门)|(?:\d+|[一二三四五六七八九十])(?:组|队|巷|排|区)/gu;

/** What villagers write of (reference/domain.md 5.9, 0); each thing in the words people have for it. */
const TOPICS: Record<string, RegExp> = {
  lamp: /路灯|灯.{0,3}不亮|灯.{0,2}坏|没灯/,
  water: /停水|没水|断水|缺水|水管|水龙头|自来水|水压|吃水|井水|水井|井里|水费|漏水|供水/,
  drain: /下水道|排水|污水|积水|水沟|阴沟|臭水/,
  rubbish: /垃圾|保洁|脏乱/,
  road: /修路|路面|坑洼|大坑|硬化|道路|水泥路|村路|泥泞|路不好走|路.{0,2}坏/,
  power: /停电|没电|断电|电压|变压器|电线|电费|跳闸|电杆/,
  welfare: /低保|底保|五保|特困|困难户|贫困|救助/,
  subsidy: /补贴|补助|补偿|粮补/,
  pension: /养老|老年卡|高龄|社保/,
  medicine: /医保|合作医疗|新农合|报销|卫生室|看病/,
  land: /土地|承包|流转|宅基地|地界|地邻|征地|占地|口粮田|耕地/,
  house: /危房|翻建|盖房|漏雨|房子/,
  farming: /化肥|农药|种子|浇地|灌溉|机井|秸秆|虫害|收割/,
  noise: /噪音|噪声|扰民|太吵/,
  dog: /狗/,
  square: /广场|活动场所|健身|文化大院|戏台/,
  toilet: /厕所|旱厕|改厕/,
  school: /学校|幼儿园|校车|上学/,
  bus: /公交|班车|客车/,
  net: /网络|宽带|没信号|手机信号|有线电视/,
  // 桥头, 老槐树 are places that things are at.
  bridge: /(?:修|断|塌|危|架)桥|桥(?:栏|面|板|断|塌|坏|洞)/,
  tree: /砍树|栽树|树枝|树倒|树木|死树|树挡|杨絮/,
  quarrel: /吵架|打架|纠纷|打人/,
  heating: /暖气|取暖|供暖|天然气|燃气|煤改/,
  accounts: /账目|财务|村账|集体的钱/,
  papers: /证明|盖章|户口|身份证/,
  vehicles: /乱停车|停车|大货车|拉沙车/,
};
