import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { understandText } from "../../src/inbound/rules.ts";
import { readCaseNumber } from "../../src/inbound/staff-number.ts";
import { readStaffText, type StaffKnown, type StaffVerdict } from "../../src/inbound/staff-text.ts";
import type { Colleague } from "../../src/inbound/staff-verbs.ts";
import { fromLocal } from "../../src/lib/china-time.ts";
import { findDate, findDay } from "../../src/lib/chinese-dates.ts";
import { countSegments } from "../../src/message/segments.ts";
import { hideNumbers, writeOwnerText } from "../../src/suggestion/owner-notice.ts";
import { cpuOf } from "../support/cpu.ts";

const colleague = (name: string, post: string) => ({ id: name, name, post }) as unknown as Colleague;
/** A Friday morning; one case, 12, was texted; 13 is open too. */
const KNOWN: StaffKnown = {
  open: [12, 13],
  texted: [12],
  asked: null,
  lapsed: false,
  colleagues: [
    colleague("刘建国", "书记"),
    colleague("王春霞", "联户干部"),
    colleague("王建军", "会计"),
    colleague("孙永亮", "联户干部"),
  ],
  asVillager: "suggestion",
  now: fromLocal(2026, 10, 9, 9),
};

/** In one line what a text does: `answer 12 solved`, with `?` where it is shown first. */
function say(verdict: StaffVerdict | null): string {
  if (!verdict) return "villager";
  if (verdict.kind === "show") return `show ${verdict.number}`;
  if (verdict.kind === "choice") return `choice ${verdict.option}`;
  if (verdict.kind !== "command") return verdict.kind;
  const { command, number, sure } = verdict;
  const more =
    command.action === "answer"
      ? ` ${command.result}${command.plannedFor ? ` ${command.plannedFor.slice(5)}` : ""}`
      : command.action === "assign"
        ? ` ${command.to.map((one) => one.name).join("+")}`
        : command.action === "extend"
          ? ` ${command.workdays ?? command.until?.slice(5) ?? "most"} ${command.reason}`
          : command.action === "note"
            ? ` ${command.text}`
            : "";
  return `${command.action} ${number}${more}${sure ? "" : " ?"}`;
}
const NOBODY = { sender: "person", questions: [], cadres: [], columns: [] } as const;
const read = (text: string, more: Partial<StaffKnown> = {}) =>
  say(readStaffText(text, { ...KNOWN, asVillager: understandText(text, NOBODY).verdict.meaning, ...more }));

