import type { Said } from "../lib/said.ts";
import { toNumber } from "./numeral.ts";
import type { Verdict } from "./verdict.ts";

/**
 * How is my case? By 查 or 进度 alone, by its number, or asked of what the villager himself reported. An order to look
 * into something ("查一下3号井谁修的") and a reproach ("我反映的咋还没人管") are no such question: a person reads them.
 */
export function readStatusQuery({ whole, bare }: Said): Verdict | null {
  if (whole.length > LONGEST) return null;
  const numbered = NUMBERED.exec(bare) ?? NUMBERED.exec(whole);
  const written = numbered?.[1] ?? numbered?.[2] ?? numbered?.[3] ?? numbered?.[4];
  if (written) {
    const number = toNumber(written);
    return { meaning: "status_query", why: `查编号 ${number ?? written} 办得怎样`, number };
  }
  if (ALONE.test(bare)) return { meaning: "status_query", why: `整条短信是查询词“${bare}”`, number: null };
  if (REPROACH.test(whole)) return null;
  const own = OWN.exec(whole);
  const asks = ASKS.exec(bare) ?? ASKS.exec(whole);
  return own && asks ? { meaning: "status_query", why: `问自己的事“${own[0]}”“${asks[0]}”`, number: null } : null;
}

const LONGEST = 36;
const N = "(\\d{1,6}|[一二三四五六七八九十百零两]{1,5})";
const HOW =
  "(?:(?:的)?(?:事|意见|问题|件|案子|诉求|工单)?(?:现在|目前|办|处理|解决|弄|修|查)*(?:得|的)?(?:咋样|怎么样|怎样|如何|咋着|啥样|到哪(?:一?步|了|儿了)?|到啥程度|什么情况|啥情况|进度|进展|有(?:没有?)?(?:结果|消息|信|眉目|下文|进展|回音)|结果|(?:办|处理|解决|弄|修)(?:好|完|妥)?(?:了)?(?:没|吗|没有|不)|好了(?:没|吗)|完了(?:没|吗)|啥时候(?:办|好|解决))(?:没有?|吗|了|啦|呢|啊)*)";
const NUMBERED = new RegExp(
  `^(?:请|帮我|帮俺|我想|想|麻烦)?(?:查询?|查一?下|查查|查看|问一?下|进度|查进度)(?:一下)?(?:编号|第|单号)?${N}(?:号|件)?(?:意见|件|的?事|的?进度|的?结果)?${HOW}?$|^(?:编号|单号)${N}(?:号|件)?(?:意见|的?事)?${HOW}?$|^第${N}(?:号|件)(?:意见|的?事)?${HOW}$|^(?:我的|俺的|那个)?${N}(?:号|号件|件)(?:意见|的?事)?${HOW}$`,
);
const ALONE =
  /^(?:请|帮我|帮俺|我想|俺想|我要|想|麻烦)?(?:查|查询|查一下|查下|查查|查看|查进度|查询进度|进度|进展|办理进度|看进度|进度查询|查结果|查办理|查办理进度|问进度|问下进度|办得咋样|办的咋样|办得怎么样|办好了没有?|办好了吗|有结果没有?|有结果了?吗|有结果了没|到哪一?步|到哪步了|(?:啥|什么)时候(?:能|会)?有结果|有人管(?:了)?(?:没|吗)|有信没有?|有消息没有?|有消息了?吗|有消息了没|处理得怎么样|处理的怎么样|(?:那|这)(?:个|件)?事(?:办得|办的)?(?:咋样|怎么样)|上次那(?:个|件)?事(?:咋样|怎么样))(?:了)?$|^(?:咋样|怎么样)了$/;
const OWN =
  /(?:我|俺|我们|俺们|咱|我家|俺家)(?:上次|上回|前几天|昨天|上周|之前|那天|前天)?(?:反映|提|报|说|问|上报|投诉|举报|写|发|交|申请)(?:过|了|上去)?的|^(?:反映|上报|报|报修|投诉|提)(?:过|了|上去)?的|(?:上次|上回|前几天|昨天|上周|之前|那天|前天|前些天)(?:我|俺)?(?:反映|报修|提|报|说|问|上报|投诉|举报|写|发)(?:过|了|上去|给你们)?的|(?:我|俺|我们|俺们|俺家|我家)(?:的)?(?:那|这)?(?:个|件)?(?:.{1,5}的)?(?:事|件|意见|建议|问题|诉求|申请|投诉)(?!业)/;
const ASKS =
  /(?:咋样|怎么样|怎样|如何|咋着|啥情况|什么情况|到哪(?:一?步|儿|里)?|办到哪|啥程度)|有(?:没有?)?(?:个)?(?:结果|信|消息|眉目|下文|进展|回音|着落|动静|回复|说法|谱)|进展|进度|(?:采纳|受理|答复|回复|安排|登记)了?(?:没|吗)|有人(?:办|管|处理|看|理|修)(?:了)?(?:没|吗)|(?:办|处理|解决|弄|批|落实|安排)(?:好|完|妥|下来|了)*(?:没|吗|没有|不)|采纳|^(?:查|问|看)(?:一下|下|查|问|看)/;
const REPROACH = /咋还|怎么还|为啥|为什么|凭啥|没人管|没人理|一直没|都.{1,5}了还|还不|不管|石沉大海|拖/;
