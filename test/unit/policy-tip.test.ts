import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lintText } from "../../src/broadcast/lint/lint.ts";
import { writeTip } from "../../src/broadcast/template/policy-tip.ts";
import { POLICIES } from "../../src/demo/policies.ts";
import { countSegments } from "../../src/message/segments.ts";

const SIGNATURE = "郭家村村委会";
const segments = (tip: string) => countSegments(`【${SIGNATURE}】${tip}`).segments;
const POLICY = {
  ...{ title: "高龄津贴", keywords: [], basis: "鲁民〔2025〕18号", scope: "满80周岁的老人" },
  ...{ standard: "每月50元", process: "带身份证到村委会登记", office: "民政办", person: "张敏", phone: "0533-6550000" },
};

describe("a tip of 70 characters", () => {
  test("says everything where it fits", () => {
    expect(writeTip({ ...POLICY, basis: "", phone: "" }, SIGNATURE)).toBe(
      "高龄津贴：满80周岁的老人；每月50元；带身份证到村委会登记；问民政办张敏。",
    );
  });

  test("drops the basis first, and the number to call last", () => {
    const tip = writeTip({ ...POLICY, process: "带身份证、户口本、一卡通到村委会登记，当月报镇里" }, SIGNATURE);
    expect(tip).not.toContain("鲁民");
    expect(tip).toContain("0533-6550000");
  });

  test("of the demo's compilation fits one segment and passes the lint", () => {
    for (const policy of POLICIES) {
      const tip = writeTip(policy, SIGNATURE);
      const officialPhones = [policy.phone];
      expect({ tip, segments: segments(tip) }).toEqual({ tip, segments: 1 });
      expect(lintText(tip, { officialPhones }).filter(({ level }) => level === "block")).toEqual([]);
    }
  });

  test("always fits, and never cuts a number", () => {
    const PIECES = ["每亩", "1,200.50元", "，", "；", "3级", "补贴", "2026年12月31日", "。", "、"];
    const words = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 60 }).map((all) => all.join(""));
    const title = fc.constantFrom("高龄津贴", "城乡居民最低生活保障和特困人员救助供养待遇");
    fc.assert(
      fc.property(title, words, words, words, (title, standard, process, scope) => {
        const policy = { ...POLICY, title, standard, process, scope };
        const tip = writeTip(policy, SIGNATURE);
        expect(segments(tip)).toBe(1);
        const known = new Set(
          Object.values(policy)
            .join("|")
            .match(/\d[\d,.-]*/g),
        );
        for (const number of tip.match(/\d[\d,.-]*/g) ?? []) expect([...known].join(" ")).toContain(number);
      }),
    );
  });
});
