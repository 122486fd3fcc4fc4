const DIGITS = "零一二三四五六七八九";

/** 634290 → 六十三万四千二百九十; digits in, any length up to 16. 10–19 begin with 十, as people say them. */
export function sayNumber(digits: string): string {
  const bare = digits.replace(/^0+(?=\d)/, "");
  if (bare === "0") return "零";
  const groups = [...bare.padStart(Math.ceil(bare.length / 4) * 4, "0").matchAll(/\d{4}/g)].map(([group]) => group);
  let said = "";
  groups.forEach((group, i) => {
    if (Number(group) === 0) return;
    // A gap is said once: 10,020 is 一万零二十.
    const gap = said !== "" && (group.startsWith("0") || groups[i - 1] === "0000");
    said += (gap ? "零" : "") + sayGroup(group) + (GROUPS[groups.length - 1 - i] ?? "");
  });
  return said.replace(/^一十/, "十");
}
const GROUPS = ["", "万", "亿", "万亿"];

function sayGroup(group: string): string {
  return Array.from(group, (digit, i) => (digit === "0" ? "零" : sayDigits(digit) + ("千百十"[i] ?? "")))
    .join("")
    .replace(/零+/g, "零")
    .replace(/^零|零$/g, "");
}

/** 3.05 → 三点零五; 1,200 → 一千二百. */
export function sayDecimal(text: string): string {
  const [whole = "0", part] = text.replace(/,/g, "").split(".");
  return sayNumber(whole) + (part ? `点${sayDigits(part)}` : "");
}

/** 2026 → 二零二六. */
export const sayDigits = (digits: string): string => Array.from(digits, (digit) => DIGITS[Number(digit)]).join("");

/** A number to dial: one is 幺, because 一 and 七 sound alike from a loudspeaker. */
export const sayDialled = (digits: string): string => sayDigits(digits).replaceAll("一", "幺");

/** 634290.25 → 六十三万四千二百九十元二角五分; yuan in, with or without its commas. */
export function sayYuan(text: string): string {
  const [whole = "0", part = ""] = text.replace(/,/g, "").split(".");
  const [jiao, fen] = Array.from(part.padEnd(2, "0"));
  const said = `${sayNumber(whole)}元`;
  if (jiao === "0" && fen === "0") return said;
  if (jiao === "0") return `${said}零${sayDigits(fen ?? "")}分`;
  return `${said}${sayDigits(jiao ?? "")}角${fen === "0" ? "" : `${sayDigits(fen ?? "")}分`}`;
}
