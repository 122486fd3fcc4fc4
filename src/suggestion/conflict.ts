import { toSimplified } from "../lib/fold.ts";

/**
 * The conflict guard: nobody handles a case that is about him (信访工作条例 art. 28). A text names somebody by his full
 * name, by surname and title (刘书记), or by a title that he alone has in the village (书记).
 * Being spoken to is not being named: "书记，路灯坏了", "请刘书记来看看", "谢谢王会计" stay with whom they greet, or
 * every polite text would be taken from the secretary.
 */
export type Nameable = { id: string; name: string; post: string };
export type Naming = { id: string; name: string; words: string };

export function findNamed(text: string, people: readonly Nameable[]): Naming[] {
  const plain = toSimplified(text.normalize("NFKC"));
  const titles = new Map(people.map((one) => [one.id, titlesOf(one.post)]));
  const isTheirsAlone = (title: string, id: string) =>
    people.every((one) => one.id === id || !titles.get(one.id)?.includes(title));
  return people.flatMap(({ id, name }) => {
    const known = titles.get(id) ?? [];
    const calls = [
      ...(Array.from(name).length >= 2 ? [name] : []),
      ...known.map((title) => surnameOf(name) + title),
      ...known.filter((title) => isTheirsAlone(title, id)),
    ];
    const words = calls.find((call) => isNamed(plain, call, known.includes(call)));
    return words === undefined ? [] : [{ id, name, words }];
  });
}

/** What people call each other by; a post holds one of these words or is no title. */
const TITLES: readonly (readonly [title: string, ...also: string[]])[] = [
  ["书记", "支书"],
  ["主任", "村长"],
  ["会计"],
  ["文书"],
  ["队长"],
  ["组长"],
  ["网格员"],
];
const titlesOf = (post: string): string[] =>
  TITLES.flatMap((words) => (words.some((word) => post.includes(word)) ? words : []));

const COMPOUND = ["欧阳", "司马", "诸葛", "上官", "皇甫", "司徒", "东方", "尉迟", "公孙", "慕容", "令狐", "夏侯"];
const surnameOf = (name: string): string => COMPOUND.find((one) => name.startsWith(one)) ?? Array.from(name)[0] ?? "";

/** `bare`: a title without a name, which in front of it may carry another's (镇里的王书记, 县委副书记). */
function isNamed(text: string, call: string, bare: boolean): boolean {
  for (let at = text.indexOf(call); at >= 0; at = text.indexOf(call, at + 1)) {
    const before = text.slice(0, at);
    const behind = text.slice(at + call.length);
    if (bare && ANOTHERS.test(before)) continue;
    if (!isGreeting(before, behind) && !ASKED.test(before)) return true;
  }
  return false;
}

const isGreeting = (before: string, behind: string): boolean =>
  /(?:^|[\s,。.!?;:、~])(?:尊敬的|敬爱的|亲爱的)?$/.test(before) &&
  /^(?:$|[\s,。.!?;:、~]|您|你好|好[\s,。.!?]|好$|(?:我|俺|咱)(?:们|家)?(?:想|要|来|再|跟您|和您|给您|得)?(?:反映|反应|说|问|提|报告|讲)|(?:俺|我|咱)(?:们|家|村|组)|能不能|麻烦|请)/.test(
    behind,
  );

/** Not 让 and 叫: 地叫书记占了 says by whom. */
const ASKED =
  /(?:请|麻烦|劳烦|求|希望|盼望?|盼着|感谢|谢谢|多谢|辛苦了?|拜托|告诉|转告|转达|问问?)(?:咱|咱们|俺|我们|我|一下|下)?(?:村)?(?:的)?$/;

const ANOTHERS =
  /(?:[镇乡县市区省委局副总厂校团]|街道|第一|[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗方俞任袁柳唐罗薛雷贺倪汤滕殷毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟黄穆萧尹姚邵汪祁毛禹狄米明臧计伏成戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾江童颜郭梅盛林刁钟徐邱骆高夏蔡田胡霍虞万支柯管卢莫房解应丁宣邓郁杭洪包左石崔吉龚程邢裴陆荣翁荀羊惠曲封侯宁仇武刘景龙叶黎白蒲卓池乔温庄晏阎连习艾容向古易慎戈廖曾沙丰关])$/;
