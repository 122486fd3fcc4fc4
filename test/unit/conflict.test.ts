import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findNamed } from "../../src/suggestion/conflict.ts";
import { cpuOf } from "../support/cpu.ts";

const PEOPLE = [
  { id: "liu", name: "刘建国", post: "村党支部书记" },
  { id: "zhao", name: "赵晓梅", post: "会计" },
  { id: "wang", name: "王春霞", post: "3组网格员" },
  { id: "sun", name: "孙大勇", post: "4组网格员" },
  { id: "ou", name: "欧阳成", post: "村主任" },
];
const named = (text: string) => findNamed(text, PEOPLE).map((one) => one.id);

describe("a text names its handler", () => {
  test.each([
    ["刘建国占了俺家的地边", ["liu"]],
    ["刘書記说话不算数，修路的事拖了一年", ["liu"]],
    ["书记答应修的井到现在没修", ["liu"]],
    ["俺的地叫书记给占了", ["liu"]],
    ["低保名单是赵会计和书记定的，不公平", ["liu", "zhao"]],
    ["王春霞从来没上过门", ["wang"]],
    ["欧阳主任的亲戚多领了一份", ["ou"]],
    ["村长家门口的路修了，俺们这没修", ["ou"]],
  ])("%s", (text, who) => expect(named(text).sort()).toEqual([...who].sort()));
});

describe("speaking to somebody is not naming him", () => {
  test.each([
    "书记，俺门口那盏路灯灭了快半个月了",
    "刘书记您好，村口的井盖坏了",
    "请刘书记派人来看看俺家漏雨的屋",
    "路修好了，谢谢刘书记",
    "麻烦赵会计查一下补贴到了没",
    "尊敬的书记：村里缺个小广场",
    "镇里的王书记上次来说要修桥",
    "李书记在电视上讲的政策咱村有没有",
    "县委副书记讲的那个补贴",
    "网格员好久没来了",
    "路灯坏了",
    "",
  ])("%s", (text) => expect(named(text)).toEqual([]));
});

test("a title counts only where one person alone has it", () => {
  expect(named("3组的网格员不管事")).toEqual([]);
  expect(findNamed("网格员不管事", PEOPLE.slice(0, 3)).map((one) => one.words)).toEqual(["网格员"]);
});

test("whatever the text, it answers fast and names only people of the village", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      expect(cpuOf(() => findNamed(text, PEOPLE))).toBeLessThan(50);
      return findNamed(text, PEOPLE).every((one) => PEOPLE.some(({ id }) => id === one.id));
    }),
  );
});
