import { describe, expect, test } from "vitest";
import { findPersonal } from "../../src/suggestion/publication.ts";

const ROSTER = { names: ["丁老四", "郭秀兰", "李"], doors: ["3组12号", "12", "007", "北岭5户"] };
const found = (text: string) => findPersonal(text, ROSTER).map((one) => one.what);

describe("a text for everybody's eyes may not say", () => {
  test.each([
    ["丁老四家的路灯", ["name"]],
    ["郭 秀 兰反映的", ["name"]],
    ["请打13800000017", ["phone"]],
    ["请打 138-0000-0017", ["phone"]],
    ["请打１３８００００００１７", ["phone"]],
    ["+86 138 0000 0017", ["phone"]],
    ["请打一三八零零零零零零一七", ["phone"]],
    ["座机0533-6781234", ["phone"]],
    ["身份证 370303 19500101 123X", ["id"]],
    ["卡号6228 4800 1234 5678 901", ["card"]],
    ["3组12号门口", ["door", "door"]],
    ["12号那家的墙", ["door"]],
    ["12户门口的沟", ["door"]],
    ["7号院的沟", ["door"]],
  ])("%s", (text, what) => expect(found(text).sort()).toEqual([...what].sort()));
});

describe("and may say", () => {
  test.each([
    "一位村民反映村口路灯不亮",
    "10月12日前修好",
    "编号12的事已经办好",
    "一共12户人家通了水",
    "花了12000元，换了12盏灯",
    "有事打12345",
    "李子园的路修好了",
  ])("%s", (text) => expect(found(text)).toEqual([]));
});
