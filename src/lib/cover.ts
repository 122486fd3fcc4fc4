/**
 * Whether a text is nothing but these words, one after the other. Linear in the text, whatever the words: the same
 * question as a regular expression of overlapping words ("嗯|嗯嗯") can take for ever. Answers with which of the words
 * made it up, or null.
 */
export function coverWith(text: string, words: ReadonlySet<string>): string[] | null {
  const longest = longestOf(words);
  const before: (string | null)[] = [""];
  for (let end = 1; end <= text.length; end++) {
    before[end] = null;
    for (let start = Math.max(0, end - longest); start < end; start++) {
      const word = text.slice(start, end);
      if (before[start] !== null && words.has(word)) {
        before[end] = word;
        break;
      }
    }
  }
  const found: string[] = [];
  for (let end = text.length; end > 0; ) {
    const word = before[end];
    if (!word) return null;
    found.unshift(word);
    end -= word.length;
  }
  return found;
}

const lengths = new WeakMap<ReadonlySet<string>, number>();
function longestOf(words: ReadonlySet<string>): number {
  const known = lengths.get(words) ?? Math.max(0, ...Array.from(words, (word) => word.length));
  lengths.set(words, known);
  return known;
}

/** Words as they stand in the code: parted by white space. */
export const wordsOf = (text: string): Set<string> => new Set(text.split(/\s+/).filter((word) => word !== ""));
