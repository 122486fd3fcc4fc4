import type { Said } from "../lib/said.ts";

/**
 * Whether a text accuses a cadre: a deed that only office makes possible ("扶贫款叫谁贪了"), or any wrong deed whose doer
 * is a cadre, by post or by name. To address one ("主任，有人赌博"), to complain of the service ("书记不接电话") and to praise
 * ("没贪过一分钱") is no accusation.
 */
export function readAccusation(
  { whole, clauses }: Said,
  cadres: readonly string[],
): { accused: string[]; why: string } | null {
  const names = cadres.filter((name) => name.length >= 2 && whole.includes(name));
  const spoken = stripAddress(whole, clauses, names);
  const accused = cadresIn(spoken, names);
  const abuse = deedIn(spoken, ABUSE_OF_OFFICE);
  const others = accused.length === 0 && (PRIVATE.test(spoken) || spoken.length > LONG);
  if (abuse && !others)
    return { accused: accused.length > 0 ? accused : cadresIn(whole, names), why: `说到“${abuse}”，像是指控干部` };
  if (accused.length === 0) return null;
  const loss = accused.find((one) => new RegExp(`(?:被|让|叫|给)${one}(?:他们|家)?[^,]{0,4}${TAKES}`).test(spoken));
  if (loss) return { accused, why: `说东西叫“${loss}”拿去了，指控干部` };
  const charge = CHARGE.exec(spoken);
  if (charge && accused.some((one) => spoken.slice(charge.index, charge.index + 16).includes(one)))
    return { accused, why: `要“${charge[0]}”${accused.join("、")}` };
  const deed = deedIn(spoken, WRONG_DEED);
  if (!deed) return null;
  const at = spoken.indexOf(deed);
  const near = accused.filter((one) => Math.abs(spoken.indexOf(one) - at) <= REACH && !isAsked(spoken, one));
  return near.length > 0 ? { accused, why: `说“${near[0]}”“${deed}”，指控干部` } : null;
}

/** Schools, firms and foremen cheat too, but are no cadres; a long letter has such words in passing. */
const PRIVATE = /学校|老师|校长|教育局|医院|公司|企业|厂|老板|工头|包工|物业|中介|开发商|业主|银行|超市|比赛/;
const LONG = 120;
/** How far apart the deed and its doer may stand. */
const REACH = 24;

const POSTS =
  /村?第一书记|(?:村|镇|乡|党|总|副|老){0,4}支?书记|村?支书|村?(?:妇女|治保|村委会?|副|老|调解){0,4}(?<!班|车间|办公室)主任(?!医|任)|[村镇乡](?:上|里)?的?(?:长|领导|干部)|村里(?:的)?(?:领导|干部|当官的)|[驻包]村(?:干部|领导)|联户干部|干部|(?:村|支)?两委|村委会?|村会计|会计(?!证|师|学)|出纳|(?:大|生产|小)?队长|(?:村民)?小?组长|网格员|工作队|村?监委?会|当官的/g;

function cadresIn(text: string, names: readonly string[]): string[] {
  const posts = Array.from(text.matchAll(POSTS), (match) => match[0]);
  return [...new Set([...posts, ...names.filter((name) => text.includes(name))])];
}

/** "书记，…", "主任你好 俺…", "刘书记我家…": who is spoken to, not of. */
function stripAddress(whole: string, clauses: readonly string[], names: readonly string[]): string {
  const [first = "", second = ""] = clauses;
  const address = new RegExp(
    `^(?:尊敬的|亲爱的|敬爱的)?[^告举打骂]{0,2}?(?:${[POSTS.source, ...names].join("|")})(?:您好|你好|好|同志|大人|啊|呀)*`,
  );
  const match = address.exec(whole);
  if (!match) return whole;
  const rest = whole.slice(match[0].length);
  const apart = match[0] === first && /^(?:我|俺|有人|谁|他|村里|咱|你|您|请|麻烦|老|邻居)/.test(second);
  const greeted = /(?:您好|你好|好|同志)$/.test(match[0]);
  return apart || greeted || /^(?:我|俺|咱|请问|麻烦)(?!的钱)/.test(rest) ? rest : whole;
}

/** Asked for help, told or praised, not accused. */
function isAsked(text: string, cadre: string): boolean {
  const at = text.indexOf(cadre);
  return (
    /(?:请|找|求|让|叫|向|报告|麻烦|希望|盼|感谢|谢谢|多亏|建议|跟|给)$/.test(text.slice(0, at)) ||
    /^(?:们)?(?:能|能不能|快|也|都)?(?:来)?(?:管管|管一下|管一管|评评理|处理|调解|看看|帮)/.test(
      text.slice(at + cadre.length),
    )
  );
}

