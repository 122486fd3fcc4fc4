import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { SaxesParser } from "saxes";
import { breathe, SheetTrouble } from "./sheet.ts";

export type Attributes = Readonly<Record<string, string>>;

/** What happens at each tag of a part of a workbook. Names come without their prefix: some programs write `x:row`. */
export type Listener = {
  open(name: string, attributes: Attributes): void;
  close(name: string): void;
  text?(text: string): void;
};

/** One that is fed by the piece. Entities are XML's own five; a document type that declares more is not expanded. */
function makeParser(listener: Listener): SaxesParser {
  const parser = new SaxesParser({ position: false });
  let depth = 0;
  parser.on("opentag", (tag) => {
    // Each open tag is remembered until it is closed.
    if (++depth > MOST_DEPTH) throw new SheetTrouble(BROKEN);
    listener.open(local(tag.name), tag.attributes as Attributes);
  });
  parser.on("closetag", (tag) => {
    depth--;
    listener.close(local(tag.name));
  });
  if (listener.text) parser.on("text", (text) => listener.text?.(text));
  parser.on("error", () => {
    throw new SheetTrouble(BROKEN);
  });
  return parser;
}

const BROKEN = "这个表格文件坏了，读到一半读不下去。请在 Excel 或 WPS 里打开，另存为 xlsx 再传";
/** Of workbooks: a dozen. */
const MOST_DEPTH = 100;

const local = (name: string): string => name.slice(name.indexOf(":") + 1);

export function readXml(text: string, listener: Listener): void {
  makeParser(listener).write(text).close();
}

/** Goes through a part by the piece, and yields after each, so that whoever listens can hand on what he has. */
export async function* streamXml(part: Readable, listener: Listener): AsyncGenerator<void> {
  const parser = makeParser(listener);
  const decoder = new StringDecoder("utf8");
  try {
    for await (const piece of part as AsyncIterable<Buffer>) {
      parser.write(decoder.write(piece));
      yield;
      await breathe();
    }
    parser.write(decoder.end()).close();
    yield;
  } catch (error) {
    if (error instanceof SheetTrouble) throw error;
    throw new SheetTrouble("这个表格文件坏了，解不开。请在 Excel 或 WPS 里打开，另存为 xlsx 再传");
  } finally {
    part.destroy();
  }
}
