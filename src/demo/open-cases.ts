import { accept, answer, assign, type Case, escalate, extend, note, on, texts } from "./case.ts";

/** Cases that still ask something of somebody today: late, due, put off, handed up, not rated yet, new. */
export const OPEN: readonly Case[] = [
  {
    from: "赵淑云",
    at: { dueIn: -4, clock: "07:10" },
    text: "4组北头机井房的门锁坏了，里头有电闸，孩子们老往里钻，怪叫人揪心的",
    steps: [
      on(1, "08:10", accept),
      on(1, "08:30", assign),
      on(3, "17:20", note("cadre", "先用铁丝拧住了，配电箱断了电。锁要定做，还没到。")),
    ],
  },
  {
    from: "郭德山",
    at: { dueIn: -3, clock: "19:30" },
    text: "村东头那段土路一下雨就成泥窝子，孩子上学、往家拉粮食都难走，啥时候能硬化",
    steps: [
      on(1, "08:20", accept),
      on(2, "16:40", note("shuji", "带人量了，一共460米。账上的钱不够，要镇里立项。")),
      on(5, "09:40", escalate("硬化460米要镇里立项、出资，申请已送到镇里，请帮着盯一盯。")),
    ],
  },
  {
    from: "郭庆波",
    at: { dueIn: -2, clock: "20:10" },
    text: "俺家跟后邻为墙根滴水的事说不到一块去，想请村里来人给量量、说和说和",
    steps: [
      on(1, "08:30", accept),
      on(1, "09:00", assign),
      on(3, "18:10", note("cadre", "两家都去坐了坐，气不大，都说等孩子回来一块儿量。")),
      on(5, "10:20", extend(6, "两家都想等在外的孩子回来一起量，日子已经约好")),
    ],
  },
  {
    from: "王桂英",
    at: { dueIn: -1, clock: "12:30" },
    text: "卫生室的降压药老是断，俺们上年纪的跑一趟镇上不容易，能不能多备点",
    steps: [
      on(1, "09:10", accept),
      on(3, "11:00", note("cunwu", "问过卫生室，药按月报，这个月报少了，正在问能不能加。")),
    ],
  },
  {
    from: "郭传福",
    at: { dueIn: 0, clock: "19:40" },
    text: "文化大院的门老锁着，想看会儿书也进不去，能不能定个开门的钟点",
    steps: [
      on(1, "08:40", accept),
      on(1, "10:00", assign),
      on(4, "15:30", note("cadre", "跟管钥匙的商量了，打算每天下午2点到5点开门。")),
    ],
  },
  {
    from: "郭永亮",
    at: { daysAgo: 9, clock: "12:45" },
    text: "西头变压器那一片电压低，晚上电饭锅都做不熟饭",
    steps: [
      on(1, "08:15", accept),
      on(1, "08:45", assign),
      on(
        4,
        "16:50",
        answer("cadre", "partly", "供电所来测了，晚上七八点电压确实低，先调高了一挡，换大变压器的事他们报上去了"),
      ),
      on(6, "19:50", texts("4")),
      on(7, "08:50", note("shuji", "又约了供电所，晚上七点来测一回，叫上郭永亮一块儿看。")),
    ],
  },
  {
    from: "郭新伟",
    at: { daysAgo: 6, clock: "21:05" },
    text: "我在外地打工，家里老娘身子不硬朗，能不能让干部隔三差五去看看她",
    steps: [
      on(1, "08:20", accept),
      on(1, "08:40", assign),
      on(2, "10:30", note("cadre", "去看了大娘，精神挺好，膝盖疼，缺一副拐。")),
      on(
        4,
        "17:40",
        answer(
          "cadre",
          "solved",
          "往后我每周一、周四去看大娘，拿药、买米面都帮着办。今天给她送了副拐，能自己到院里晒太阳了",
        ),
      ),
    ],
  },
  {
    from: "孙秀芳",
    at: { daysAgo: 5, clock: "07:30" },
    text: "村口等公交没个坐的地方，老人站得腿疼，能不能搭个棚子",
    steps: [
      on(1, "08:30", accept),
      on(4, "10:40", answer("shuji", "planned", "站牌旁边打一条长椅、搭个小棚，木匠已经量了尺寸", 20)),
    ],
  },
  {
    from: "郭玉珍",
    at: { daysAgo: 3, clock: "18:20" },
    text: "南沟沿的护栏歪了好几根，晚上看不清，怕有人掉下去",
    steps: [
      on(1, "08:10", accept),
      on(1, "08:40", assign),
      on(1, "15:20", note("cadre", "松了四根，先拉上警示带，挂了个灯。")),
      on(2, "17:00", note("cadre", "焊工说好后天来，料从机井房剩下的里头出。")),
    ],
  },
  {
    from: "郭志强",
    at: { daysAgo: 2, clock: "20:15" },
    text: "文化大院能不能装几个充电的插座，家里电三轮没处充，拉线出来又不安全",
    steps: [on(1, "08:30", accept)],
  },
  {
    from: "刘凤英",
    at: { daysAgo: 1, clock: "21:10" },
    text: "俺不会摆弄手机，孩子都在外头，医保在手机上交不了，村里能给代交不",
    steps: [],
  },
  {
    from: "郭守田",
    at: { minutesAgo: 190 },
    text: "修边沟的车把俺家地头的界石碰歪了，麻烦来个人看看，给扶正了",
    steps: [],
  },
];
