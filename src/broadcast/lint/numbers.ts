import { type FoundNumber, findNumbers, type NumberKind } from "../../lib/numbers/find-numbers.ts";
import type { Hit, LintRule } from "./finding.ts";
import type { Heard } from "./heard.ts";

/** ID numbers, bank cards and private phones; a mobile that the village has published is nobody's secret. */
export const numberRules: readonly LintRule[] = [
  { name: "id_number", read: (heard) => read(heard, "id_number") },
  { name: "bank_card", read: (heard) => read(heard, "bank_card") },
  {
    name: "private_phone",
    read: (heard, { officialPhones = [] }) =>
      read(heard, "mobile", ({ digits }) => !officialPhones.includes(digits.slice(-11))),
  },
];

const WORDS: Record<NumberKind, Pick<Hit, "why" | "remedy">> = {
  id_number: { why: "这像是身份证号，发出去就收不回来", remedy: "删掉；名单上要用，写成 3701**********1234 这样" },
  bank_card: { why: "这像是银行卡号或账号", remedy: "删掉；要核对卡号，请本人到村委会当面看" },
  mobile: {
    why: "这像是个人的手机号，不是村里公布的电话",
    remedy: "换成村委会的电话，或写成 138****0001；是村里公布的电话，请先登记到“公布的电话”",
  },
};

const read = ({ text, runs }: Heard, kind: NumberKind, counts = (_: FoundNumber) => true): Hit[] =>
  findNumbers(text, runs, [kind])
    .filter(counts)
    .map(({ at, digits }) => ({ level: "block", at, quote: maskMiddle(digits), ...WORDS[kind] }));

/** `3701…123x`: enough to find it by. */
const maskMiddle = (number: string): string => `${number.slice(0, 3)}…${number.slice(-2)}`;
