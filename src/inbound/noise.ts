import { looksSpelled } from "../lib/pinyin.ts";
import type { Said } from "../lib/said.ts";
import { readNumeral } from "./numeral.ts";
import type { Verdict } from "./verdict.ts";

/** Nothing is said: signs and pictures alone, one key held down, a digit that answers no question, letters without sense. */
export function readNoise({ text, whole }: Said): Verdict | null {
  const why = nothingIn(text, whole);
  return why ? { meaning: "noise", why } : null;
}

function nothingIn(text: string, whole: string): string | null {
  if (!/[\p{L}\p{N}]/u.test(whole)) return "没有一个字";
  if (
    /^(?:[\s]*[[【(（](?:图片?|照片|音频|小?视频通话|gif|语音|表情|视频|动画表情|贴图|文件|位置|链接|彩信|名片|红包|呲牙|微笑|强|玫瑰)(?:消息|信息)?[\]】)）][\s]*)+$/u.test(
      text,
    )
  )
    return "只有图片或表情";
  const digit = readNumeral(whole);
  // A verdict that came too late: a person hears a 不满意 or 没解决, whenever it comes.
  if (digit === 3 || digit === 4) return null;
  if (/^\d{1,6}$/.test(whole) || /^[一二三四五六七八九十零]$/.test(whole))
    return "只有一个数字，眼下没有要他回数字的事";
  if (
    /^(?:\d{7,20}|[一二三四五六七八九十]{3,10})$/.test(whole) &&
    (RUN.includes(whole) || /^(?:(\d)\1+)+$/.test(whole))
  )
    return "一串顺着按的数字";
  if (/^(?:哈喽|哈罗)$/.test(whole)) return "只打了个招呼";
  if (/^[的了么呢吗着过吧]$/u.test(whole)) return "只有一个虚字";
  if (/^[呃额唉哎嗨嘿喂噗咦诶啊呀哇呵嗯哦噢咳哼]+$/u.test(whole)) return "只有一个语气词";
  if (/^(.{1,2})\1{2,}$/su.test(whole) && whole.length <= 200) return "同一个字反复按";
  if (/^(?:测试|测试一下|测试短信|试试|试一下|test|testing|测|哔哔)\d*$/.test(whole)) return "只是试一试";
  if (/^[a-z]{1,16}$/.test(whole) && (whole.length === 1 || !looksSpelled(whole))) return "几个字母，不成话";
  if (/^[\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}ㄱ-ㅎ]{1,6}$/u.test(whole))
    return "不成话";
  return null;
}

/** A row of keys. */
const RUN = "01234567890123456789 9876543210 147258369 123654789 一二三四五六七八九十";
