/**
 * A photo of the board as it may be kept: what a camera writes beside the picture (where it was taken, when, with which
 * phone, a small copy of the uncropped picture) is left out, byte for byte; the picture itself is not touched. Of a
 * JPEG's EXIF only the orientation stays, or half the photos would lie on their side.
 * Sources: ITU-T T.81 annex B (markers), Exif 2.32 §4.6 (tag 0x0112), PNG 3rd edition §5 (chunks).
 */
export const PHOTO_TYPES = ["image/jpeg", "image/png"] as const;
export type PhotoType = (typeof PHOTO_TYPES)[number];
export const MOST_PHOTO_BYTES = 5 * 1024 * 1024;

/** Null for what is neither a JPEG nor a PNG, whatever it calls itself, and for one that is cut short. */
export function cleanPhoto(bytes: Buffer): { type: PhotoType; bytes: Buffer } | null {
  const jpeg = cleanJpeg(bytes);
  if (jpeg) return { type: "image/jpeg", bytes: jpeg };
  const png = cleanPng(bytes);
  return png ? { type: "image/png", bytes: png } : null;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
/** APP0 says how the pixels are laid out, APP14 what their colours mean; the other APPs and comments are about somebody. */
const isAbout = (marker: number): boolean => (marker >= 0xe1 && marker <= 0xef && marker !== 0xee) || marker === 0xfe;
const standsAlone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);

function cleanJpeg(bytes: Buffer): Buffer | null {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return null;
  const kept: Buffer[] = [bytes.subarray(0, 2)];
  let orientation = 1;
  let pictures = 0;
  for (let at = 2; ; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1];
    if (marker === undefined) return null;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === EOI) {
      // What follows the picture (a second one, a video) is not shown by anybody and not kept.
      if (pictures === 0) return null;
      kept.splice(1, 0, writeOrientation(orientation));
      return Buffer.concat([...kept, bytes.subarray(at, at + 2)]);
    }
    if (standsAlone(marker)) {
      kept.push(bytes.subarray(at, at + 2));
      at += 2;
      continue;
    }
    if (at + 4 > bytes.length) return null;
    const length = bytes.readUInt16BE(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) return null;
    const segment = bytes.subarray(at, end);
    if (marker === 0xe1) orientation = readOrientation(segment.subarray(4)) ?? orientation;
    if (!isAbout(marker)) kept.push(segment);
    at = end;
    if (marker === SOS) {
      pictures++;
      const over = endOfScan(bytes, at);
      kept.push(bytes.subarray(at, over));
      at = over;
    }
  }
}

/** Compressed data goes on until a marker that is neither a stuffed zero nor a restart. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}

/** Tag 0x0112 of the first directory; null where there is none or the block is not well formed. */
function readOrientation(exif: Buffer): number | null {
  if (exif.length < 20 || exif.toString("latin1", 0, 6) !== "Exif\0\0") return null;
  const tiff = exif.subarray(6);
  const little = tiff.toString("latin1", 0, 2) === "II";
  const two = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const four = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const directory = four(4);
  if (directory + 2 > tiff.length) return null;
  for (let i = 0, at = directory + 2; i < two(directory) && at + 12 <= tiff.length; i++, at += 12) {
    if (two(at) === 0x0112) return two(at + 8) >= 1 && two(at + 8) <= 8 ? two(at + 8) : null;
  }
  return null;
}

/** An EXIF block that says nothing but which side is up. */
function writeOrientation(orientation: number): Buffer {
  if (orientation === 1) return Buffer.alloc(0);
  const block = Buffer.from(
    "ffe10022457869660000" + "4d4d002a00000008" + "0001011200030000000100010000" + "00000000",
    "hex",
  );
  block.writeUInt16BE(orientation, 28);
  return block;
}

const PNG_HEAD = Buffer.from("89504e470d0a1a0a", "hex");
/** What the picture is made of, and what its colours mean; texts, times and EXIF are not among them. */
const PNG_KEPT = new Set([
  "IHDR",
  "PLTE",
  "IDAT",
  "IEND",
  "tRNS",
  "gAMA",
  "cHRM",
  "sRGB",
  "iCCP",
  "pHYs",
  "sBIT",
  "bKGD",
]);

function cleanPng(bytes: Buffer): Buffer | null {
  if (!bytes.subarray(0, 8).equals(PNG_HEAD)) return null;
  const kept: Buffer[] = [PNG_HEAD];
  for (let at = 8, nth = 0; at + 12 <= bytes.length; nth++) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    if (end > bytes.length || (nth === 0 && type !== "IHDR")) return null;
    if (PNG_KEPT.has(type)) kept.push(bytes.subarray(at, end));
    if (type === "IEND") return Buffer.concat(kept);
    at = end;
  }
  return null;
}
