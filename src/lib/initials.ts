/**
 * The first letters of a name's pinyin: 郭建国 → gjg, as people type who never learned to choose characters. The first
 * character that Unicode's Chinese collation sorts under each letter stands for it; no syllable begins with i, u or v.
 * A character of two readings has one of them here (曾 may be c), so it is a help for searching and nothing else.
 */
const FIRST_OF_LETTER = "阿八嚓咑妸发旮哈丌咔垃妈拏噢妑七呥仨他屲夕丫帀";
const LETTERS = "abcdefghjklmnopqrstwxyz";

const collator = new Intl.Collator("zh-Hans-CN-u-co-pinyin");
const known = new Map<string, string>();

export const initialsOf = (name: string): string => Array.from(name, initialOf).join("");

function initialOf(character: string): string {
  if (!/\p{Script=Han}/u.test(character)) return character.toLowerCase();
  const remembered = known.get(character);
  if (remembered !== undefined) return remembered;
  let at = -1;
  for (const first of FIRST_OF_LETTER) {
    if (collator.compare(character, first) < 0) break;
    at++;
  }
  const letter = LETTERS[at] ?? "";
  known.set(character, letter);
  return letter;
}
