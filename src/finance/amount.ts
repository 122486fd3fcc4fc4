import { ok, type Result, refuse } from "../lib/result.ts";
import { LARGEST } from "./sheet.ts";

/**
 * Reads an amount as people write it into a table: `1,234.50`, `１２３４.５元`, `￥200`. What could be meant in two ways is
 * refused with the remedy, never guessed: untrue figures are the breach that villagers may report (组织法 art. 31).
 * @returns 分
 */
export function readAmount(text: string): Result<number, string> {
  const plain = text.normalize("NFKC").replace(/[\s\u200b-\u200f\u2060\ufeff]/g, "");
  if (plain === "") return refuse("没有填金额");
  const bare = plain.replace(/^(?:人民币|RMB|CNY|[¥￥])/i, "").replace(/(?:元整?|块钱?|圆整?)$/, "");
  if (/^[-−–—+]|^\(.*\)$/.test(bare)) return refuse(`金额不能带正负号：${text.trim()}，退回的钱请另记一笔收入或支出`);
  const round = /^(\d+(?:\.\d+)?)(万|千|百|亿)/.exec(bare);
  if (round) return refuse(`“${text.trim()}”可能是约数，请写全数字，比如 12000`);
  if (!/^[\d.,']+$/.test(bare)) return refuse(`金额里有数字以外的字：${text.trim()}，请只填数字，比如 1234.50`);
  const [whole = "", part, ...more] = bare.split(".");
  if (more.length > 0 || whole === "" || part === "") return refuse(`小数点的位置不对：${text.trim()}`);
  if (!/^\d+$|^\d{1,3}(?:,\d{3})+$/.test(whole) || (part !== undefined && !/^\d+$/.test(part))) {
    return refuse(`逗号的位置不对：${text.trim()}，请写成 1234.50 这样`);
  }
  if (part !== undefined && /[1-9]/.test(part.slice(2))) return refuse(`金额只到分，小数最多两位：${text.trim()}`);
  const fen = Number(whole.replaceAll(",", "")) * 100 + Number((part ?? "").slice(0, 2).padEnd(2, "0"));
  if (fen > LARGEST) return refuse(`金额太大了：${text.trim()}，请核对`);
  return ok(fen);
}

/** `12000`, `634290.25`: as short as it can be told, for a text. */
export const sayShort = (fen: number): string => (fen % 100 === 0 ? String(fen / 100) : (fen / 100).toFixed(2));

/** `634,290.25`, as an account book writes it. */
export function sayAmount(fen: number): string {
  const [whole = "", part = ""] = (Math.abs(fen) / 100).toFixed(2).split(".");
  return `${fen < 0 ? "-" : ""}${whole.replace(/\B(?=(?:\d{3})+$)/g, ",")}.${part}`;
}
