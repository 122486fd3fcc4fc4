/**
 * Whether people write from this number, or a machine does. People: mainland mobiles (1[3-9] and nine digits), landlines
 * (area code and 7 or 8 digits), numbers of other countries. Machines: 106… (bulk), 100xx and 1xxxx (carriers), 95xxx and
 * 96xxx (banks, services), 12xxx (public services), 400/800, short numbers and names in letters.
 * Source: MIIT 电信网编号计划 (2017); reference/domain.md 5.6.
 */
export function senderOf(from: string): "person" | "machine" {
  const squeezed = from.normalize("NFKC").replace(/[\s\-–—()().·'"\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g, "");
  if (!/^\+?\d+$/.test(squeezed)) return "machine";
  const domestic = squeezed.replace(/^(?:\+86|0086|86(?=1\d{10}$))/, "");
  if (domestic.startsWith("+")) return domestic.length >= 8 ? "person" : "machine";
  if (/^1[3-9]\d{9}$/.test(domestic)) return "person";
  if (/^0?(?:10|2\d|[3-9]\d{2})\d{7,8}$/.test(domestic) && !/^(?:400|800|95|96|106)/.test(domestic)) return "person";
  return /^(?:00)[1-9]\d{8,14}$/.test(domestic) ? "person" : "machine";
}
