import { type FieldError, invalid, type Outcome } from "../lib/refusal.ts";
import { ok } from "../lib/result.ts";
import type { Span, SpanUnit } from "../lib/spans.ts";
import { SPAN_UNITS, saySpan, UNIT_WORDS } from "../lib/spans.ts";

export const CLOCK_NAMES = [
  "firstResponse",
  "urgentResponse",
  "acceptance",
  "result",
  "extension",
  "callBack",
  "rating",
  "objection",
  "climb",
  "township",
] as const;
export type ClockName = (typeof CLOCK_NAMES)[number];

/** A village's clocks: how long each step may take. */
export type Promises = Record<ClockName, Span>;

type ClockRule = { words: string; from: string; standard: Span; source: string };

const span = (amount: number, unit: SpanUnit): Span => ({ amount, unit });

/** Every clock: what people call it, where it starts, what a new village gets, and who says so (reference/domain.md 3.7). */
export const CLOCKS: Record<ClockName, ClockRule> = {
  firstResponse: {
    words: "第一次有人回应",
    from: "从来信算起；自动回执不算",
    standard: span(24, "hours"),
    source: "国家标准 GB/T 33358-2016：网上来信 24 小时内回应",
  },
  urgentResponse: {
    words: "急事第一次有人回应",
    from: "从来信算起",
    standard: span(2, "hours"),
    source: "北京接诉即办：危及安全的 2 小时",
  },
  acceptance: {
    words: "决定受理不受理",
    from: "从来信算起",
    standard: span(1, "working_days"),
    source: "本平台约定；信访工作条例最长 15 天",
  },
  result: {
    words: "办好并答复",
    from: "从来信或重办那天算起",
    standard: span(5, "working_days"),
    source: "山东省政务服务热线管理办法：5 个工作日",
  },
  extension: {
    words: "最多延期",
    from: "从原定的日子算起，只能延一次",
    standard: span(10, "working_days"),
    source: "山东省政务服务热线管理办法：一般不超过 10 个工作日",
  },
  callBack: {
    words: "答复后回访",
    from: "从答复算起",
    standard: span(2, "calendar_days"),
    source: "本平台约定；北京市接诉即办工作条例第二十三条要求回访",
  },
  rating: {
    words: "村民可以评价",
    from: "从答复算起；过了按“没有评价”办结",
    standard: span(7, "calendar_days"),
    source: "本平台约定",
  },
  objection: {
    words: "答复对公开内容的异议",
    from: "从提出异议算起",
    standard: span(5, "calendar_days"),
    source: "山东省村务公开条例：5 天（重庆 3 天，上海 15 天）",
  },
  climb: {
    words: "超期后每隔多久再报上一级",
    from: "承办人、书记、乡镇，一级一级报",
    standard: span(1, "working_days"),
    source: "本平台约定",
  },
  township: {
    words: "乡镇督办",
    from: "从上报或签发督办单算起",
    standard: span(5, "working_days"),
    source: "本平台约定；同办理时限",
  },
};

export const DEFAULT_PROMISES: Promises = Object.fromEntries(
  CLOCK_NAMES.map((name) => [name, CLOCKS[name].standard]),
) as Promises;

/** Longer than this nobody waits: the outer wall is 60 + 30 days (信访工作条例). */
const MOST: Record<SpanUnit, number> = { hours: 720, calendar_days: 90, working_days: 60 };

/** The three numbers that `POST /villages` took first; they are still taken. */
export type OldPromises = { answerWorkdays?: number; extensionWorkdays?: number; ratingDays?: number };
export type PromiseWish = Partial<Promises> & OldPromises;

/** What somebody wishes, over what was; each wrong one is named. */
export function readPromises(wish: PromiseWish, before: Promises = DEFAULT_PROMISES): Outcome<Promises> {
  const { answerWorkdays, extensionWorkdays, ratingDays, ...spans } = wish;
  const promises: Promises = {
    ...before,
    ...(answerWorkdays === undefined ? {} : { result: span(answerWorkdays, "working_days") }),
    ...(extensionWorkdays === undefined ? {} : { extension: span(extensionWorkdays, "working_days") }),
    ...(ratingDays === undefined ? {} : { rating: span(ratingDays, "calendar_days") }),
    ...spans,
  };
  const errors = CLOCK_NAMES.flatMap((name): FieldError[] => {
    const message = spanProblem(promises[name]);
    return message === null ? [] : [{ field: name, message: `${CLOCKS[name].words}：${message}` }];
  });
  return errors.length > 0 ? invalid(...errors) : ok(promises);
}

function spanProblem({ amount, unit }: Span): string | null {
  if (!SPAN_UNITS.includes(unit)) return `单位要选${SPAN_UNITS.map((one) => UNIT_WORDS[one]).join("、")}`;
  if (Number.isInteger(amount) && amount >= 1 && amount <= MOST[unit]) return null;
  return `要写 1 到 ${MOST[unit]} 的整数`;
}

/** `5 个工作日（按规定 5 个工作日）`, for a list of clocks. */
export const describeClocks = (promises: Promises) =>
  CLOCK_NAMES.map((name) => ({
    name,
    ...CLOCKS[name],
    span: promises[name],
    said: saySpan(promises[name]),
    standardSaid: saySpan(CLOCKS[name].standard),
    changed: saySpan(promises[name]) !== saySpan(CLOCKS[name].standard),
  }));
