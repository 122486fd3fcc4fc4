import type { Said } from "../lib/said.ts";
import type { Rating } from "../suggestion/suggestion.ts";
import { readNumeral } from "./numeral.ts";

/**
 * A verdict of one digit, or the words for it. Words match by meaning and negation comes first: "不太满意" is not 满意,
 * and of the real petitions with 满意 a third say 不满意. Asked only while a question is open to the phone.
 */
export function readRating(said: Said): { rating: Rating; why: string } | null {
  const digit = readNumeral(said.whole);
  if (digit !== null) return digit >= 1 && digit <= 4 ? { rating: digit as Rating, why: `回了数字 ${digit}` } : null;
  const labelled =
    /^(?:选|评|回复?|我选|打)?([1-4])(?:分|号|个)?(?:非常满意|很?满意|基本满意|不满意|没有?解决|没)$/.exec(said.whole);
  if (labelled) return { rating: Number(labelled[1]) as Rating, why: `回了数字 ${labelled[1]}` };
  if (
    said.whole.length > LONGEST ||
    /^[?\uff1f]+$/.test(said.text.trim()) ||
    /另外|还有个事|顺便|再反映/.test(said.whole)
  )
    return null;
  for (const { rating, pattern, longest } of WORDS) {
    if (said.whole.length > longest) continue;
    const match = pattern.exec(said.bare) ?? pattern.exec(said.whole);
    if (match) return { rating, why: `说了“${match[0].slice(0, 12)}”` };
  }
  return null;
}

/** A longer text says something new, whatever word of praise or blame is in it: it belongs to a person. */
const LONGEST = 32;
/** The same of words that are no verdict by themselves. */
const SHORT = 13;

const STILL = "(?:还|还是|仍|仍然|根本|压根|都|也|一直|到现在|又|就是|可|并|没见)*";

