import { SECOND } from "../../lib/clock.ts";
import type { RefusalCode } from "./errors.ts";
import { type Life, ORDINARY, type Step } from "./life.ts";

/** What the caller of the API gets to hear. */
export type Answer =
  | { kind: "created" }
  | { kind: "delayed"; ms: number }
  | { kind: "after_reports" }
  | { kind: "refused"; code: RefusalCode }
  /** Every odd call is not taken: it gets this code, or with null a broken connection. Every even one is. */
  | { kind: "every_second"; code: RefusalCode | null }
  /** Taken, and the caller never learns it. */
  | { kind: "lost"; instead: "silence" | "reset" | RefusalCode };

export type Behaviour = {
  /** For the page: what happens to a text to this number. */
  label: string;
  answer: Answer;
  life: Life;
  /** Milliseconds before the list shows it. */
  listedAfter: number;
};

const CREATED: Answer = { kind: "created" };
const behave = (label: string, answer: Answer, life: Life = ORDINARY, listedAfter = 0): Behaviour => ({
  label,
  answer,
  life,
  listedAfter,
});
const refuses = (code: RefusalCode, label: string) => behave(label, { kind: "refused", code });
const lives = (label: string, life: Life) => behave(label, CREATED, life);

const sent: Step = { status: "sent", wait: "soon" };
const delivered: Step = { status: "delivered", wait: "later" };
const ends = (status: "undelivered" | "failed", code: number): Life => ({
  steps: [sent, { status, wait: "later", code }],
  arrives: false,
});
const SILENT: Life = { ...ORDINARY, silent: true };

const ORDINARILY = behave("照常收发", CREATED);

/**
 * Numbers that misbehave, as data. `+8619900000000`–`9999` are the simulator's own; Twilio's test recipients, which
 * ordinary Twilio accounts know too, do the same here.
 */
export const MAGIC: Readonly<Record<string, Behaviour>> = {
  "+8619900009001": refuses(21211, "不收：号码不存在"),
  "+8619900009002": refuses(21610, "不收：对方在运营商那里退订了"),
  "+8619900009003": refuses(21408, "不收：没有开通这个地区"),
  "+8619900009004": refuses(20003, "不收：运营商账号被停（整批会暂停）"),
  "+8619900009005": behave("第一次说发得太快，再发就收（一次拒、一次收）", { kind: "every_second", code: 20429 }),
  "+8619900009006": behave("收下了，但一直不应答", { kind: "lost", instead: "silence" }),
  "+8619900009007": behave("收下了，却报内部错误", { kind: "lost", instead: 20500 }),
  "+8619900009008": behave("收下了，应答前断线", { kind: "lost", instead: "reset" }),
  "+8619900009009": behave("2 秒后才应答", { kind: "delayed", ms: 2 * SECOND }),
  "+8619900009010": behave(
    "先来回执，后来应答",
    { kind: "after_reports" },
    {
      steps: [
        { status: "sent", wait: "at_once" },
        { status: "delivered", wait: "at_once" },
      ],
      arrives: true,
    },
  ),
  "+8619900009011": lives("1 分钟后才送达", {
    steps: [sent, { status: "delivered", wait: "much_later" }],
    arrives: true,
  }),
  "+8619900009012": lives("回执次序颠倒，还会重复", {
    steps: [{ ...delivered, wait: "soon" }, sent, delivered, { status: "queued", wait: "soon" }, sent],
    arrives: true,
  }),
  "+8619900009013": lives("收到短信，但从不发回执", SILENT),
  "+8619900009014": lives("只说已发出，没有送达回执", { steps: [sent], arrives: true }),
  "+8619900009015": lives("送不到：关机（30003）", ends("undelivered", 30003)),
  "+8619900009016": lives("送不到：空号（30005）", ends("undelivered", 30005)),
  "+8619900009017": lives("送不到：被拦截（30007）", ends("undelivered", 30007)),
  "+8619900009018": lives("发送失败，不说原因（30008）", ends("failed", 30008)),
  "+8619900009019": behave(
    "收下了却报错，没有回执，5 秒后才查得到",
    { kind: "lost", instead: 20500 },
    SILENT,
    5 * SECOND,
  ),
  "+8619900009020": behave("第一次报错且没收下，再发就收（一次拒、一次收）", { kind: "every_second", code: 20500 }),
  "+8619900009021": behave("第一次断线且没收下，再发就收（一次拒、一次收）", { kind: "every_second", code: null }),
  "+15005550001": refuses(21211, "不收：号码不存在（Twilio 测试号）"),
  "+15005550002": refuses(21612, "不收：发不到这个号码（Twilio 测试号）"),
  "+15005550003": refuses(21408, "不收：没有开通这个地区（Twilio 测试号）"),
  "+15005550004": refuses(21610, "不收：对方退订了（Twilio 测试号）"),
  "+15005550009": refuses(21614, "不收：不是手机号（Twilio 测试号）"),
};

export const behaviourOf = (number: string): Behaviour => MAGIC[number] ?? ORDINARILY;

/** Numbers of the simulator's own, +86 199 0000 0000 to 9999: nobody's, so a page may show them whole. */
export const isOwned = (number: string): boolean => /^\+861990000\d{4}$/.test(number);
