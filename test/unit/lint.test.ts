import { describe, expect, test } from "vitest";
import type { LintFacts } from "../../src/broadcast/lint/lint.ts";
import { lintText } from "../../src/broadcast/lint/lint.ts";
import { DRAFT, RETURNED } from "../../src/demo/notices.ts";
import { ORDINARY_NOTICES } from "./ordinary-notices.ts";

const rulesOf = (text: string, facts: LintFacts = {}) =>
  lintText(text, facts).map(({ level, rule }) => `${level} ${rule}`);
const blocked = (text: string) => lintText(text).filter(({ level }) => level === "block");

describe("ordinary notices pass", () => {
  test("there are many of them", () => expect(ORDINARY_NOTICES.length).toBeGreaterThanOrEqual(150));
  test.each(ORDINARY_NOTICES)("%s", (text) => expect(blocked(text)).toEqual([]));
  test("the demo's too", () => {
    const now = new Date("2026-11-26T10:00:00+08:00");
    for (const notice of [DRAFT, RETURNED]) expect(blocked(notice.write(now))).toEqual([]);
  });
});

describe("what is blocked", () => {
  test.each([
    ["signature_brackets", "【镇政府】明天停水"],
    ["unfilled_gap", "7月村里的账：收入＿＿元"],
    ["link", "详情看http://example.com/a"],
    ["link", "看www.guojiacun.cn"],
    ["link", "打开 t . cn / abc123"],
    ["link", "进ｂａｉｄｕ。ｃｏｍ看"],
    ["link", "网站guojia点com"],
    ["link_invited", "打开下面的链接填表"],
    ["scan_code", "请扫一扫进群"],
    ["scan_code", "扫描下方二维码领补贴"],
    ["haste", "请在24小时内办理"],
    ["haste", "务必二十四小时之内回复"],
    ["haste", "限２４小时内交清"],
    ["haste", "请您24小时内来一趟"],
    ["haste", "24小时内办理"],
    ["threat", "7月底前来换卡，逾期作废"],
    ["threat", "您的医保账户异常，将被冻结"],
    ["asks_secret", "请把身份证号和银行卡号发给村会计"],
    ["asks_secret", "回复姓名和身份证号登记"],
    ["asks_secret", "报一下验 证 码"],
    ["asks_secret", "请输入密码查询"],
    ["asks_tap", "点击领取补贴"],
    ["asks_tap", "下载这个APP"],
    ["asks_money", "水费请转账到村会计微信"],
    ["asks_money", "把钱打到下面这个账户"],
    ["asks_money", "扫收款码交钱"],
    ["prize", "恭喜您中奖了"],
    ["opt_out_letter", "同意请回复T，不同意回复N"],
    ["opt_out_letter", "参加的回ＴＤ"],
    ["opt_out_letter", "收到请回0000"],
    ["opt_out_letter", "R同意"],
    ["minor_named", "王小明，8岁，父母在外，请邻居照看"],
    ["minor_named", "走失男孩李强（今年九岁）"],
    ["minor_named", "留守儿童名单：王小明、李小红、张强"],
    ["minor_named", "困境儿童赵小军住3组12号"],
    ["minor_named", "感谢大家给王小明同学捐款，他在村小学三年级"],
  ])("%s: %s", (rule, text) => {
    expect(blocked(text).map((finding) => finding.rule)).toContain(rule);
  });

  test("a poll's options are read too, and the finding says so", () => {
    expect(lintText("选哪个", { options: ["T", "不同意"] })[0]).toMatchObject({
      rule: "opt_out_letter",
      field: "options",
      at: null,
      quote: "T",
    });
  });

  test("an evacuation may be hasty", () => {
    expect(rulesOf("洪水要来，2小时内务必转移到小学", { kind: "emergency" })).not.toContain("block haste");
  });

  test("every finding quotes its place in the original and says what to do", () => {
    for (const text of ["明天 ｗｗｗ．ａ．ｃｏｍ 看【公告】", "请　把 身份证号 发来"]) {
      for (const finding of lintText(text)) {
        if (finding.at) expect(text.slice(finding.at.from, finding.at.to)).toBe(finding.quote);
        expect(finding.remedy.length).toBeGreaterThan(4);
      }
    }
  });
});

describe("what is warned of", () => {
  const monday = new Date("2026-07-20T09:00:00+08:00");
  test.each<[string, string, LintFacts?]>([
    ["health_named", "王建国患糖尿病住院，大家去看看"],
    ["health_named", "李秀英，肢体残疾二级"],
    ["aid_named", "本月低保：王建国320元，李秀英280元"],
    ["aid_named", "低保户有王建国、李秀英、赵大山"],
    ["advertising", "化肥大促销，买二送一"],
    ["harsh_deadline", "月底前交，逾期不予办理"],
    ["scan_code", "来村委会大厅扫码登记"],
    ["garbled_symbol", "每户￥20"],
    ["garbled_symbol", "恭喜🎉"],
    ["line_break", "第一件\n第二件"],
    ["foreign_letters", "WELCOME大家"],
    ["long_sentence", `${"村里的路修好了，".repeat(6)}请慢走`],
    ["office_word", "请携带户口本"],
    ["day_will_shift", "明天停水", { sendAt: new Date("2026-07-22T09:00:00+08:00"), now: monday }],
    ["time_without_day", "晚7点停水"],
    ["meeting_incomplete", "请党员来开会"],
    ["too_often", "停水", { noticesThisWeek: 2 }],
  ])("%s: %s", (rule, text, facts = {}) => {
    expect(rulesOf(text, facts)).toContain(`warn ${rule}`);
  });

  test.each<[string, string, LintFacts?]>([
    ["day_will_shift", "明天停水", { sendAt: new Date("2026-07-20T19:00:00+08:00"), now: monday }],
    ["time_without_day", "7月20日晚7点停水"],
    ["meeting_incomplete", "7月20日晚7点在村委会开党员会"],
    ["meeting_incomplete", "昨晚开了村民代表会"],
    ["too_often", "停水", { noticesThisWeek: 1 }],
    ["too_often", "发大水", { noticesThisWeek: 5, kind: "emergency" }],
    ["garbled_symbol", "请{{姓名}}来领20元"],
    ["aid_named", "付王建国补贴300元"],
    ["aid_named", "电费：王建国120元，李秀英130元"],
    ["foreign_letters", "村室有WIFI"],
  ])("no %s: %s", (rule, text, facts = {}) => {
    expect(rulesOf(text, facts)).not.toContain(`warn ${rule}`);
  });

  test("a good notice has nothing to warn of", () => {
    expect(lintText("7月20日晚7点，文化大院开村民代表会，商量修路。来不了的，提前跟联户干部说。")).toEqual([]);
  });
});