function deedIn(text: string, deeds: RegExp): string | null {
  for (const match of text.matchAll(deeds)) {
    const before = text.slice(Math.max(0, match.index - 5), match.index);
    if (
      !/(?:没|没有|不|从不|从没|从来不|从来没|从未|未|不会|别|不要|不许|不准|防止|杜绝|反对?|严禁|整治|严查|打击|惩治|不能|查处)(?:有|再|过)?$/.test(
        before,
      ) &&
      !/^过?一分/.test(text.slice(match.index + match[0].length))
    )
      return match[0];
  }
  return null;
}

/** What was ours, and somebody took. */
const TAKES =
  "(?:拿[走去了]|扣[了下掉]|领[走去了]|取[走去了]|花[了掉光]|吃了|分[了掉]|卖[了掉]|贪|吞|截|骗|占[了去]|昧|霸|拉[走到回他去]|搬[走到回他去]|弄走|运走)";
const CHARGE =
  /举报|检举|揭发|实名告|状告|告发|要告|(?<=[我俺])告(?!诉|知|别|假)|控告|反映(?=.{0,10}(?:问题|作风|腐败|行为))/;

const ABUSE_OF_OFFICE =
  /贪污|贪(?:了|钱|款|官|腐)|(?<!不)私分|私吞|侵吞|吞了|独吞|挪用|截留|克扣|套取|套补|冒领|虚报|谎报|空饷|公车私用|伪造(?:签名|合同|材料|名单)|代签(?:名|字)|骗取(?:国家|补|低保)|受贿|行贿|索贿|好处费|吃回扣|拿回扣|回扣|吃拿卡要|以权谋私|假公济私|徇私|优亲厚友|中饱私囊|腐败|假账|(?:账|帐)(?:目)?.{0,3}(?:不对|不清|有问题|有鬼|对不上)|暗箱操作|黑幕|拉票|(?:换届|选举|选(?:村长|主任|书记|干部))[^,]{0,12}(?:给|发|送)[^,]{0,5}(?:钱|块|米|油|烟|酒|红包)|(?:换届|选举).{0,8}(?:送钱|发钱|给钱|送东西|送礼|花钱)|贿选|买选票|公款(?!.{0,8}(?:公开|公示))|(?:装|进|到|落|揣|流)(?:了)?.{0,5}(?:兜|口袋|腰包)|选举买票|据为己有|(?:乱花|挥霍|浪费|糟蹋)[^,]{0,4}(?:公家|集体|村里|公款|大家)|(?:账|帐)[^,]{0,3}(?:没人敢|不敢查|有猫腻|是假|乱七八糟|一笔糊涂|糊涂)|(?:补贴|低保|款|钱|物资)[^,]{0,4}(?:被|让|叫)(?:村里|村上|大队|村委会?|镇上)[^,]{0,3}(?:扣|截|吞|拿|贪|昧)|都是[^,]{0,4}(?:干部|书记|主任|村长|支书)[^,]{0,3}(?:亲戚|关系|家人|自己人|本家)|(?:指标|名额|低保|公章|五保)[^,]{0,6}(?:给钱|送礼|花钱|塞钱|交钱|卖钱)|(?:办|评|批|盖)[^,]{0,6}(?:要|得|必须|非得|全靠)(?:送礼|送钱|给钱|塞钱|给红包|请客|给好处|花钱买)|不送礼[^,]{0,3}不|交了?[^,]{0,5}(?:块|元|钱|万)[^,]{0,2}才(?:给|能)(?:办|批|评|盖)|(?:不|没)(?:给[^,]{1,4})?(?:送|给)(?:礼|钱|烟|酒|红包).{0,5}(?:不|就|甭)(?:给|想|办|批|盖|干)|(?:得|要|非得|让)(?:我|俺)?(?:送|给|交)(?:礼|红包|好处|钱|[一二三四五六七八九十百千万两几\d]{1,4}块?).{0,5}才|滥用职权|倒卖(?:集体|村|土地|地|救灾|扶贫)|把.{0,4}(?:集体|村里)的?.{0,6}(?:卖了|私卖|偷卖)|(?:低保|名额|补贴|工程|救济|贫困户).{0,8}(?:给|让|叫).{0,3}(?:干部|书记|主任|自己|他|自家).{0,3}(?:亲戚|关系户|亲属|家人|小舅子)/g;