describe("a text from a staff phone", () => {
  test.each([
    // answers to the case last texted
    ["路灯已修好，晚上亮了", "answer 12 solved"],
    ["已派人把下水道疏通了", "answer 12 solved"],
    ["盖板今天换好了，放心走", "answer 12 solved"],
    ["补贴已经发到您卡上", "answer 12 solved"],
    ["水管昨天接通了", "answer 12 solved"],
    ["已上报镇政府，等批复", "answer 12 transferred"],
    ["已反映给供电所，他们后天来看", "answer 12 transferred ?"],
    ["转给镇水利站了", "answer 12 transferred"],
    ["转到供电所处理", "answer 12 transferred"],
    ["计划10月底前修好", "answer 12 planned 10-31"],
    ["下周三施工队来修", "answer 12 planned 10-14"],
    ["月底前一定修好", "answer 12 planned 10-31"],
    ["列入明年计划，2027年3月底前硬化", "answer 12 planned 03-31"],
    ["3天内派人来换灯泡", "answer 12 planned 10-12"],
    ["下周修好", "answer 12 planned 10-16"],
    ["准备年底前把路修好", "answer 12 planned 12-31"],
    ["争取尽快修", "answer 12 planned ?"],
    ["先修了一半，剩下的等料到了再修", "answer 12 partly"],
    ["请带身份证和户口本到村委会办理", "answer 12 explained"],
    ["按政策60岁以上才能领，您差一岁", "answer 12 explained"],
    ["不属于村里管，请打供电所电话", "answer 12 explained"],
    ["今天去看了看", "answer 12 explained ?"],
    ["还没修好", "answer 12 explained ?"],
    ["这是谁家门口？", "answer 12 explained ?"],
    ["是哪个路口的灯？", "answer 12 explained ?"],
    ["村口的桥栏杆坏了没人管", "answer 12 explained ?"],
    ["已修好，谢谢您", "answer 12 solved"],
    ["10号电线杆的灯修好了", "answer 12 solved"],
    ["3个路灯都换好了", "answer 12 solved"],
    ["10.15前修好", "answer 12 planned ?"],
    ["12 月底前修好", "answer 12 planned 12-31 ?"],
    ["三天前就修好了", "answer 12 planned ?"],
    ["10月15日前修好", "answer 12 planned 10-15"],
    ["2组的井清理干净了", "answer 12 solved"],
    // with a number
    ["12 路灯已修好", "answer 12 solved"],
    ["13 路灯已修好", "answer 13 solved"],
    ["１３ 路灯已修好", "answer 13 solved"],
    ["13：路灯已修好。", "answer 13 solved"],
    ["13号，路灯已修好", "answer 13 solved"],
    ["13号路灯已修好", "answer 13 solved ?"],
    ["13路灯已修好", "answer 13 solved ?"],
    ["答13 路灯已修好", "answer 13 solved"],
    ["答复13：路灯已修好", "answer 13 solved"],
    ["回复13，路灯已修好", "answer 13 solved"],
    ["编号13路灯已修好", "answer 13 solved"],
    ["编号：13 路灯已修好", "answer 13 solved"],
    ["第13件，路灯已修好", "answer 13 solved"],
    ["#13 路灯已修好", "answer 13 solved"],
    ["路灯修好了（编号13）", "answer 13 solved"],
    ["99 路灯已修好", "answer 99 solved"],
    ["13 计划11月5日前修", "answer 13 planned 11-05"],
    ["13 收到", "unclear"],
    ["13", "unclear"],
    ["13 这是哪一户？", "answer 13 explained ?"],
    ["第3批补贴已经发到卡上", "answer 12 solved"],
    // assign
    ["转王春霞", "assign 12 王春霞"],
    ["转给王春霞", "assign 12 王春霞"],
    ["转给王春霞办", "assign 12 王春霞"],
    ["轉王春霞", "assign 12 王春霞"],
    ["交给孙永亮去办吧", "assign 12 孙永亮"],
    ["13 转 永亮", "assign 13 孙永亮"],
    ["13转孙永亮", "assign 13 孙永亮"],
    ["转老孙", "assign 12 孙永亮"],
    ["转王会计", "assign 12 王建军"],
    ["转老王", "assign 12 王春霞+王建军"],
    ["转小王", "assign 12 王春霞+王建军"],
    ["转张三丰", "unclear"],
    ["转", "unclear"],
    // extend
    ["延3天 等材料", "extend 12 3 等材料"],
    ["延期3天，等材料", "extend 12 3 等材料"],
    ["延三天，等材料", "extend 12 3 等材料"],
    ["延 等配件", "extend 12 most 等配件"],
    ["13延5个工作日 因为施工队没来", "extend 13 5 施工队没来"],
    ["延一周，下雨没法修", "extend 12 5 下雨没法修"],
    ["延期到10月20日，等施工队", "extend 12 10-20 等施工队"],
    ["延到下周五 等施工队", "extend 12 10-16 等施工队"],
    ["延等材料来", "extend 12 most 等材料来 ?"],
    ["延3天", "unclear"],
    ["延安路的灯修好了", "answer 12 solved"],
    // accept, note, look up
    ["受理", "accept 12"],
    ["13 受理", "accept 13"],
    ["13受理", "accept 13"],
    ["受理了。", "accept 12"],
    ["记 去看过了，灯头坏了", "note 12 去看过了，灯头坏了"],
    ["记：跟供电所约了周三", "note 12 跟供电所约了周三"],
    ["13记 打过电话", "note 13 打过电话"],
    ["记", "unclear"],
    ["查", "list"],
    ["查一下", "list"],
    ["查13", "show 13"],
    ["13查", "show 13"],
    ["帮助", "help"],
    ["怎么用", "help"],
    // a villager's way
    ["我要反映村口的路灯坏了", "villager"],
    ["我反映个事", "villager"],
    ["退订", "villager"],
    ["TD", "villager"],
    ["恢复", "villager"],
    ["收到", "villager"],
    ["好的", "villager"],
    ["1", "villager"],
    ["密 有人收钱", "villager"],
    ["俺家的水费多收了", "villager"],
    ["请问医保怎么交", "villager"],
    ["", "villager"],
    ["？", "villager"],
  ])("%s → %s", (text, does) => expect(read(text)).toBe(does));

  test("without a case texted within the week goes the villager's way, unless it surely is a command", () => {
    const nothing = { texted: [], open: [12, 13] };
    expect(
      ["村口的路灯坏了", "今天去看了", "12号开会吗", "转眼就冬天了", "受理", "转王春霞", "12 路灯已修好", "查"].map(
        (text) => read(text, nothing),
      ),
    ).toEqual([
      ...[
        "villager",
        "villager",
        "answer 12 explained ?",
        "villager",
        "unclear",
        "unclear",
        "answer 12 solved",
        "list",
      ],
    ]);
  });

  test("with two cases on the phone and no number is asked back", () => {
    const two = { texted: [13, 12] };
    expect(["路灯已修好", "受理", "12 路灯已修好"].map((text) => read(text, two))).toEqual([
      "answer 13 solved ?",
      "accept 13 ?",
      "answer 12 solved",
    ]);
  });

  test("answers what it was asked to confirm, only while it is asked", () => {
    const asked = { asked: { choices: 1 } };
    for (const yes of ["1", "１", "是", "确认", "发", "好的"]) expect(read(yes, asked)).toBe("choice 1");
    for (const no of ["0", "否", "改", "不发"]) expect(read(no, asked)).toBe("rejection");
    expect(read("2", { asked: { choices: 3 } })).toBe("choice 2");
    expect(read("4", { asked: { choices: 3 } })).not.toMatch(/choice|assign|answer/);
    expect(read("1", { lapsed: true })).toBe("lapsed");
    expect(read("12 路灯今天修好了", asked)).toBe("answer 12 solved");
  });

  test("may be his verdict on a case of his own: a digit is, words are asked back", () => {
    const rating = { asVillager: "rating" as const, open: [4, 12] };
    expect(["4", "４", "一"].map((text) => read(text, rating))).toEqual(["villager", "villager", "villager"]);
    expect(read("已经修好了", rating)).toBe("answer 12 solved ?");
    expect(read("12 灯修好了", rating)).toBe("answer 12 solved");
  });

  test("that cries for help, or accuses, is never sent on as an answer by itself", () => {
    expect(read("着火了快来人", { asVillager: "emergency" })).toBe("villager");
    expect(read("会计多收的钱已经退了，修好了", { asVillager: "sealed" })).toBe("answer 12 solved ?");
  });

  test("is understood whatever it is, fast and always alike", () => {
    const cases = fc.record({
      texted: fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 3 }),
      open: fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 5 }),
    });
    const words = fc.oneof(
      fc.string({ unit: "binary", maxLength: 400 }),
      fc
        .array(
          fc.constantFrom("12", "转", "延", "记", "查", "号", "王", "天", " ", "，", "编号", "已修好", "1", "前", "月"),
          {
            maxLength: 40,
          },
        )
        .map((parts) => parts.join("")),
    );
    let spent = 0;
    const RUNS = 2000;
    fc.assert(
      fc.property(words, cases, (text, more) => {
        const known = { ...KNOWN, ...more };
        spent += cpuOf(() => readStaffText(text, known));
        const verdict = readStaffText(text, known);
        expect(readStaffText(text, known)).toEqual(verdict);
        if (verdict?.kind === "command") {
          expect(verdict.number).toBeGreaterThanOrEqual(0);
          if (verdict.command.action === "answer") expect(verdict.command.text.trim()).not.toBe("");
        }
      }),
      { numRuns: RUNS },
    );
    // On average: a machine that several share pauses anybody now and then.
    expect(spent / RUNS).toBeLessThan(5);
  });
});