/** In this order: what was not done outweighs how it was liked, and a "not" turns what follows. */
const WORDS: readonly { rating: Rating; pattern: RegExp; longest: number }[] = [
  {
    rating: 1,
    longest: LONGEST,
    pattern: /(?:没有?|没啥|没什么)(?:啥|什么)?不满意|(?:没有?|没啥|没什么)(?:啥|什么)?意见(?!箱)/,
  },
  {
    rating: 4,
    longest: LONGEST,
    pattern:
      /(?:没|没有|未)(?:有|给|得到|完全|真正|一点|见)*(?:解决|办好|办成|修好|弄好|整好|处理好?|搞好)|(?:问题|事)(?:一点|还|仍|仍然|依然|根本|照样)+(?:没|存在|在)|解决(?:啥|什么|个屁|个啥)|满意(?:个屁|啥|什么|个啥)/,
  },
  {
    rating: 3,
    longest: LONGEST,
    pattern:
      /^(?:我|俺|还是|反正|真|很|非常|十分|极|极其|特别|太|一点都?也?|根本|谢谢)*不(?:太|怎么|咋|是很|大|够)?满意/,
  },
  {
    rating: 4,
    longest: 12,
    pattern:
      /没(?:啥|什么|有|任何)(?:变化|改变|改善|效果|动静|进展)|(?:问题|情况|毛病)(?:依旧|照旧|依然|还那样)|等于没(?:办|修|弄|管)|(?:还|还是)在(?:那|这|老地方)|只(?:修|办|弄|解决)了?(?:一半|一点)|^.{1,4}没(?:修|通|亮|来|弄|办|发|到|清|装|补|动)$/,
  },
  {
    rating: 4,
    longest: 12,
    pattern: new RegExp(
      `${STILL}(?:没|没有)(?:个)?(?:人(?:管|来|修|理|问|弄|动)|动静|结果|变化|动工|人影|来(?:修|人|水|电)|修|弄|动)|(?:啥|什么|一点)(?:也|都)?没(?:弄|办|干|动|变|解决)`,
    ),
  },
  {
    rating: 4,
    longest: SHORT,
    pattern:
      /(?:还是|仍然|仍|依然|照样|还|又)(?:没|不(?!错)|老样|那样|原样|坏|漏|堵|断|停|黑|臭|烂|淌|脏|乱|那么|老问题)|(?:还|还是|仍)在(?:漏|堵|停|断|坏|淌|等)|解决不了|^(?:没好|没有?$|没修|没办|没有(?:解决|处理|水|电)|白搭|老样子|不行|没用|不管用|假的|骗人)/,
  },
  { rating: 3, longest: LONGEST, pattern: /满意不了|(?:怎么|咋|哪)(?:可能|会|能)?满意|能满意吗?$|差评/ },
  {
    rating: 2,
    longest: LONGEST,
    pattern:
      /是(?:来|修|好|通|亮|弄|办|解决)(?:好|上)?了.{0,4}(?:就是|但|不过|可)|^(?:也|就|还)?算(?:是)?满意|(?<!不)满意.{0,4}(?:就是|但是|不过|只是|可是|但)|部分解决|(?:解决|办|修)了?(?:一部分|一半|一多半|大半)/,
  },
  { rating: 2, longest: LONGEST, pattern: /(?:不能说|不算|说不上|谈不上|也不是|不是)(?:很|太)?不满意?/ },
  {
    rating: 3,
    longest: LONGEST,
    pattern:
      /(?:不|没|没有|谈不上|说不上|算不上|哪能|不能|不算|无法|咋能)(?:太|怎么|咋|是很|是太|很|大|够|让人|甚|觉得)*满意/,
  },
  {
    rating: 3,
    longest: SHORT,
    pattern:
      /(?:不|没)(?:太|怎么|咋|是很|很|大)?(?:好(?!意思)(?:使|用)?|行|中|理想|咋样|怎么样|咋地)$|^(?:有点|真|太|很|挺)?(?:差(?!不多)劲?|失望|糟|不像话|应付|糊弄)|不满(?!意)|(?:太差|很差|差劲|失望|糊弄|应付事|敷衍)|^(?:有点|实在|就是|也)?太慢|还?差点(?:意思|事|火候)|^(?:太|真|好)慢|不认真|不负责/,
  },
  {
    rating: 2,
    longest: LONGEST,
    pattern: /(?:基本|还算|比较|大致|大体|凑合|凑凑合合|差不多|勉强|算是)(?:上)?(?:都)?(?:满意|可以|解决|行)/,
  },
  {
    rating: 2,
    longest: 10,
    pattern:
      /^(?:嗯|还|就)*(?:还行|还可以|还成|还中|还不错|一般|一般般|凑凑合合|就那样|就这样|马虎|普通|凑合|马马虎虎|差不多|将就|过得去|勉强|还好|凑合吧|中不溜)/,
  },
  { rating: 1, longest: LONGEST, pattern: /(?:非常|很|挺|十分|特别|相当|太|百分百|都|大家)?满意/ },
  {
    rating: 1,
    longest: 20,
    pattern:
      /^(?:都|已|已经|现在|今天|早就|水管|路灯|下水道|垃圾|补贴|补助|低保|钱|问题|事情?|水|路|电|灯|谢谢|感谢|书记|嗯|好的)*(?:解决|办好|修好|弄好|处理好|好|通|亮|来水|来电|修|清|整好|搞定|办完|通水|到账|发|下来|办下来|批下来|收到|来)(?:了|啦|嘞|哩)+(?:好了|谢|感谢|多谢|辛苦|挺好|很好|水|电|满意|书记|村委|村里|你们|你|您|大家|来了|亮了|非常|真|给|力|的|村委会|两委|干部|主任|领导|帮忙|非常感谢)*$|^(?:问题)?(?:解决|处理|修|办|弄|干)(?:得|的)(?:很|挺|非常|真|也)?(?:好|不错|及时|快)|^(?:谢谢|感谢|问题)*(?:已|已经|都)(?:解决|修好|办好|处理)(?:好|完)?了?$|(?:服务|态度|效率|速度|质量)(?:很|真|非常|都|挺|也)*(?:好|高|快|不错|满意)|^(?:很|非常|挺|真|都)?(?:及时|周到|负责|认真|迅速)|好评|点(?:个)?赞|^(?!.*(?:不|没|但|可是|就是)).{0,8}(?:修|办|弄|干|处理|解决|做|整|装)(?:得|的)(?:很|挺|非常|真|特别|也)*(?:好|不错|及时|快|漂亮|周到)|^(?:比.{1,4})?(?:好多了|强多了)|^(?:弄|修|办|干|整|清|装|换)(?:完|好|上)了?.{0,2}(?:可|真|挺|很|怪|老)(?:好|中|满意|高兴)|^(?:很好|非常好|好了|挺好|真好|太好了|不错|很不错|办得(?:好|不错|挺好|很好)|点赞|好极了|棒|真棒|给力|好得很|(?:嗯|中|行|好)?(?:怪|可|老|真|(?:办|弄|修|干|搞|整)(?:得|的|嘞|哩|滴))(?:怪|可|真|挺|很)?(?:好|中|不孬|不赖|不错|得劲|行|美)(?:谢|感|你|您|们|书记|了)*$|不孬|不赖|得劲|巴适|中得很|没得说|没说的)/,
  },
];