const WRONG_DEED =
  /收(?!.{0,6}(?:医保|医疗|水费|电费|水钱|电钱|社保|养老|农合|保险|卫生费))(?:了)?(?:我|俺|人家|别人|老.)?.{0,6}(?:钱|块|万|烟|酒|红包|礼|好处)|收礼|送礼|拿(?:了|走|着)(?:我|俺)?.{0,6}(?:款|钱|物资|补贴|东西)|自己(?:拿|留|分|用)(?:了|走)?|扣(?:下|留|了|着).{0,4}(?:款|钱|补贴|不发|不给)?|不干净|(?:合伙)?骗(?:补贴|低保|钱|款|国家|老百姓|村民)|转走|强奸|猥亵|作弊|买票|贿赂|自家人|自己人|自己家|要红包|要钱|乱收费|多收|私自|私卖|偷(?:偷)?(?:卖|砍|拿)|卖(?:了|掉).{0,4}集体|做假|弄虚作假|造假|猫腻|发钱|送(?:钱|米|油)买|霸占|强占|侵占|多占|占(?:了|着|用)?.{0,6}(?:地|田|亩|房|低保|名额|公)|吃喝|大吃大喝|喝酒闹事|威胁|恐吓|吓唬|报复|穿小鞋|打(?:了)?(?:人|我|俺|他|老)|动手打?|骂(?:了)?(?:人|我|俺|娘|街)|欺负|欺压|敲诈|勒索|勾结|伙同|一伙|赌博|赌钱|打麻将赌|嫖|包养|作风|不正当|调戏|骚扰|耍流氓|乱搞|动手动脚|吃(?:着)?低保|吃空饷|走后门|关系户|任人唯亲|偏袒|包庇|拦着?不让(?:告|上访)|截访|(?:小舅子|亲戚|儿子|侄子|兄弟|弟弟|媳妇|女婿|亲家|妹夫|姐夫|外甥|哥).{0,6}(?:承包|包了|包的|包揽|占|当上?|领|吃|拿|得)|(?:承包|包|给|批|分)(?:了)?(?:给)?(?:他|自己|自家)?(?:的)?(?:小舅子|亲戚|儿子|侄子|兄弟|弟弟|女婿|亲家|妹夫|外甥)|(?:低保|名额|补贴).{0,6}(?:亲戚|自己|自家|关系)|家[一二三四五两几\d]个低保|(?:低保|五保|贫困户)(?:都|全|净)是|坑(?:害)?(?:老?百姓|人|农)|欺上瞒下|瞒着|隐瞒|销毁|砸了|(?:没|没有|不|未|不用|没走)(?:公开)?招标|处事不公|办事不公|不公道|偏心|心太?黑|黑心|一手遮天|一言堂|独断专行|霸道|横行|仗势|仗着|假的|虚开|假发票|白条|(?:被|让|叫).{0,8}(?:拿走|拿去|拿了|分了|花了|吃了)|骗.{0,4}(?:钱|款)|钱(?:是|从)?(?:哪来|哪里来|哪儿来)|记(?:在)?(?:村里|集体|公家)的?(?:账|帐)|村霸|恶霸|黑社会|小三|情人|搞破鞋|(?<![,])有(?:大|作风|经济|生活|严重)?问题(?!想|要|问|找|请|反映|咨询|跟|和|向|需|的话|吗|怎么|咋|就)|骗(?:了)?(?:我|俺|大家|群众|村民)|冒(?:充|名)|撤诉|封口|垄断|把持|倒卖|卖(?:了)?(?:宅基地|指标|名额|集体)|违规|违法|违纪|打麻将|打牌|操办|大办(?:酒|婚|丧)|给(?:他|她|自己)家?(?:盖|修|干活|种|装)|(?:发|送)(?:了)?[^,]{0,6}(?:米|油|烟|钱|酒)[^,]{0,6}(?:选|投)(?:他|她|票)|(?:玩|搞|找|睡)女人|拉(?:回|到)(?:自己|他|家)|不公平|欺压|强行(?:占|拆|收|征)|强拆|讹|坑人|害人|打击报复|要(?:了|走|过)?(?:我|俺|人家|老百姓)?[^,]{0,5}[块元百千万](?!意)|(?<![我俺])(?:亲戚|亲属|家人|小舅子|侄子|外甥|亲家|本家)[^,]{0,8}(?:低保|五保|贫困户|工程|补贴|名额|公益岗|岗位)|包了[^,]{0,5}工程|(?:又)?(?:卖|收|要)[^,]{0,6}(?:好处|黑钱)|用的?(?:都)?是(?:村里|集体|公家|大队)的|(?:把|将)[^,]{0,10}(?:钱|款|补贴|物资|东西|工资)[^,]{0,2}(?:取|领|拿|卷|弄|搬|吞|分|花)(?:走|了|光|跑)?|(?:取|领|卷|弄)走|(?:把|将)[^,]{0,4}(?:集体|村里|公家|大队|林|山|机动地|鱼塘|水库|学校|树|沙)[^,]{0,4}(?:卖|分|租|包)(?:了|掉|光)|霸着|转(?:到|进|入|给)[^,]{0,2}(?:自己|他|她|私人|个人|名下)|两本(?:账|帐)|账外账|小金库|阴阳合同|低价(?:卖|承包|包)|顶替|给(?:他|她)?买(?:烟|酒|东西).{0,4}才|(?:钱|款|万)(?:都)?(?:去|到|弄|花|用)(?:到)?(?:哪|哪里|啥地方)/g;
