/** Chinese numerals as people text them, capitals and look-alikes too (data/command_char_variants.csv). */
const DIGITS: Readonly<Record<string, number>> = {
  ...{ 零: 0, 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9, 两: 2, 幺: 1, 仨: 3, 〇: 0 },
  ...{ 壹: 1, 贰: 2, 叁: 3, 参: 3, 肆: 4, 伍: 5, 陆: 6, 柒: 7, 捌: 8, 玖: 9, 弌: 1, 弍: 2, 弎: 3, 亖: 4 },
};
const TENS: Readonly<Record<string, number>> = { 十: 10, 拾: 10, 百: 100 };

/** The number a text is, alone or as people choose one: "3", "三", "选3", "第二个", "2号吧". Null if it says more. */
export function readNumeral(folded: string): number | null {
  const match =
    /^(?:我|俺|我家|俺家)?(?:选择|选|投|评价|评分|打分|评|给|回复|回|要|打|按)?(?:是|为)?第?([0-9]{1,3}|[零〇一二三四五六七八九两幺仨壹贰叁参肆伍陆柒捌玖弌弍弎亖十拾百]{1,5})(?:个|号|项|分|条|种|种方案|号方案)?(?:吧|了|啊|哈|谢谢)?$/.exec(
      folded,
    );
  return match?.[1] ? toNumber(match[1]) : null;
}

/** 十二 → 12, 一百零三 → 103, 12 → 12; null for what is no number ("一一"). */
export function toNumber(numeral: string): number | null {
  if (/^\d+$/.test(numeral)) return Number(numeral);
  let sum = 0;
  let digit: number | null = null;
  for (const character of numeral) {
    const ten = TENS[character];
    if (ten) {
      sum += (digit ?? 1) * ten;
      digit = null;
    } else {
      if (digit !== null && digit !== 0) return null;
      digit = DIGITS[character] ?? null;
      if (digit === null) return null;
    }
  }
  return sum + (digit ?? 0);
}
