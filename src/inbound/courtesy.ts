import { foldTrailing } from "../lib/fold.ts";

/**
 * 收到, 谢谢, 好的, 嗯, 1: counted as read, they open nothing and are answered with nothing. Only when the whole text is
 * made of such words: "谢谢,可是路灯还是坏的" is not thanks.
 */
export function isCourtesy(text: string): string | null {
  const folded = foldTrailing(text);
  // "可以吧?" and "你是?" ask for an answer, however short.
  if (folded === "" || /[?\uff1f]/.test(text)) return null;
  return WHOLE.test(folded) ? `整条都是客气话“${folded.slice(0, 12)}”` : null;
}

const POLITE = [
  ...[
    "收到",
    "已收到",
    "收悉",
    "已阅",
    "看到",
    "看到了",
    "已看",
    "知道",
    "知道了",
    "知悉",
    "明白",
    "明白了",
    "了解",
    "晓得",
    "晓得了",
  ],
  ...[
    "好的",
    "好嘞",
    "好",
    "行",
    "中",
    "可以",
    "嗯",
    "嗯嗯",
    "恩",
    "恩恩",
    "哦",
    "噢",
    "是",
    "是的",
    "对",
    "没问题",
    "没事",
    "ok",
    "okay",
    "okk",
  ],
  ...[
    "谢谢",
    "谢",
    "谢了",
    "多谢",
    "感谢",
    "非常感谢",
    "十分感谢",
    "太感谢了",
    "谢谢您",
    "谢谢你",
    "谢谢你们",
    "辛苦",
    "辛苦了",
    "您辛苦了",
    "麻烦了",
    "费心了",
    "受累了",
  ],
  ...[
    "您好",
    "你好",
    "早",
    "早上好",
    "晚上好",
    "新年好",
    "新年快乐",
    "春节快乐",
    "过年好",
    "节日快乐",
    "中秋快乐",
    "国庆快乐",
    "拜年了",
  ],
  ...["shoudao", "shoudaole", "haode", "hao", "xiexie", "zhidaole", "en", "1", "11", "111", "6", "666"],
];
const WHO = "(?:书记|主任|支书|村委会?|领导|老师|大家|各位|同志|们|你们|您|你|村里|干部)?";

const WHOLE = new RegExp(
  `^(?:${WHO}(?:${[...POLITE].sort((a, b) => b.length - a.length).join("|")})(?:了|的|啦|呀|啊|哈)*${WHO})+$`,
  "u",
);