test.each([
  ["12 已修好", 12, "已修好"],
  ["10:30去修", null, "10:30去修"],
  ["123456 是密码", null, "123456 是密码"],
  ["12月底前修好", null, "12月底前修好"],
  ["路灯修好了，第13件", 13, "路灯修好了，第13件"],
])("the number of %s is %s", (text, number, rest) =>
  expect(readCaseNumber(text, [12, 13])).toMatchObject({ number, rest }),
);

test.each([
  ["明天上午", "2026-10-10"],
  ["下周三", "2026-10-14"],
  ["这周日前", "2026-10-11"],
  ["下周", "2026-10-16"],
  ["两周内", "2026-10-23"],
  ["月底前", "2026-10-31"],
  ["下个月底", "2026-11-30"],
  ["明年底前", "2027-12-31"],
])("%s is %s", (text, day) => {
  const found = findDay(text, KNOWN.now);
  expect(found && new Date(Date.UTC(found.year, found.month - 1, found.day)).toISOString().slice(0, 10)).toBe(day);
});
test("a month's end is not the year's", () =>
  expect(findDate("月底前修好", KNOWN.now)).toEqual({ year: 2026, month: 10, day: 31 }));

describe("what an owner reads", () => {
  const brief = { number: 12, who: "2组12号郭传福", due: "10月15日" };
  test("says what, whose, by when and how to answer", () =>
    expect(writeOwnerText("郭家村村委会", "opened", { ...brief, text: "路灯坏了三天了" })).toBe(
      "新意见，编号12，2组12号郭传福：路灯坏了三天了。10月15日前答复。直接回复就是答复他",
    ));
  test("fits three segments, however long the villager wrote", () =>
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 900 }), (text) => {
        const body = writeOwnerText("郭家村村委会", "reopened", { ...brief, text });
        expect(countSegments(`【郭家村村委会】${body}`).segments).toBeLessThanOrEqual(3);
      }),
    ));
  test("holds no mobile number, not even one that the villager wrote down", () => {
    expect(hideNumbers("打我电话13812345678或138 1234 5678，工号13812345678901")).toBe(
      "打我电话138****5678或138****5678，工号13812345678901",
    );
  });
});
