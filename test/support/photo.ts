/** Photos as a phone writes them, with something of its owner in every place that can hold it. */

const segment = (marker: number, body: Buffer): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
};

export function jpegOf(wish: { about?: string; order?: "MM" | "II"; orientation?: number }): Buffer {
  const about = Buffer.from(wish.about ?? "");
  const parts = [Buffer.from([0xff, 0xd8]), segment(0xe0, Buffer.from("JFIF\0\x01\x01\0\0\x01\0\x01\0\0", "latin1"))];
  if (wish.about !== undefined) {
    parts.push(segment(0xe1, Buffer.concat([exif(wish.order ?? "MM", wish.orientation ?? 1), about])));
    parts.push(segment(0xe1, Buffer.concat([Buffer.from("http://ns.adobe.com/xap/1.0/\0"), about])));
    parts.push(segment(0xed, about), segment(0xfe, about));
  }
  parts.push(segment(0xdb, Buffer.alloc(65, 1)), segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])));
  parts.push(Buffer.from("the picture itself"), Buffer.from([0xff, 0x00, 0xff, 0xd0, 0x11, 0xff, 0xd9]));
  return Buffer.concat(parts);
}

function exif(order: "MM" | "II", orientation: number): Buffer {
  const little = order === "II";
  const tiff = Buffer.alloc(26);
  tiff.write(order, 0, "latin1");
  const two = (value: number, at: number) => (little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at));
  const four = (value: number, at: number) => (little ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at));
  two(42, 2);
  four(8, 4);
  two(1, 8);
  two(0x0112, 10);
  two(3, 12);
  four(1, 14);
  two(orientation, 18);
  return Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
}

/** One red pixel that browsers show: what looks need. */
export const RED_PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);

export function pngOf(about: string): Buffer {
  const chunk = (type: string, body: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return Buffer.concat([length, Buffer.from(type, "latin1"), body, Buffer.alloc(4)]);
  };
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", Buffer.alloc(13)),
    chunk("tEXt", Buffer.from(about)),
    chunk("eXIf", Buffer.from(about)),
    chunk("IDAT", Buffer.from("pixels")),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
