import { isUtf8 } from "node:buffer";
import iconv from "iconv-lite";

/** A file that can be read, or what to say about one that cannot. */
export type FileKind =
  | { kind: "zip" }
  | { kind: "text"; encoding: "utf8" | "gb18030" | "utf-16le" | "utf-16be"; skip: number }
  | { kind: "wrong"; message: string };

const SAVE_AS = "请在 Excel 或 WPS 里打开名单，“另存为” xlsx 或 CSV，再传一次";

/** First bytes of what people choose by mistake (the formats' own signatures). */
const SIGNATURES: readonly [hex: string, what: string][] = [
  ["25504446", "PDF"],
  ["ffd8ff", "照片"],
  ["89504e47", "图片"],
  ["47494638", "图片"],
  ["424d", "图片"],
  ["49492a00", "图片"],
  ["4d4d002a", "图片"],
  ["52494646", "图片或录音"],
  ["52617221", "RAR 压缩包"],
  ["377abcaf271c", "7z 压缩包"],
  ["1f8b", "压缩包"],
  ["494433", "录音"],
];

export function sniff(file: Buffer): FileKind {
  if (file.length === 0) return { kind: "wrong", message: "文件是空的，请看看是不是选错了" };
  const head = file.subarray(0, 16).toString("hex");
  if (head.startsWith("504b0304")) return { kind: "zip" };
  if (head.startsWith("504b0506")) return { kind: "wrong", message: `这个压缩包是空的。${SAVE_AS}` };
  if (head.startsWith("d0cf11e0")) return { kind: "wrong", message: sayOldOffice(file) };
  if (head.slice(8, 16) === "66747970") return { kind: "wrong", message: `这是照片或视频，不是表格。${SAVE_AS}` };
  const known = SIGNATURES.find(([hex]) => head.startsWith(hex));
  // "BM" also begins words.
  if (known && !(known[0] === "424d" && isUtf8(file.subarray(0, 64)))) {
    return { kind: "wrong", message: `这是${known[1]}，不是表格。${SAVE_AS}` };
  }
  return sniffText(file);
}

/** Microsoft's old container: .xls, .doc, WPS's .et, and every XLSX that has a password. */
const sayOldOffice = (file: Buffer): string =>
  file.includes(Buffer.from("EncryptedPackage", "utf16le"))
    ? "这个表格加了密码，读不了。请在 Excel 或 WPS 里去掉密码，另存为 xlsx 再传"
    : `这是旧格式的文件（xls、et 或 doc）。${SAVE_AS}`;

function sniffText(file: Buffer): FileKind {
  const text = encodingOf(file);
  const sample = iconv.decode(file.subarray(text.skip, text.skip + 64 * 1024), text.encoding);
  if (/^\s*<(?:!doctype|html|head|meta|table|\?xml)/i.test(sample)) {
    return { kind: "wrong", message: `这其实是网页，只是名字像表格（有些系统导出的就是这样）。${SAVE_AS}` };
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what no text has
  const strange = sample.match(/[\u0000-\u0008\u000e-\u001f\ufffd]/g)?.length ?? 0;
  if (sample.includes("\u0000") || strange > 2 + sample.length / 100) {
    return { kind: "wrong", message: `这不是表格文件，读不出字来。${SAVE_AS}` };
  }
  return text;
}

function encodingOf(file: Buffer): Extract<FileKind, { kind: "text" }> {
  const head = file.subarray(0, 3).toString("hex");
  if (head === "efbbbf") return { kind: "text", encoding: "utf8", skip: 3 };
  if (head.startsWith("fffe")) return { kind: "text", encoding: "utf-16le", skip: 2 };
  if (head.startsWith("feff")) return { kind: "text", encoding: "utf-16be", skip: 2 };
  // What is not UTF-8 is what Chinese Excel writes: GBK, whose larger sister has the rare characters of names too.
  return { kind: "text", encoding: isUtf8(file) ? "utf8" : "gb18030", skip: 0 };
}
