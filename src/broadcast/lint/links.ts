import type { LintRule } from "./finding.ts";
import { findAll, sentenceOf } from "./heard.ts";
import { isWarning } from "./warning.ts";

/** Real notices carry no link (reference/domain.md 5.7): who taps one today taps the fraud's tomorrow. */
export const linkRules: readonly LintRule[] = [
  {
    name: "link",
    read: (heard) => findAll(heard, LINK).map(({ at }) => ({ level: "block", at, ...NO_LINK })),
  },
  {
    name: "link_invited",
    read: (heard) =>
      findAll(heard, INVITED)
        .filter((match) => !isWarning(match))
        .map(({ at }) => ({ level: "block", at, ...NO_LINK })),
  },
  {
    name: "scan_code",
    read: (heard) =>
      findAll(heard, SCAN)
        .filter((match) => !isWarning(match))
        .map((match) => {
          const { before, after } = sentenceOf(match);
          const there = ON_THE_SPOT.test(before + after);
          return {
            level: there ? "warn" : "block",
            at: match.at,
            why: "短信里没有码可扫，叫人扫码也是骗子的办法",
            ...NO_CODE,
          };
        }),
  },
];

const NO_LINK = {
  why: "短信里的网址分不出真假，骗子也这样发，点了可能丢钱",
  remedy: "删掉网址，写成到村委会办，或打村里的电话问",
};
const NO_CODE = { remedy: "写明到哪里、找谁办；码贴在村委会，来了再扫" };

const ENDING =
  "com|cn|net|org|gov|edu|top|xyz|vip|cc|tv|co|io|me|tk|info|shop|site|club|link|ly|gd|app|wang|fun|ltd|online|store|中国|公司|网络|网址";
/** Folded text has no spaces, and "．" is "."; people write "点" and "。" for the dot to get past a filter. */
const LINK = new RegExp(
  `(?:https?|ftp)[:/]+[^\\s,、。;!]*|www[.。·点][a-z0-9]|(?<![a-z0-9@])[a-z0-9][a-z0-9-]*(?:[.。·点][a-z0-9-]+)*[.。·点](?:${ENDING})(?![a-z])(?:/[^\\s,、。;!]*)?|(?<![a-z0-9@.])[a-z0-9-]+\\.[a-z]{2,}/[a-z0-9]+|(?<!\\d)\\d{1,3}(?:\\.\\d{1,3}){3}(?=[:/])`,
  "g",
);
const INVITED =
  /(?:打开|登录|登陆|进入|访问|复制|查看|详见|见)[^,。;]{0,6}(?:链接|网址|网页)|(?:链接|网址)(?:如下|为|是)?[:：]/g;
const SCAN =
  /扫(?:一扫|描|下|下方|以下|此|这个|我|进|该)*(?:微信)?(?:群)?(?:二维码|码(?!头|放))|扫一扫|长按.{0,4}识别/g;
const ON_THE_SPOT = /现场|当场|大厅|窗口|门口|村委会|服务站|公示栏|公开栏|卫生室|前台|处/;
