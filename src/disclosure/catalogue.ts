import type { Span } from "../lib/spans.ts";
import type { Cadence, RegularCadence } from "./period.ts";

/**
 * The default catalogue of what a village publishes (reference/domain.md 1.8). The national law names hardly any day, so
 * the due days are Chongqing's; a county's or township's own catalogue goes above all of it (rules.ts). Article numbers
 * are those of the 2018 text of 村民委员会组织法, amended in 2025: they are data, and may be changed like the rest.
 */
export const ITEM_CLASSES = ["finance", "village", "party"] as const;
export type ItemClass = (typeof ITEM_CLASSES)[number];
export const CLASS_WORDS: Record<ItemClass, string> = { finance: "财务公开", village: "村务公开", party: "党务公开" };

/** `per_rule`: 支部 decides how far it goes; until it says otherwise, the members. */
export const ITEM_AUDIENCES = ["all", "members", "per_rule"] as const;
export type ItemAudience = (typeof ITEM_AUDIENCES)[number];
export const AUDIENCE_WORDS: Record<ItemAudience, string> = {
  all: "全体村民",
  members: "只给成员（党员、集体成员）",
  per_rule: "按规定的范围",
};

/** The day of a month after the period's last: `{ month: 1, day: 15 }` is the 15th of the first month after it. */
export type DueDay = { month: number; day: number };

/** What holds for every item that says nothing else. */
export type GroundRules = {
  due: Record<RegularCadence, DueDay>;
  /** From the day something happened. */
  event: Span;
  /** How long it stays on the board, and how long villagers may object; the answer's clock is the village's own. */
  keepDays: number;
  objectionDays: number;
};

export const GROUND_RULES: GroundRules = {
  due: { M: { month: 1, day: 15 }, Q: { month: 1, day: 15 }, H: { month: 1, day: 15 }, Y: { month: 1, day: 31 } },
  event: { amount: 10, unit: "calendar_days" },
  keepDays: 5,
  objectionDays: 5,
};
export const GROUND_SOURCE =
  "每月、每季度、随时的期限取自重庆市实施《村民委员会组织法》办法第三十条；贴 5 天、5 天内可提异议取自山东省村务公开条例第十三条、第十六条；半年、每年的期限是本平台约定";

export type CatalogueItem = {
  code: string;
  class: ItemClass;
  title: string;
  cadence: Cadence;
  audience: ItemAudience;
  /** The legal basis, as it is shown. */
  lawRef: string;
  note: string;
  /** Money and subsidies: the village supervision committee signs the notice too. */
  overseer: boolean;
  /** Its own day, instead of the ground rules'. */
  due: DueDay | null;
  within: Span | null;
};

type Line = [code: string, title: string, cadence: Cadence, lawRef: string, more?: Partial<CatalogueItem>];

const item = (itemClass: ItemClass, [code, title, cadence, lawRef, more]: Line): CatalogueItem => ({
  code,
  class: itemClass,
  title,
  cadence,
  lawRef,
  audience: "all",
  note: "",
  overseer: itemClass === "finance",
  due: null,
  within: null,
  ...more,
});

const FINANCE: readonly Line[] = [
  [
    "F01",
    "财务收支明细",
    "M",
    "村民委员会组织法第三十条；山东省村务公开条例第十二条",
    { note: "逐项逐笔。山东每月都要公开；别处往来多的每月，往来少的至少每季度" },
  ],
  [
    "F02",
    "债权债务",
    "Q",
    "农村集体经济组织财务公开规定（2011）第六类；重庆市实施办法公开内容第（六）项；河南省实施办法公开内容第（八）项",
  ],
  ["F03", "集体资产增值保值与处置", "Q", "山东省村务公开条例公开内容第（三）项"],
  ["F04", "集体资源发包租赁出让及收益", "E", "农村集体经济组织财务公开规定（2011）：专项公开"],
  [
    "F05",
    "收益分配方案与结果",
    "E",
    "农村集体经济组织法第四十六条",
    { audience: "members", note: "成员大会召开前 10 天就要能查阅" },
  ],
  ["F06", "财务计划、预算与决算", "Y", "农村集体经济组织财务公开规定（2011）第一类；上海市实施办法公开内容第（五）项"],
  [
    "F07",
    "误工补贴人员与标准、干部报酬",
    "Q",
    "村民委员会组织法第二十四条第（一）项；上海市实施办法公开内容第（六）项",
  ],
  [
    "F08",
    "任期和离任审计结果",
    "E",
    "村民委员会组织法第三十五条",
    { note: "离任审计在下届选举前公布；山东任期中离任的 30 天内" },
  ],
];

