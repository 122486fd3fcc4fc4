import type { Hit, LintFacts, LintRule } from "./finding.ts";
import { findAll, type Heard, type Match, sentenceOf } from "./heard.ts";
import { isWarning } from "./warning.ts";

/**
 * What frauds write and a village never needs to: haste, and a demand for money, codes or papers (reference/domain.md
 * 5.7). A sentence that warns of them is left alone.
 */
export const scamRules: readonly LintRule[] = [
  { name: "haste", read: readHaste },
  { name: "threat", read: (heard) => find(heard, THREAT, "block", THREATENS) },
  { name: "harsh_deadline", read: (heard) => find(heard, HARSH, "warn", TOO_HARSH) },
  { name: "asks_secret", read: (heard) => find(heard, SECRET, "block", ASKS_SECRET) },
  { name: "asks_tap", read: (heard) => find(heard, TAP, "block", ASKS_TAP) },
  {
    name: "asks_money",
    read: (heard) => find(heard, MONEY, "block", ASKS_MONEY).filter((hit) => !isOwnAccount(heard, hit)),
  },
  { name: "prize", read: (heard) => find(heard, PRIZE, "block", PROMISES) },
];

const find = (heard: Heard, pattern: RegExp, level: Hit["level"], words: { why: string; remedy: string }): Hit[] =>
  findAll(heard, pattern)
    .filter((match) => !isWarning(match))
    .map(({ at }) => ({ level, at, ...words }));

/** "24小时内" and something to be done in them. Rain within 24 hours is weather, and a flood cannot wait. */
function readHaste(heard: Heard, { kind }: LintFacts): Hit[] {
  return findAll(heard, HOURS)
    .filter((match) => isDemanded(match) && !isWarning(match))
    .map(({ at, words }) => ({
      level: kind === "emergency" ? "warn" : "block",
      at,
      why: `“${words}”这种催法，骗子最常用，村民看了不敢信`,
      remedy: "写清哪天几点以前，比如“7月20日下午5点前”",
    }));
}
const HOURS = /(?:\d+|[一二两三四五六七八九十几半]{1,3})个?(?:小时|钟头)(?:之|以)?内/g;
function isDemanded(match: Match): boolean {
  const { before, after } = sentenceOf(match);
  if (FORECAST.test(before)) return false;
  return DEMANDED_BEFORE.test(before) || DEMANDED_AFTER.test(after);
}
const FORECAST =
  /(?:未来|今后|预计|预报|过去|最近|近|接种|打针|打完|施药|打药|喷药|术后|用药|服药|饭后|雨后|停水|停电|来电|来水|报案|工作人员)[^,]{0,6}$/;
const DEMANDED_BEFORE = /(?:请|务必|须|必须|应|速|限|赶紧|尽快|要求|需)[^,]{0,8}$/;
const DEMANDED_AFTER =
  /^[^,]{0,10}(?:办理|缴|交(?!通)|登录|登陆|点|回复|确认|提交|领取|完成|转账|汇|激活|认证|更新|验证|补|报名|登记|处理|联系|作废|失效|冻结|停)/;

const THREAT =
  /(?:逾期|过期|过时)(?:自动)?(?:作废|失效|清零|冻结|注销)|(?:账户|账号|帐户|医保|社保|银行卡|一卡通|养老金|手机号|电话卡)[^,。;]{0,8}(?:异常|冻结|失效|停用|注销|封停|被盗|违规)|即将(?:冻结|失效|停用|注销|封停)/g;
const THREATENS = {
  why: "说马上作废、冻结、失效，是骗子吓人的话",
  remedy: "写清哪天以前、到哪里办，没办的怎么补",
};
const HARSH = /(?:逾期|过期|过时|超期)[^,。;]{0,4}(?:不候|不予|不再|不补|不办|视为|后果自负|责任自负|无法)/g;
const TOO_HARSH = {
  why: "话说得硬，像催款短信，老人看了着急",
  remedy: "换成“有事来不了的，提前跟村里说”",
};

const PAPERS =
  "(?:身份证号|身份证|银行卡号?|卡号|存折号|账号|帐号|密码|口令|验证码|校验码|动态码|社保卡号?|医保卡号?|户口本)";
const SECRET = new RegExp(
  [
    `(?:回复|回短信|发短信|短信回|用短信|发送短信|把短信)[^。;!]{0,12}?${PAPERS}`,
    `(?:将|把|请|带上?)?[^,。;]{0,6}${PAPERS}[^。;]{0,10}?(?:发给|发来|发到|发至|发送(?:给|到|至)?|回复|短信告|报给|报来|告诉我|告知|提供给|拍照发)`,
    `(?:提供|输入|填写|填报|索要|告知|说出|报上|报一下|核实|核对|验证)[^,。;]{0,8}(?:密码|验证码|校验码|动态码|短信码|卡号和密码)`,
    `(?:交易|支付|取款|银行卡|登录)密码`,
  ].join("|"),
  "g",
);
const ASKS_SECRET = {
  why: "叫人把证件号、卡号、密码或验证码发来，跟骗子一样",
  remedy: "改成请他带证件到村委会当面办，密码和验证码谁也不用给",
};

const TAP =
  /点击|点开(?=[^,。;]{0,6}(?:链接|网|短信|图|此|下面|看|查|领))|点一下(?:链接|网|这)|戳这里|点这里|点此|点链接|下载(?:安装)?[^,。;]{0,8}(?:app|软件|客户端)/g;
const ASKS_TAP = { why: "短信里没有东西可点，叫人点开、下载是骗子的办法", remedy: "改成到村委会办，或打村里的电话问" };

const MONEY =
  /(?:转账|汇款|打款|付款|转钱|汇钱)[^,。;]{0,4}(?:到|至|给|入)|(?:转|汇|打)(?:到|入|至|进)[^,。;]{0,8}(?:账户|账号|帐户|帐号|卡(?:上|里|内|号)?)|(?:微信|支付宝)(?:转|付|红包)[^,。;]{0,4}(?:给|到|账)|收款码|付款码|安全账户/g;
const ASKS_MONEY = {
  why: "叫人转账、打款到哪里，跟骗子要钱一样",
  remedy: "改成到村委会交，当面开收据；公家的账号贴在公开栏",
};
/** Money that comes to the villager: "补贴已打到您的一卡通", "直接打入农户社保卡". */
function isOwnAccount(heard: Heard, { at }: Hit): boolean {
  const near = at ? heard.text.slice(Math.max(0, at.from - 24), at.to + 8) : "";
  return /一卡通|社保卡|惠农卡|补贴|补助|津贴|养老金|低保|救助|分红|奖金|工资|租金|流转费|土地款|赔付|理赔|退费|退款|补偿|奖补|资金|款项|发放|待遇|各户|农户|本人|您的|自家|个人/.test(
    near,
  );
}

const PRIZE =
  /中奖|中了大奖|大奖|幸运(?:用户|号码|观众)|刷单|秒到账|无抵押|高额回报|稳赚|返利|免费领取[^,。;]{0,6}(?:手机|红包|现金|话费|流量)|内部名额/g;
const PROMISES = { why: "这是骗子许愿的话", remedy: "删掉；真有奖品，写清是谁办的、到哪里领" };
