import type { FieldError } from "../lib/refusal.ts";
import { ok, type Result, refuse } from "../lib/result.ts";
import { cleanText } from "../lib/text.ts";
import { readAmount } from "./amount.ts";
import {
  CATEGORIES,
  ENTRY_CATEGORIES,
  type EntryCategory,
  type EntryKind,
  type EntryWords,
  OTHER,
  sayMonth,
  type Via,
} from "./sheet.ts";

/** One entry as it was typed or stood in a table; what is left out is empty. */
export type TypedEntry = Partial<Record<(typeof ENTRY_FIELDS)[number], string | undefined>>;
export const ENTRY_FIELDS = ["day", "kind", "purpose", "amount", "category", "via", "handler", "voucher"] as const;

const LONGEST = { purpose: 60, handler: 20, voucher: 30 } as const;

/** Reads one entry of that month; each thing wrong names its field and the remedy. */
export function readEntry(typed: TypedEntry, month: string): Result<EntryWords, FieldError[]> {
  const words = (field: keyof TypedEntry) => cleanText(typed[field] ?? "").trim();
  const errors: FieldError[] = [];
  const day = readDay(words("day"), month);
  if (!day.ok) errors.push({ field: "day", message: day.refusal });
  const category = readCategory(words("category"));
  if (category === null) errors.push({ field: "category", message: `没有“${words("category")}”这一类，请照列出的选` });
  const kind = readKind(words("kind")) ?? (category ? CATEGORIES[category].kind : null);
  if (!kind) errors.push({ field: "kind", message: "请写是收入还是支出" });
  else if (category && CATEGORIES[category].kind !== kind) {
    errors.push({ field: "category", message: `“${CATEGORIES[category].words}”不是${KIND[kind]}的类别，请重选` });
  }
  const purpose = words("purpose").replace(/\s+/g, " ");
  if (purpose === "") errors.push({ field: "purpose", message: "请写来源或用途" });
  else if (SUM.test(purpose)) {
    errors.push({ field: "purpose", message: `“${purpose}”像是合计或结余，不是一笔账，请去掉这一行` });
  }
  for (const field of ["purpose", "handler", "voucher"] as const) {
    const over = Array.from(words(field)).length - LONGEST[field];
    if (over > 0) errors.push({ field, message: `${NAMES[field]}太长，请减 ${over} 个字` });
  }
  const amount = readAmount(words("amount"));
  if (!amount.ok) errors.push({ field: "amount", message: amount.refusal });
  else if (amount.value === 0) errors.push({ field: "amount", message: "金额是 0，没有钱进出就不用记" });
  const via = readVia(words("via"));
  if (via === undefined) errors.push({ field: "via", message: "请写“银行”或“现金”，不知道就留空" });
  if (errors.length > 0 || !day.ok || !amount.ok || !kind || via === undefined) return refuse(errors);
  return ok({
    day: day.value,
    kind,
    purpose,
    amount: amount.value,
    category: category || OTHER[kind],
    via,
    handler: words("handler"),
    voucher: words("voucher"),
  });
}

const KIND: Record<EntryKind, string> = { income: "收入", expense: "支出" };
const NAMES = { purpose: "来源或用途", handler: "经手人", voucher: "凭证号" } as const;
const SUM =
  /^(?:本月|本期|上月|上期|期初|期末|月末|年初|总)?(?:收入|支出)?(?:合计|小计|总计|累计|结余|余额|结转|结存)$/;

export function readKind(text: string): EntryKind | null {
  if (/^(?:income|收入?|进|入)$/.test(text)) return "income";
  return /^(?:expense|支出?|出|付)$/.test(text) ? "expense" : null;
}

/** Empty: none was named. Null: no such category. */
function readCategory(text: string): EntryCategory | "" | null {
  if (text === "") return "";
  return ENTRY_CATEGORIES.find((one) => one === text || CATEGORIES[one].words === text) ?? null;
}

/** Undefined: cannot be read. */
function readVia(text: string): Via | null | undefined {
  if (text === "") return null;
  if (/^(?:bank|银行|转账|存折|对公)/.test(text)) return "bank";
  return /^(?:cash|现金)/.test(text) ? "cash" : undefined;
}

/** `7月3日`, `7/3`, `2026.7.3`, `20260703`, `3日`, or the day's number in Excel (days since 30 December 1899). */
function readDay(text: string, month: string): Result<string, string> {
  const [year, number] = month.split("-").map(Number) as [number, number];
  const plain = text
    .normalize("NFKC")
    .replace(/\s+\d{1,2}:\d{2}(?::\d{2})?(?:\.0+)?$/, "")
    .replace(/\s/g, "");
  if (plain === "") return refuse("没有填日期");
  const compact = /^(20\d\d)(\d\d)(\d\d)$/.exec(plain);
  const full = compact ?? /^(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?$/.exec(plain);
  const short = /^(\d{1,2})[-/.月](\d{1,2})[日号]?$/.exec(plain);
  const bare = /^(\d{1,2})[日号]?$/.exec(plain);
  const serial = /^[45]\d{4}$/.test(plain) ? new Date(Date.UTC(1899, 11, 30) + Number(plain) * 86_400_000) : null;
  const [y, m, d] = full
    ? [Number(full[1]), Number(full[2]), Number(full[3])]
    : short
      ? [year, Number(short[1]), Number(short[2])]
      : bare
        ? [year, number, Number(bare[1])]
        : serial
          ? [serial.getUTCFullYear(), serial.getUTCMonth() + 1, serial.getUTCDate()]
          : [0, 0, 0];
  if (y === 0) return refuse(`日期看不懂：${text}，请写成 ${number}月3日 这样`);
  const known = new Date(Date.UTC(y, m - 1, d));
  if (known.getUTCMonth() !== m - 1 || known.getUTCDate() !== d) return refuse(`没有这一天：${text}`);
  if (y !== year || m !== number) return refuse(`${text}不在${sayMonth(month)}里：请写入账的那天，或记到那个月的表上`);
  return ok(`${month}-${String(d).padStart(2, "0")}`);
}
