import { localDate } from "../../lib/china-time.ts";
import { shorten } from "../../lib/text.ts";
import type { Hit, LintFacts, LintRule } from "./finding.ts";
import { findAll, type Heard } from "./heard.ts";
import { PLAIN_WORDS } from "./plain-words.ts";

/** What an elder who hears a notice once would ask back: how long, what word, which day, where, who. Warnings only. */
export const clarityRules: readonly LintRule[] = [
  { name: "long_sentence", read: readLongest },
  { name: "office_word", read: readOfficeWords },
  { name: "day_will_shift", read: readShiftingDay },
  { name: "time_without_day", read: readDayless },
  { name: "meeting_incomplete", read: readMeeting },
  { name: "too_often", read: readOften },
];

const LONGEST_SENTENCE = 40;
/** The longest only: who mends one sees the next. */
function readLongest(heard: Heard): Hit[] {
  const [longest] = [...heard.text.slice(0, heard.bodyEnd).matchAll(/[^。！？；：!?;:\n]+/g)].sort(
    (a, b) => Array.from(b[0]).length - Array.from(a[0]).length,
  );
  const length = Array.from(longest?.[0] ?? "").length;
  if (!longest || length <= LONGEST_SENTENCE) return [];
  const at = { from: longest.index, to: longest.index + longest[0].length };
  return [
    {
      level: "warn",
      at,
      // Its beginning finds it; and who repeats a sentence repeats the number in it.
      quote: shorten(longest[0].trim(), 12),
      why: `这句话有 ${length} 个字，听一遍记不住`,
      remedy: `拆成两句，每句不超过 ${LONGEST_SENTENCE} 个字`,
    },
  ];
}

const OFFICE = new RegExp(Object.keys(PLAIN_WORDS).join("|"), "g");
const MOST_WORDS = 5;
function readOfficeWords(heard: Heard): Hit[] {
  return findAll(heard, OFFICE)
    .slice(0, MOST_WORDS)
    .map(({ at, words }) => {
      const plain = PLAIN_WORDS[words];
      return { level: "warn", at, why: `“${words}”老人不好懂`, remedy: plain ? `换成“${plain}”` : "不用说，可以删掉" };
    });
}

const DAYS = /(?:今|明|后|昨)(?:天|日|早|晚|夜|晨)|(?:本|这|下)周|当晚|后晌/g;
/** "明天" is another day once a notice waits for its own. */
function readShiftingDay(heard: Heard, { sendAt, now }: LintFacts): Hit[] {
  if (!sendAt || !now || localDate(sendAt) === localDate(now)) return [];
  return findAll(heard, DAYS).map(({ at, words }) => ({
    level: "warn",
    at,
    why: `这条定在 ${saySendDay(sendAt)}发，村民看到“${words}”会从那天算起`,
    remedy: "写成几月几号",
  }));
}
const saySendDay = (at: Date): string => {
  const [, month, day] = localDate(at).split("-").map(Number);
  return `${month}月${day}日`;
};

const CLOCK =
  /(?:[01]?\d|2[0-4])[:：][0-5]\d|(?:早|晚|上午|下午|中午|晚上|早上|傍晚)(?:\d{1,2}|[一二两三四五六七八九十]{1,2})点/g;
const DAY =
  /\d{1,2}月\d{1,2}|\d{1,2}[日号](?!楼|井|线|门)|周[一二三四五六日天]|星期|[今明后昨当][天日早晚夜晨]|每[天日周月晚早逢]|天天|逢[一二三四五六七八九十]|\d{4}[-/.]\d|即日|农历|初[一二三四五六七八九十]|元宵|中秋|除夕|重阳|端午|国庆|元旦|节|工作日|上班时间|平时|长期|本周|下周|月底|全天|以后|开始/;
function readDayless(heard: Heard): Hit[] {
  const [first] = findAll(heard, CLOCK);
  if (!first || DAY.test(heard.folded)) return [];
  return [{ level: "warn", at: first.at, why: "说了几点，没说哪一天", remedy: "加上几月几号、星期几" }];
}

const MEETING =
  /(?:召开|开)(?:一次|个|一个)?[^,。;]{0,12}(?:会|大会)(?!议?(?:记录|决定|商量|上)|员|计|费|所)|(?:主题党日|培训班?|讲座|义诊|放电影|联欢会|表彰会)/g;
const PAST = /昨|上周|上月|已经|开了|召开了|举行了|过了|结束/;
const WHEN = new RegExp(`${CLOCK.source}|${DAY.source}`);
const WHERE =
  /(?:在|到|去|来)[^,。;]{0,14}(?:村委会?|大院|广场|学校|小学|室|礼堂|门口|中心|站|祠堂|大队|院|场|厅|处|家|楼|棚|馆|所|村|镇|地里|田头|树下|屋)|地点|(?:文化大院|会议室|村委会|村室|小广场|活动室|礼堂|服务中心|卫生室)/;
const WHO =
  /全体|党员|代表|村民|各户|每户|各家|谁|老人|妇女|家长|户主|家里|岁|组长|干部|愿意|想|需要|大家|委员|小组|\d组|[一二三四五六七八九十]组|户|种粮|青年|孩子|学生/;
/** What a villager needs to come to a meeting. What has been is only told. */
function readMeeting(heard: Heard): Hit[] {
  const first = findAll(heard, MEETING).find(({ before, after }) => !PAST.test(before.slice(-10) + after.slice(0, 4)));
  if (!first) return [];
  const missing = [
    WHEN.test(heard.folded) ? "" : "什么时候",
    WHERE.test(heard.folded) ? "" : "在哪里",
    WHO.test(heard.folded) ? "" : "谁参加",
  ].filter((one) => one !== "");
  if (missing.length === 0) return [];
  return [{ level: "warn", at: first.at, why: `没说${missing.join("、")}`, remedy: `写上${missing.join("、")}` }];
}

/** reference/domain.md 2.5: two or three a week keep people reading. */
export const ENOUGH_A_WEEK = 2;
function readOften(_: Heard, { noticesThisWeek = 0, kind }: LintFacts): Hit[] {
  if (noticesThisWeek < ENOUGH_A_WEEK || kind === "emergency") return [];
  const nth = noticesThisWeek + 1;
  return [
    {
      level: "warn",
      at: null,
      why: `这是本周第 ${nth} 条，发多了没人看，还会退订`,
      remedy: "不急的留到下周，或者并成一条",
    },
  ];
}
