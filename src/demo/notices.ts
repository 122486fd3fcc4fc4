import { dayAfter, onDay, type When } from "./calendar.ts";
import { type DemoSheet, SHEETS } from "./sheets.ts";

/** A notice of the demo. It names days and months, so it is written for the moment it leaves. */
export type Notice = { column: string; at: When; write(at: Date): string };
/** What the month's accounts say; nobody writes it. */
export type SheetNotice = { column: string; at: When; sheet: DemoSheet };

/** Sent ones, oldest first. The sums add up: villagers do check. */
export const SENT: readonly (Notice | SheetNotice)[] = [
  ...SHEETS.map((sheet, i) => ({ column: "财务公开", at: { daysAgo: 35 - i, clock: "18:55" }, sheet })),
  {
    column: "农村政策导读",
    at: { daysAgo: 31, clock: "07:30" },
    write: () =>
      "家里有满80周岁老人的请注意：高龄津贴要本人或家人申请才发。带老人的身份证、户口本和一卡通到村委会，赵晓梅帮着填表，" +
      "当月报到镇里。老人走不动的，打个招呼，联户干部上门办。",
  },
  {
    column: "生产生活",
    at: { daysAgo: 28, clock: "12:20" },
    write: (at) =>
      `供电所通知：${dayAfter(at, 2)}早8点到中午12点检修线路，1组、2组停电。请提前蓄好水、给手机充上电；` +
      "家里有制氧机的现在就跟联户干部说一声，村里备了发电机。",
  },
  {
    column: "村务公开",
    at: { daysAgo: 25, clock: "18:40" },
    write: () =>
      "昨晚开了村民代表会，应到20人，实到18人。举手定了两件事：一、村西老场院平整出来做健身广场，18人同意；" +
      "二、垃圾桶从30个添到42个，17人同意、1人弃权。会议记录在公开栏，有不同意见可以回短信。",
  },
  {
    column: "经典老人言",
    at: { daysAgo: 21, clock: "18:30" },
    write: () =>
      "“一粥一饭，当思来处不易；半丝半缕，恒念物力维艰。”老辈人这句话，说的是过日子要有个数。" +
      "红事白事少摆两桌，省下的给老人孩子添件衣裳，不丢人。",
  },
  {
    column: "生产生活",
    at: { daysAgo: 18, clock: "07:20" },
    write: () =>
      "浇地不用再守着机井排队了。从今天起报名排号：给自己的联户干部打电话，说清几号井、几亩地，轮到前一天晚上告诉您。" +
      "四口井的排号表每天傍晚贴在机井房门上。",
  },
  {
    column: "文明风尚",
    at: { daysAgo: 15, clock: "19:00" },
    write: (at) =>
      "“好媳妇、好公婆”开始推荐了。谁家婆媳和睦、谁对老人有耐心，大家心里有杆秤。到村委会说个名字、讲一件小事就行，" +
      `${dayAfter(at, 10)}截止，村民代表投票，结果上公开栏。`,
  },
  {
    column: "农村政策导读",
    at: { daysAgo: 11, clock: "18:45" },
    write: (at) =>
      "种粮补贴的面积核对表贴出来了，在村委会南墙，贴7天。请看看自家的亩数和卡号对不对，不识字的让孩子帮着看。" +
      `有错有漏，${dayAfter(at, 7)}前回短信或到村委会说，过了这天就报镇里了。`,
  },
  {
    column: "党务公开",
    at: { daysAgo: 8, clock: "19:10" },
    write: (at) =>
      `${dayAfter(at, 2)}晚7点在文化大院过主题党日，全体党员参加。三项内容：学文件，议健身广场的工期，` +
      "分头到独居老人家里帮着收拾院子。有事来不了的，提前跟刘建国书记请假。",
  },
  {
    column: "财务公开",
    at: { daysAgo: 5, clock: "12:10" },
    write: () =>
      "机井房翻修的账结了：预算9600元，实际花了9280元。红砖和水泥3140元，门窗1860元，电线和配电箱1780元，人工2500元。" +
      "钱从土地流转费里出，村监会郭长顺逐张看过票。省下的320元留着修路灯。",
  },
  {
    column: "敬老孝亲",
    at: { daysAgo: 2, clock: "18:35" },
    write: (at) =>
      `镇卫生院的大夫${dayAfter(at, 3)}上午8点半到村卫生室，给60岁以上老人量血压、查血糖，不收钱。` +
      "抽血要空着肚子来，带上身份证。儿女在外、自己来不了的，联户干部去接。",
  },
  {
    column: "村务公开",
    at: { minutesAgo: 35 },
    write: (at) =>
      `自来水换管子：${dayAfter(at, 2)}早8点到下午5点，1组、2组停水，请提前接好水。3组、4组不停，水压会小些。` +
      "施工时巷口的沟有围挡，夜里走路绕着点，看好孩子。",
  },
];

/** Not handed in yet. */
export const DRAFT: Notice = {
  column: "文明风尚",
  at: { minutesAgo: 300 },
  write: () =>
    "家家门前三步地，自己拾掇自己的。村里打算评“干净小院”，一季一评，评法和奖品还要跟村民代表商量，定了再告诉大家。",
};

/** Waits for the secretary. */
export const AWAITING: Notice = {
  column: "法律问答",
  at: { minutesAgo: 180 },
  write: () =>
    "问：亲戚借钱没打借条，能要回来吗？答：能，要有别的证据，像转账记录、短信、在场的人。最好现在补一张：谁欠谁、多少钱、" +
    "哪天还，签名按手印。拿不准的，逢五的日子到村委会，有人帮着看。",
};

export const RETURNED: Notice & { reason: string } = {
  column: "财务公开",
  at: { daysAgo: 4, clock: "10:05" },
  write: () => "路灯电费和文化大院水费共1120元，已从村集体账上付清，票据在公开栏。",
  reason: "电费、水费请分开写，各是哪个月的、多少度多少吨也写上，改好再交。",
};

/** Approved, and waits for its evening. */
export const SCHEDULED: Notice & { sendAt(now: Date): Date } = {
  column: "村务公开",
  at: { daysAgo: 1, clock: "16:00" },
  sendAt: (now) => onDay(now, 2, "19:00"),
  write: (sendAt) =>
    `民情夜会定在${dayAfter(sendAt, 1)}晚7点半，文化大院。说三件事：健身广场铺什么砖、浇地排号好不好用、垃圾桶放哪儿。` +
    "谁都能来，来不了的回短信说，一样算数。",
};
