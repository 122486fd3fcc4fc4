import { accept, answer, assign, type Case, decline, lapse, note, on, texts } from "./case.ts";

/** Cases that have come to an end, each its own way: liked, disliked and mended, explained, planned, refused, unrated. */
export const SETTLED: readonly Case[] = [
  {
    from: "郭秀兰",
    at: { daysAgo: 33, clock: "19:20" },
    text: "书记，俺门口那盏路灯灭了快半个月了，晚上出来进去黑咕隆咚的，能给换个灯泡不",
    steps: [
      on(1, "08:20", accept),
      on(1, "08:50", assign),
      on(1, "16:30", note("cadre", "去看了，不光灯泡，灯头也烧了。电工后天来换。")),
      on(
        3,
        "10:10",
        answer("cadre", "solved", "电工换了新灯头，您家门口和南邻那两盏都亮了。夜里要是再不亮，给王春霞打电话"),
      ),
      on(3, "18:45", texts("１")),
    ],
  },
  {
    from: "孙秀芳",
    at: { daysAgo: 32, clock: "06:50" },
    text: "俺们一帮老姐妹晚上在路边上跳广场舞，车来车往怪吓人的，村里能不能给找块平整地方",
    steps: [
      on(0, "09:00", accept),
      on(2, "17:10", note("shuji", "两委例会上提了，都看中村西老场院，要过村民代表会。")),
      on(
        7,
        "10:00",
        answer("shuji", "planned", "代表会通过了，村西老场院平整出来做健身广场，铺砖、装两盏灯，我盯着这事", 40),
      ),
      on(7, "12:20", texts("基本满意")),
    ],
  },
  {
    from: "李翠莲",
    at: { daysAgo: 30, clock: "12:15" },
    text: "南头那几个垃圾桶三天没人收了，满得往外淌，味儿大得不敢开门",
    steps: [
      on(0, "14:40", accept),
      on(0, "15:10", assign),
      on(1, "11:00", answer("cadre", "solved", "清运车前天坏在半道，今早把南头五个桶都收了。往后隔一天收一趟")),
      on(5, "07:15", texts("不行，又满了")),
      on(5, "09:30", note("shuji", "跟保洁队对了趟数，南头户多桶少，一天就满，隔天收不够。")),
      on(8, "16:20", answer("cadre", "solved", "南头又添了四个桶，一共九个，改成天天收，收完在桶上挂牌子。您再看看")),
      on(9, "19:05", texts("1")),
    ],
  },
  {
    from: "刘凤英",
    at: { daysAgo: 28, clock: "20:05" },
    text: "想问问低保咋申请，俺老头子去年得了病，光吃药一个月就得七八百",
    steps: [
      on(1, "08:15", accept),
      on(
        1,
        "10:30",
        answer(
          "shuji",
          "explained",
          "可以申请。带户口本、身份证和看病的单据到村委会，赵晓梅帮您填表，村里评议、贴出来公示，再报镇里审。您要是走不开，明天上门帮您看材料",
        ),
      ),
      on(1, "12:40", texts("满意，谢谢了")),
    ],
  },
  {
    from: "郭志强",
    at: { daysAgo: 26, clock: "06:25" },
    text: "自来水管子夜里就漏，俺家大门口成了河，快来个人看看吧",
    steps: [
      on(0, "07:05", accept),
      on(0, "07:10", assign),
      on(
        0,
        "17:30",
        answer("cadre", "solved", "是三通裂了，上午关的阀，下午换好，4点来的水，门口的土也垫平了。漏的水不算您家的"),
      ),
      on(0, "19:10", texts("好了")),
    ],
  },
  {
    from: "郭玉珍",
    at: { daysAgo: 24, clock: "12:50" },
    text: "化肥补贴邻居家都打到卡上了，俺家的咋还没见着，是不是给漏了",
    steps: [
      on(1, "08:40", accept),
      on(2, "15:20", note("cunwu", "查了一卡通名单，卡号登记少了一位，钱退回镇里了。")),
      on(
        3,
        "09:50",
        answer(
          "shuji",
          "partly",
          "没有漏，是卡号登记少了一位，钱退回了镇里。已经改好重报，下一批打款，到账您会收到银行的短信",
        ),
      ),
      on(21, "09:00", lapse),
    ],
  },
  {
    from: "张兴林",
    at: { daysAgo: 21, clock: "18:50" },
    text: "俺儿在城里买的楼房，开发商拖着不给办房产证，村里能帮着问问不",
    steps: [
      on(
        1,
        "09:20",
        decline(
          "城里楼房的事归住建局管，村里插不上手。请您儿子带上购房合同去住建局，或打12345登记；要写材料，村里帮着写",
        ),
      ),
    ],
  },
  {
    from: "郭守田",
    at: { daysAgo: 19, clock: "06:40" },
    text: "浇地排队没个准头，俺在井上守了一天一宿也没轮上，能不能弄个排号",
    steps: [
      on(0, "08:00", accept),
      on(
        1,
        "09:00",
        answer("shuji", "solved", "您这主意好，今天起改成报名排号，您家排在2号井第三个，轮到前一天晚上告诉您"),
      ),
      on(2, "12:35", texts("2")),
    ],
  },
  {
    from: "高洪涛",
    at: { daysAgo: 16, clock: "13:05" },
    text: "3组大街上下水道的盖板断了一块，骑电车差点栽进去，天黑了更险",
    steps: [
      on(0, "14:30", accept),
      on(0, "14:45", assign),
      on(0, "16:00", note("cadre", "先拿旧门板盖上，插了红旗。新盖板明天拉来。")),
      on(2, "11:30", answer("cadre", "solved", "断的那块换成了水泥盖板，旁边松动的两块也用砂浆坐实了")),
      on(2, "20:05", texts("很满意")),
    ],
  },
];
