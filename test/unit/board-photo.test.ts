import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanPhoto } from "../../src/disclosure/clean-photo.ts";
import { jpegOf, pngOf } from "../support/photo.ts";

const SECRET = "36.8065N 118.0548E, 13800000007";
const has = (bytes: Buffer | undefined, words: string) => bytes?.includes(Buffer.from(words)) ?? false;

describe("a photo of the board", () => {
  test("keeps its picture and loses where, when and by which phone it was taken", () => {
    const photo = jpegOf({ about: SECRET });
    expect(has(photo, SECRET)).toBe(true);
    const clean = cleanPhoto(photo);
    expect(clean?.type).toBe("image/jpeg");
    expect([has(clean?.bytes, SECRET), has(clean?.bytes, "Exif"), has(clean?.bytes, "JFIF")]).toEqual([
      false,
      false,
      true,
    ]);
    expect(has(clean?.bytes, "the picture itself")).toBe(true);
  });

  test.each([
    ["MM", 6],
    ["II", 8],
  ] as const)("that lies on its side (%s, %i) is still turned upright", (order, orientation) => {
    const clean = cleanPhoto(jpegOf({ about: SECRET, order, orientation }));
    expect(has(clean?.bytes, SECRET)).toBe(false);
    const at = clean?.bytes.indexOf("Exif") ?? -1;
    expect(clean?.bytes.readUInt16BE(at + 24)).toBe(orientation);
    // A second cleaning finds the same and changes nothing.
    expect(cleanPhoto(clean?.bytes ?? Buffer.alloc(0))?.bytes).toEqual(clean?.bytes);
  });

  test("loses what a phone hangs behind it: a second picture, a video", () => {
    const clean = cleanPhoto(Buffer.concat([jpegOf({}), Buffer.from(SECRET)]));
    expect([clean?.type, has(clean?.bytes, SECRET)]).toEqual(["image/jpeg", false]);
  });

  test("as PNG loses its texts and times, and keeps its pixels", () => {
    const clean = cleanPhoto(pngOf(SECRET));
    expect([clean?.type, has(clean?.bytes, SECRET), has(clean?.bytes, "pixels")]).toEqual(["image/png", false, true]);
  });

  test("is only what its bytes say: other files and halves of photos are refused", () => {
    const whole = [jpegOf({ about: SECRET }), pngOf(SECRET)];
    for (const file of [
      Buffer.alloc(0),
      Buffer.from("GIF89a"),
      Buffer.from("<svg xmlns='x'/>"),
      Buffer.from("%PDF-1.7"),
    ]) {
      expect(cleanPhoto(file)).toBeNull();
    }
    for (const photo of whole) {
      for (let cut = 0; cut < photo.length; cut++) expect(cleanPhoto(photo.subarray(0, cut))).toBeNull();
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom("ffd8", "89504e470d0a1a0a"), (noise, head) => {
        cleanPhoto(Buffer.concat([Buffer.from(head, "hex"), noise]));
      }),
    );
  });
});
