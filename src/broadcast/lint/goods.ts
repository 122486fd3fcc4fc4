import type { LintRule } from "./finding.ts";
import { findAll } from "./heard.ts";
import { isWarning } from "./warning.ts";

/** A notice that sells something is a commercial message, with its own law and fines (reference/domain.md 2.1). */
export const goodsRules: readonly LintRule[] = [
  {
    name: "advertising",
    read: (heard) =>
      findAll(heard, SELLING)
        .filter((match) => !isWarning(match))
        .slice(0, 1)
        .map(({ at }) => ({
          level: "warn",
          at,
          why: "像卖东西的广告，混进来整条就成了商业短信，要本人同意才能发",
          remedy: "删掉商家和价格；村里统一订的，写清是村集体办的、不赚钱",
        })),
  },
];

const SELLING =
  /促销|打折|[一二三四五六七八九\d.]折(?:优惠|起|销售|出售)|特价|大甩卖|清仓|厂家直销|欲购|订购热线|加盟|保健品|买[一二三\d]送|送货上门|优惠(?:价|活动|券|酬宾)|酬宾|抢购|秒杀|会员卡|免费体验|旗舰店|专卖店|开业|诚招|代理商|楼盘|首付|(?:话费|流量|宽带)套餐/g;
