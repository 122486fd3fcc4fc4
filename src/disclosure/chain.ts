import type { Moves } from "../lib/moves.ts";

/** Matters that go a prescribed way, with publications on it (村民委员会组织法; 四议两公开). */
export const CHAIN_KINDS = ["four_two", "assembly", "delegates", "election"] as const;
export type ChainKind = (typeof CHAIN_KINDS)[number];

/**
 * How a step's day comes about: on the chain's own day, so many days before or after it, or so many after an earlier
 * step was done. `notice` are the days of notice that the chain was started with.
 */
export type StepDay =
  | { kind: "held" }
  | { kind: "before"; days: number | "notice" }
  | { kind: "after"; step: string; days: number | "event" }
  | { kind: "free" };

export type ChainStep = {
  key: string;
  words: string;
  day: StepDay;
  /** The catalogue item under which it is published; without one it is something that is held, not posted. */
  publishes?: string;
  /** Who votes there, and what the law wants of them. */
  vote?: { who: string; presentOver: Share; agreeOf: "present" | "eligible"; agreeOver: Share; law: string };
  note?: string;
};
/** `[2, 3]` with `atLeast`: two thirds suffice; else more than that is needed. */
export type Share = { of: readonly [number, number]; atLeast: boolean };

const HALF: Share = { of: [1, 2], atLeast: false };
const TWO_THIRDS: Share = { of: [2, 3], atLeast: true };

type Chain = { words: string; heldOn: string; steps: readonly ChainStep[]; notice?: Notice };
/** Places differ in how long before it must be posted; the first is the default. */
export type Notice = { words: string; choices: readonly { days: number; where: string }[] };

export const CHAINS: Record<ChainKind, Chain> = {
  four_two: {
    words: "四议两公开",
    heldOn: "从哪天开始",
    steps: [
      { key: "propose", words: "村党支部会提议", day: { kind: "free" } },
      { key: "discuss", words: "村两委会商议", day: { kind: "free" } },
      {
        key: "deliberate",
        words: "党员大会审议",
        day: { kind: "free" },
        note: "材料先发给党员，有的地方规定提前 3 天",
        vote: {
          who: "党员",
          presentOver: TWO_THIRDS,
          agreeOf: "eligible",
          agreeOver: HALF,
          law: "四议两公开工作法：三分之二到会，应到会的过半数同意",
        },
      },
      {
        key: "decide",
        words: "村民代表会议或村民会议决议",
        day: { kind: "free" },
        vote: {
          who: "村民代表",
          presentOver: TWO_THIRDS,
          agreeOf: "present",
          agreeOver: HALF,
          law: "村民委员会组织法第二十六条：三分之二到会，到会的过半数同意",
        },
      },
      {
        key: "publish_decision",
        words: "决议公开",
        day: { kind: "after", step: "decide", days: "event" },
        publishes: "V01",
      },
      {
        key: "carry_out",
        words: "组织实施",
        day: { kind: "free" },
        note: "办完那天记下，实施结果从这天起算",
      },
      {
        key: "publish_result",
        words: "实施结果公开",
        day: { kind: "after", step: "carry_out", days: "event" },
        publishes: "V01",
      },
    ],
  },
  assembly: {
    words: "村民会议",
    heldOn: "哪天开会",
    steps: [
      { key: "notice", words: "通知村民", day: { kind: "before", days: 10 }, publishes: "C01" },
      {
        key: "meet",
        words: "开会",
        day: { kind: "held" },
        vote: {
          who: "十八周岁以上村民（或户代表）",
          presentOver: HALF,
          agreeOf: "present",
          agreeOver: HALF,
          law: "村民委员会组织法第二十二条：过半数村民或三分之二以上户代表到会，到会的过半数同意",
        },
      },
      { key: "publish", words: "决定公布", day: { kind: "after", step: "meet", days: "event" }, publishes: "V01" },
    ],
  },
  delegates: {
    words: "村民代表会议",
    heldOn: "哪天开会",
    notice: {
      words: "议题提前几天公布",
      choices: [
        { days: 5, where: "山东：5 天" },
        { days: 3, where: "北京：3 天" },
        { days: 10, where: "上海：10 天" },
      ],
    },
    steps: [
      { key: "agenda", words: "议题公布", day: { kind: "before", days: "notice" }, publishes: "C01" },
      {
        key: "meet",
        words: "开会",
        day: { kind: "held" },
        vote: {
          who: "村民代表",
          presentOver: TWO_THIRDS,
          agreeOf: "present",
          agreeOver: HALF,
          law: "村民委员会组织法第二十六条：三分之二到会，到会的过半数同意",
        },
      },
      { key: "publish", words: "决定公布", day: { kind: "after", step: "meet", days: "event" }, publishes: "V01" },
    ],
  },
  election: {
    words: "换届选举",
    heldOn: "哪天投票",
    steps: [
      { key: "roll", words: "选民名单公布", day: { kind: "before", days: 20 }, publishes: "C02" },
      {
        key: "objections",
        words: "选民名单异议期满",
        day: { kind: "after", step: "roll", days: 5 },
        note: "名单公布后 5 日内可以提异议",
      },
      {
        key: "settle",
        words: "异议处理完并公布",
        day: { kind: "after", step: "objections", days: 3 },
        note: "没有人提异议，也记下这一天",
      },
      {
        key: "vote",
        words: "投票",
        day: { kind: "held" },
        vote: {
          who: "登记参加选举的村民",
          presentOver: HALF,
          agreeOf: "present",
          agreeOver: HALF,
          law: "村民委员会组织法第十五条：过半数投票，当选的得过半数的票",
        },
      },
      { key: "result", words: "选举结果当场公布", day: { kind: "held" }, publishes: "C02" },
      { key: "hand_over", words: "工作移交", day: { kind: "after", step: "vote", days: 10 } },
    ],
  },
};

export const stepsOf = (kind: ChainKind): readonly ChainStep[] => CHAINS[kind].steps;

/**
 * From each step the one that may follow: the order is the law's, and the table of moves is made of it. A chain is "at"
 * the last step that is done; `start` before the first.
 */
export function movesOf(kind: ChainKind): Moves<string> {
  const keys = ["start", ...stepsOf(kind).map((step) => step.key)];
  return Object.fromEntries(keys.map((key, i) => [key, keys.slice(i + 1, i + 2)]));
}