const VILLAGE: readonly Line[] = [
  ["V01", "村民会议、村民代表会议决定的事", "E", "村民委员会组织法第三十条第（一）项"],
  [
    "V02",
    "决定事项的实施进展",
    "Q",
    "村民委员会组织法第三十条第（一）项",
    { note: "工程项目的决定、进度、完工都要公开" },
  ],
  [
    "V03",
    "征地补偿的收入、分配和使用",
    "E",
    "村民委员会组织法第二十四条第（七）项；山东省村务公开条例公开内容第（六）项",
    { overseer: true },
  ],
  ["V04", "土地承包、租赁、流转", "Q", "山东省村务公开条例公开内容第（六）项"],
  [
    "V05",
    "宅基地使用和建房审批",
    "Q",
    "村民委员会组织法第二十四条第（六）项",
    { note: "要政府批的，陕西规定批下来 5 天内公开" },
  ],
  [
    "V06",
    "公益事业与一事一议筹资筹劳",
    "E",
    "村民委员会组织法第二十四条第（三）项；山东省村务公开条例公开内容第（八）项",
    { overseer: true },
  ],
  [
    "V07",
    "工程项目招投标与预决算",
    "E",
    "农村集体经济组织财务公开规定（2011）：专项公开",
    { overseer: true, note: "有的县规定 5 万元以上随时公开" },
  ],
  [
    "V08",
    "救灾救助补贴款物和社会捐赠",
    "Q",
    "村民委员会组织法第三十条第（三）项",
    { overseer: true, note: "人名只写姓，证件和卡号一律不写" },
  ],
  ["V09", "惠农政策、农业补贴、危房改造", "Q", "山东省村务公开条例公开内容第（五）项", { overseer: true }],
  [
    "V10",
    "低保、特困、残疾人、困境儿童、优抚",
    "Q",
    "山东省村务公开条例公开内容第（七）项",
    { overseer: true, note: "短信只说户数和金额，不写名字；未成年人一律不写" },
  ],
  ["V11", "医保、养老保险参保", "Q", "重庆市实施办法公开内容第（四）项"],
  ["V12", "计划生育和人口政策落实", "Q", "村民委员会组织法第三十条第（二）项"],
  ["V13", "协助政府工作情况", "Q", "村民委员会组织法第三十条第（四）项"],
  ["V14", "水电费等收缴", "Q", "河南省实施办法公开内容第（七）项", { overseer: true }],
  ["V15", "村规民约、自治章程、议事规则", "E", "山东省村务公开条例公开内容第（一）项"],
  ["V16", "民主协商过程、成果采纳和反馈", "E", "山东省村务公开条例公开内容第（九）项"],
  ["V17", "年度目标和工作报告", "Y", "上海市实施办法公开内容第（三）（八）项"],
  ["V18", "村干部分工与联系方式", "E", "上海市实施办法公开内容第（一）项"],
  ["V19", "民主评议结果", "Y", "村民委员会组织法第三十三条；重庆市实施办法公开内容第（八）项"],
  ["V20", "村务监督委员会工作情况", "H", "重庆市实施办法第三十三条；上海市实施办法公开内容第（二）项"],
  ["V21", "群众意见建议办理情况", "Q", "本平台约定"],
];

const PARTY: readonly Line[] = [
  ["P01", "党组织设置与分工", "E", "地方党务公开目录"],
  ["P02", "年度目标任务与完成", "H", "地方党务公开目录"],
  ["P03", "发展党员", "E", "地方党务公开目录"],
  ["P04", "党费收缴", "H", "地方党务公开目录", { audience: "members" }],
  ["P05", "民主评议党员、评优", "Y", "地方党务公开目录", { audience: "members" }],
  [
    "P06",
    "党风廉政与违纪处理",
    "E",
    "党务公开条例（试行）第十五条",
    { audience: "per_rule", note: "公开前先做保密审查" },
  ],
];

/** What only a chain publishes (chain.ts); nobody opens it by itself. */
const OF_CHAINS: readonly Line[] = [
  ["C01", "会议通知和议题", "E", "村民委员会组织法第二十一条：提前 10 天通知村民"],
  ["C02", "村民委员会换届选举", "E", "村民委员会组织法第十四条"],
];

export const CATALOGUE: readonly CatalogueItem[] = [
  ...FINANCE.map((line) => item("finance", line)),
  ...VILLAGE.map((line) => item("village", line)),
  ...PARTY.map((line) => item("party", line)),
];
export const CHAIN_ITEMS: readonly CatalogueItem[] = OF_CHAINS.map((line) => item("village", line));
