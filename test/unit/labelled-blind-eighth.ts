import { type Labelled, type Told, texts } from "../support/labelled.ts";

const rating: Told = { questions: [{ kind: "rating" }] };
const agree: Told = { questions: [{ kind: "poll", options: ["同意", "不同意", "弃权"] }] };
/** The eighth set, written blind after the seventh was mended: the plain two thirds. */
export const PLAIN: readonly Labelled[] = [
  ...texts("opt_out", {}, `退订，谢谢\n请把我退订\n不要再发短信了\n我不订了\n别给我家发短信了`),
  ...texts("opt_in", {}, `恢复我的订阅\n我想重新收到短信`),
  ...texts(
    "rating",
    rating,
    `满意，辛苦了 => 1\n第1个 => 1\n没有人来解决 => 4\n不是很满意 => 3\n水管修好了，很好 => 1\n基本上满意 => 2\n问题依旧 => 4\n很差 => 3`,
  ),
  ...texts("poll", agree, `同意的 => 1\n我们不同意 => 2\n3 => 3\n我支持 => 1`),
  ...texts(
    "status_query",
    {},
    `我的问题进展如何\n上次反映的路灯问题有结果吗\n查询18号 => 18\n请问我的申请到哪一步了\n我提的意见你们看了吗\n处理好了吗`,
  ),
  ...texts("help_query", {}, `怎么使用这个短信\n我要怎么反映问题\n怎么恢复订阅\n你们这是什么平台，怎么用`),
  ...texts("contact_query", {}, `联户干部电话\n书记的联系方式\n有事找谁\n请问我们家的联户干部是哪位\n值班电话多少`),
  ...texts(
    "policy_query",
    {},
    `政策 残疾\n怎么办理低保\n高龄老人补贴多少\n新农保怎么交费\n医疗救助申请流程\n有没有创业贷款政策`,
  ),
  ...texts("courtesy", {}, `收到，知道了\n谢谢您，书记\n好，谢谢\n明白收到\n祝您新年快乐\n感谢你们辛苦付出\n我会去的`),
  ...texts("auto_reply", {}, `您好，我正在开会，稍后与您联系\n【自动回复】您好\n【中国移动】您的账单已出`),
  ...texts("wrong_number", {}, `你打错了吧\n你们找谁\n我不是她\n我不是本村的，发错了`),
  ...texts(
    "emergency",
    {},
    `救火\n我儿子掉井里了\n路口撞车了，有人流血\n我不想活了，太难了\n老人心脏病发作\n有人拿刀\n房顶塌了砸到人\n孩子丢了`,
  ),
  ...texts("sealed", {}, `密 反映书记\n村主任侵占集体资金\n举报支书\n会计报假账\n书记收了老板的钱\n村干部截留粮补`),
  ...texts(
    "suggestion",
    {},
    `我家门口的路灯不亮
自来水有异味
村里的沟没人清
希望建个停车场
低保为什么没有我家
我家和邻居因为地界吵架
学校门口太堵
建议增加垃圾桶
补贴什么时候到账
田间路不通车
村委会门一直锁着
想学开挖掘机
大棚被风刮坏了
变压器坏了
狗半夜一直叫
给孤寡老人装个电话吧
感谢书记帮我家装了水管
村里河里有死鱼
网格员没来过我家
我家的树被人砍了`,
  ),
  ...texts("noise", {}, `。。\n[图片]\n？？？？`),
];
export const HARD: readonly Labelled[] = [
  ...texts("opt_out", {}, `俺家不要这短信了`),
  ...texts("rating", rating, `中 满意 => 1\n还没弄 => 4`),
  ...texts("status_query", {}, `俺那事弄哩咋样\n俺说的那个桥的事有动静没`),
  ...texts("policy_query", {}, `俺想问问盖房子咋批\n老年人坐车免费不`),
  ...texts("courtesy", {}, `俺知道了谢谢\n得嘞`),
  ...texts("emergency", {}, `俺男人掉窖里了\n俺邻居在屋里没动静敲门不应 怕是煤气\n有人堵俺门要打俺`),
  ...texts("sealed", {}, `书记他儿子把集体的沙卖了\n俺低保被会计扣了两个月`),
  ...texts(
    "suggestion",
    {},
    `查王村集上有人卖假药\n同意村的戏台塌了半边能不能修\n密斯特理发店门口积水\n5号那天停电把冰箱烧了\n救济的棉被不够分\n书记俺想当联户干部行不\n谢谢 可是钱还没到`,
  ),
];
