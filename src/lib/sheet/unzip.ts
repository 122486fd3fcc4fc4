import type { Readable } from "node:stream";
import yauzl from "yauzl";
import { MAX_UNPACKED, SheetTrouble } from "./sheet.ts";

const MOST_FILES = 2000;
/** Deflate packs at most 1032:1; a sheet of people packs 5 to 40:1. */
const MOST_RATIO = 150;
/** Below this a ratio says nothing. */
const SMALL = 16 * 1024 * 1024;

export type Archive = {
  names: readonly string[];
  /** Unpacked by the piece. yauzl ends the stream with an error if the file holds more than it says. */
  stream(name: string): Promise<Readable | null>;
  /** A small part as text. */
  text(name: string): Promise<string | null>;
};

/** The directory of a ZIP file. What would unpack to too much is refused by its own word, before a byte is unpacked. */
export async function openZip(file: Buffer): Promise<Archive> {
  const zip = await yauzl.fromBufferPromise(file, { lazyEntries: true, autoClose: false });
  const entries = new Map<string, yauzl.Entry>();
  for await (const entry of zip.eachEntry()) {
    if (entries.size >= MOST_FILES) throw new SheetTrouble("这个文件里东西太多，不像名册。请另存为 xlsx 再传");
    entries.set(entry.fileName.replace(/^\/+/, ""), entry);
  }
  const stream = async (name: string): Promise<Readable | null> => {
    const entry = entries.get(name);
    if (!entry) return null;
    if (entry.isEncrypted()) throw new SheetTrouble("这个文件加了密码，读不了。请去掉密码再传");
    const { uncompressedSize, compressedSize } = entry;
    if (
      uncompressedSize > MAX_UNPACKED ||
      (uncompressedSize > SMALL && uncompressedSize > compressedSize * MOST_RATIO)
    ) {
      throw new SheetTrouble("这个文件解开以后大得不正常，没有读它。请把名单复制到一个新表格里，另存为 xlsx 再传");
    }
    return await zip.openReadStreamPromise(entry);
  };
  return {
    names: [...entries.keys()],
    stream,
    async text(name) {
      const part = await stream(name);
      if (!part) return null;
      const pieces: Buffer[] = [];
      let bytes = 0;
      for await (const piece of part as AsyncIterable<Buffer>) {
        bytes += piece.length;
        if (bytes > SMALL) throw new SheetTrouble("这个文件的格式说明太大，不像名册。请另存为 CSV 再传");
        pieces.push(piece);
      }
      return Buffer.concat(pieces).toString("utf8");
    },
  };
}
