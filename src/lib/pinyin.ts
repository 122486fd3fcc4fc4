/**
 * Texts in letters: many elders never change the input mode (reference/domain.md 5.9). Only the words of village
 * matters are known; what is not made of them stays in letters, and a person reads it.
 */
const SPELLED = `路灯 lu deng|坏了 huai le|坏 huai|水管 shui guan|漏了 lou le|漏水 lou shui|漏电 lou dian|漏 lou|停水 ting shui|停电 ting dian
没水 mei shui|没电 mei dian|没有水 mei you shui|没有电 mei you dian|下水道 xia shui dao|堵了 du le|垃圾 la ji|村主任 cun zhu ren|主任 zhu ren|书记 shu ji
会计 kuai ji|会计 hui ji|村长 cun zhang|干部 gan bu|贪污 tan wu|贪钱 tan qian|收到 shou dao|好的 hao de|谢谢 xie xie|知道 zhi dao|明白 ming bai
退订 tui ding|恢复 hui fu|帮助 bang zhu|进度 jin du|查 cha|联系 lian xi|电话 dian hua|政策 zheng ce|低保 di bao|补贴 bu tie|养老金 yang lao jin
满意 man yi|基本满意 ji ben man yi|不满意 bu man yi|没解决 mei jie jue|解决了 jie jue le|同意 tong yi|不同意 bu tong yi|弃权 qi quan|修路 xiu lu
着火了 zhao huo le|起火了 qi huo le|救命 jiu ming|快来 kuai lai|不想活了 bu xiang huo le|晕倒了 yun dao le|打架 da jia|发错了 fa cuo le
你是谁 ni shi shui|你是谁 ni shi shei|我家 wo jia|俺家 an jia|村里 cun li|门口 men kou|什么时候 shen me shi hou|怎么 zen me|没有 mei you|路 lu|水 shui|电 dian|灯 deng|井 jing|没人 mei ren|管 guan|修 xiu
不错 bu cuo|挺好 ting hao|很好 hen hao|还行 hai xing|没修 mei xiu|没来 mei lai|还没 hai mei|同意 tong yi|书记 shu ji|你好 ni hao|取消 qu xiao|农田 nong tian
没问题 mei wen ti|问题 wen ti|很满意 hen man yi|那 na|事 shi|怎么样 zen me yang|咋样 za yang|喝 he|农药 nong yao|救人 jiu ren|死 si|救 jiu|车祸 che huo|火 huo|查进度 cha jin du|办 ban|家 jia|村 cun|塌了 ta le|淹了 yan le
了 le|的 de|好 hao|嗯 en|不 bu|我 wo|你 ni`;

const WORDS = new Map(
  SPELLED.split(/[|\n]/).map((entry) => {
    const [word = "", ...syllables] = entry.split(" ");
    return [syllables.join(""), word] as const;
  }),
);
const LONGEST = Math.max(...Array.from(WORDS.keys(), (spelling) => spelling.length));

/** The Chinese of a text in letters, as far as the known words cover it; null if they cover less than most of it. */
export function readPinyin(folded: string): string | null {
  if (folded.length < 3 || folded.length > 120 || !/^[a-z0-9]+$/.test(folded)) return null;
  let said = "";
  let strange = 0;
  for (let at = 0; at < folded.length; ) {
    let length = Math.min(LONGEST, folded.length - at);
    while (length > 0 && !WORDS.has(folded.slice(at, at + length))) length--;
    said += WORDS.get(folded.slice(at, at + length)) ?? folded[at];
    if (length === 0 && !/\d/.test(folded[at] ?? "")) strange++;
    at += Math.max(length, 1);
  }
  return strange <= folded.length * 0.3 && /\p{Script=Han}/u.test(said) ? said : null;
}

/** Whether letters can be syllables of pinyin at all: "wo jia men kou" can, "asdfg" cannot. */
export const looksSpelled = (folded: string): boolean =>
  /^(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|an|en|in|un|ai|ei|ao|ou|ia|ie|iu|ua|ui|uo|ue|ve|er|[aoeiuv]))+$/.test(
    folded.slice(0, 60),
  );
