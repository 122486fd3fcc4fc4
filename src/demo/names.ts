import { pick } from "./random.ts";

/** Ordinary names of a northern village, by generation; 郭 is the commonest family name of 郭家村. */
const FAMILY = Array.from("郭郭郭郭郭郭郭王王刘刘张张李李孙赵高马于");

export type Generation = "elder man" | "elder woman" | "man" | "woman" | "young";

const GIVEN: Record<Generation, readonly [first: string, second: string]> = {
  "elder man": ["德传兴福玉长守继", "山林贵海田友顺堂"],
  "elder woman": ["秀桂玉淑凤翠", "兰英芳珍莲云"],
  man: ["建志永新庆洪", "强勇伟亮波峰涛"],
  woman: ["春红海晓艳丽", "霞梅燕萍娟敏"],
  young: ["文佳雨浩梓思", "轩涵彤宁琪然"],
};

/** Gives names that nobody of `taken` has, and remembers them: a text in the demo speaks of one person. */
export function namer(random: () => number, taken: Iterable<string>) {
  const used = new Set(taken);
  return {
    family: (): string => pick(random, FAMILY),
    person(family: string, generation: Generation): string {
      const [first, second] = GIVEN[generation];
      for (let tries = 0; tries < 1000; tries++) {
        const name = family + pick(random, Array.from(first)) + pick(random, Array.from(second));
        if (used.has(name)) continue;
        used.add(name);
        return name;
      }
      throw new Error(`no name is left for a ${generation} of the family ${family}`);
    },
  };
}
