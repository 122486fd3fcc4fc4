import fc from "fast-check";
import { SegmentedMessage } from "sms-segments-calculator";
import { expect, test } from "vitest";
import { countSegments, segmentBorders, unitsOverBorder } from "../../src/message/segments.ts";
import { readSharedText, withSharedData } from "../support/shared-data.ts";

withSharedData("segment counts equal those of Twilio's calculator on every recorded text", () => {
  for (const line of readSharedText("segments_oracle.jsonl").trim().split("\n")) {
    const { text, encoding, segments } = JSON.parse(line) as { text: string; encoding: string; segments: number };
    expect({ text, ...pick(text) }).toEqual({ text, encoding, segments });
  }
});

withSharedData("fragment borders equal GOV.UK Notify's vectors", () => {
  type Vector = { char: string; repeat: number; suffix: string; fragments: number };
  for (const v of JSON.parse(readSharedText("govuk_fragment_vectors.json")) as Vector[]) {
    const text = v.char.repeat(v.repeat) + v.suffix;
    expect({ v, segments: countSegments(text).segments }).toEqual({ v, segments: v.fragments });
  }
});

test("random texts count as Twilio's calculator counts them", () => {
  // Grapheme clusters are left out: the calculator never splits one, the standard does (reference/carriers.md 6).
  const alphabet = fc.constantFrom(..."aB0 \n@£é{}€~^\\[]|村务公开，。！😀𠮷①");
  fc.assert(
    fc.property(fc.array(alphabet, { maxLength: 400 }), (characters) => {
      const text = characters.join("");
      const oracle = new SegmentedMessage(text);
      expect(pick(text)).toEqual({ encoding: oracle.encodingName, segments: Math.max(oracle.segmentsCount, 1) });
    }),
    { numRuns: 2000 },
  );
});

test("the borders cut the text into as many parts as it has segments, each within its size", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => {
      const { encoding, segments } = countSegments(text);
      const characters = Array.from(text);
      const cuts = [0, ...segmentBorders(text), characters.length];
      expect(cuts.length - 1).toBe(segments);
      if (segments === 1 || encoding === "GSM-7") return;
      for (let i = 1; i < cuts.length; i++) {
        expect(characters.slice(cuts[i - 1], cuts[i]).join("").length).toBeLessThanOrEqual(67);
      }
    }),
  );
});

test("how many characters to cut to save a segment", () => {
  expect(unitsOverBorder("村".repeat(70))).toBe(0);
  expect(unitsOverBorder("村".repeat(73))).toBe(3);
  expect(unitsOverBorder("村".repeat(140))).toBe(6);
  expect(unitsOverBorder("a".repeat(161))).toBe(1);
});

const pick = (text: string) => {
  const { encoding, segments } = countSegments(text);
  return { encoding, segments };
};
