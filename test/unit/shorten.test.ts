import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyCuts, proposeCuts } from "../../src/broadcast/compose/shorten.ts";
import { countSegments } from "../../src/message/segments.ts";

const SIGNATURE = "郭家村村委会";
const segments = (body: string) => countSegments(`【${SIGNATURE}】${body}`).segments;
const LONG =
  "尊敬的广大村民朋友们：大家好！！由于供电所需要对线路进行检修，7月20日早8点到12点1组、2组停电，请大家提前蓄好水。给您带来的不便敬请谅解，特此通知。";

describe("what to cut", () => {
  test("saves a segment with as few cuts as it can", () => {
    const { over, enough } = proposeCuts(LONG, SIGNATURE);
    expect(over).toBe(`【${SIGNATURE}】${LONG}`.length - 70);
    expect(segments(LONG)).toBe(2);
    expect(segments(applyCuts(LONG, enough ?? []))).toBe(1);
    expect(enough?.map(({ quote }) => quote)).toContain("尊敬的广大村民朋友们：大家好！！");
  });

  test("all of them leave what matters", () => {
    expect(applyCuts(LONG, proposeCuts(LONG, SIGNATURE).cuts)).toBe(
      "因供电所要对线路检修，7月20日早8点到12点1组、2组停电，请提前蓄好水",
    );
  });

  test("nothing is over where one segment is enough", () => {
    expect(proposeCuts("明天停水，特此通知。", SIGNATURE)).toMatchObject({ over: 0, enough: null });
  });

  test("titles, blanks and numbers are left alone", () => {
    const text = "{{广大 村民}}的《关于按照规定进行补贴的通知》634290.25元";
    expect(applyCuts(text, proposeCuts(text, SIGNATURE).cuts)).toBe(text);
  });

  test("each cut says truly where it is and what it saves, and none touches another", () => {
    const WORDS = [
      "尊敬的村民",
      "：",
      "！",
      "！",
      " ",
      "\n",
      "因为",
      "特此通知",
      "。",
      "进行检修",
      "3组",
      "𠮷",
      "《因为》",
      "感谢您的支持",
    ];
    const texts = fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((all) => all.join(""));
    fc.assert(
      fc.property(texts, (body) => {
        const { cuts, enough } = proposeCuts(body, SIGNATURE);
        let end = 0;
        for (const cut of cuts) {
          expect(cut.from).toBeGreaterThanOrEqual(end);
          expect(body.slice(cut.from, cut.to)).toBe(cut.quote);
          expect(applyCuts(body, [cut]).length).toBe(body.length - cut.saves);
          end = cut.to;
        }
        if (enough) expect(segments(applyCuts(body, enough))).toBeLessThan(segments(body));
      }),
    );
  });
});
