import type { When } from "./calendar.ts";

/** A villager's text that opens no case, from a person's phone by name, a door's, or a number that no roster knows. */
export type OtherText = { from: string; at: When; text: string };

const on = (daysAgo: number, clock: string, from: string, text: string): OtherText => ({
  from,
  at: { daysAgo, clock },
  text,
});
const before = (minutesAgo: number, from: string, text: string): OtherText => ({ from, at: { minutesAgo }, text });

/** Mostly that they have read it; some want no more, one wants it again, some press a wrong key, some are strangers. */
export const OTHER_TEXTS: readonly OtherText[] = [
  on(34, "19:06", "1组20号", "收到"),
  on(34, "20:11", "郭德山", "收到了 谢谢书记"),
  on(31, "07:52", "2组03号", "知道了"),
  on(31, "12:30", "张兴林", "谢谢"),
  on(30, "18:55", "郭秀兰", "谢谢你们"),
  on(28, "12:31", "王桂英", "好的"),
  on(28, "12:58", "2组28号", "嗯"),
  on(28, "13:20", "1组27号", "shoudao"),
  on(25, "18:55", "郭庆波", "收到"),
  on(25, "19:40", "高洪涛", "👍"),
  on(25, "20:00", "孙秀芳", "谢谢书记"),
  on(23, "10:12", "+8619900000901", "请问是郭家村村委会吗？俺姥姥是你们村的，想开个亲属证明，该找谁"),
  on(21, "19:02", "2组08号", "好"),
  on(20, "12:15", "1组11号", "退订"),
  on(18, "07:41", "3组09号", "明白"),
  on(18, "08:05", "4组11号", "好嘞"),
  on(18, "12:20", "郭志强", "收到 辛苦了"),
  on(15, "19:22", "2组26号", "收到"),
  on(15, "20:02", "4组24号", "。。。"),
  on(12, "06:50", "3组15号", "ＴＤ"),
  on(11, "19:05", "1组05号", "知道了，谢谢"),
  on(11, "19:33", "2组15号", "OK"),
  on(10, "12:05", "3组15号", "恢复"),
  on(9, "16:40", "+8619900000902", "老乡，你们村还有旧家电要卖不，我后天开车过去收"),
  on(8, "19:25", "郭守田", "收到"),
  on(8, "19:31", "郭德山", "收到"),
  on(8, "20:20", "3组30号", "好的"),
  on(7, "13:10", "4组18号", "别再给我发了"),
  on(5, "12:22", "2组21号", "收到"),
  on(5, "12:40", "1组16号", "1"),
  on(2, "18:50", "孙秀芳", "谢谢"),
  on(2, "19:15", "郭秀兰", "辛苦了"),
  on(2, "20:01", "4组29号", "?"),
  on(1, "09:15", "+8619900000903", "发错了吧，我不是郭家村的"),
  before(31, "1组22号", "收到"),
  before(27, "2组16号", "嗯嗯"),
  before(18, "李翠莲", "知道了"),
  before(12, "郭秀兰", "好的"),
  before(9, "孙秀芳", "收到，谢谢"),
];
