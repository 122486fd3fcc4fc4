import type { Said } from "../lib/said.ts";
import type { Verdict } from "./verdict.ts";

/** How does this work? 帮助 and a lone question mark; how to reply, to leave, to say something; what a word of ours means. */
export function readHelpQuery({ text, whole, bare }: Said): Verdict | null {
  if (/^[?？]$/.test(text.trim().normalize("NFKC"))) return { meaning: "help_query", why: "只发了一个问号" };
  if (whole.length > LONGEST) return null;
  const asked = PATTERNS.find((pattern) => pattern.test(bare) || pattern.test(whole));
  return asked ? { meaning: "help_query", why: `问怎么用“${whole.slice(0, 14)}”` } : null;
}

const LONGEST = 28;
const THIS =
  "(?:请问|我想问|问一?下|你好|您好|我|俺|咱)*(?:这个?|这种|这条|村里(?:的)?|你们(?:的)?|这边)*(?:短信|号码?|平台|系统|掌上村务|服务|东西|玩意|功能)?(?:到底)?(?:是)?";
const HOW = "(?:怎么|咋|如何|怎样|怎么样)(?:才)?(?:能|样|个|去)?";
const PATTERNS: readonly RegExp[] = [
  /^(?:帮助|帮助菜单|菜单|help|h|使用说明|说明|用法|使用方法|操作说明|使用帮助|指令|命令|有啥功能|有什么功能|都能干啥|能干啥|不会用|俺?不会使|不会弄|看不懂咋用|求助菜单|功能)$/,
  new RegExp(
    `^${THIS}${HOW}(?:用|使用|使|操作|回|回复|回短信|发|发短信|玩)(?:啊|的|呢|法|你们|这个|短信|信息|给你们|平台|号|东西)*$`,
  ),
  new RegExp(
    `^(?=.{0,8}(?:这|你们|短信|号|平台|系统|东西|村务))${THIS}(?:短信|号)?(?:是)?(?:用来)?(?:干啥|干什么|干嘛|做什么|做啥|弄啥|能干什么|能干啥|能干嘛)(?:用|使)?(?:的|用的)?(?:呢|啊)?$`,
  ),
  new RegExp(
    `^(?:请问|我想问|问一?下|我|俺)*(?:想)?${HOW}(?:退订|退|取消(?:短信|订阅|接收)|不收短信|恢复|恢复接收|订阅|屏蔽)(?:啊|呢|短信|这个|你们|了)*$`,
  ),
  /^(?:退订|td|t|恢复|掌上村务|密件|密|编号|评价|回复td|回t退订|回td)(?:是|有)?(?:啥|什么|么|嘛|干啥)(?:意思|用|东西)?(?:的)?(?:啊|呢)?$/,
  /^(?:退订|恢复)(?:了)?(?:会|以后|之后)?(?:怎么样|咋样|还能收到.{0,4}吗?)$/,
  new RegExp(
    `^(?:有事|有问题|有意见|有话|有困难)?(?:我|俺|想|请问)*${HOW}(?:跟|给|和|向)?(?:村里|村委会?|书记|你们|上面)?(?:(?:提|反映|说|写|讲|投诉|提交|上报|发)(?:个|点)?(?:意见|建议|问题|事|情况|困难)|(?<=村里|村委|村委会|书记|你们|上面)(?:反映|说|讲|提))(?:啊|呢)?$`,
  ),
  new RegExp(`^${HOW}(?:查|看|知道|查询)(?:自己的|我的|俺的)?(?:办理)?(?:进度|结果|进展)$`),
  new RegExp(`^这是啥(?:短信|号)?${HOW}?(?:用|回)$`),
];
