/** How a number came to the village: what it may be kept on (个人信息保护法 13; reference/domain.md 2.6). */
export const BASES = ["visit", "self", "office", "roster"] as const;
export type Basis = (typeof BASES)[number];

export const BASIS_WORDS: Readonly<Record<Basis, string>> = {
  visit: "入户登记",
  self: "本人申请",
  office: "到村委会填表",
  roster: "导入名册",
};

/** What a person is told when his number is written down: who, for what, how to leave (art. 17). */
export const tellOf = (village: string): string =>
  `${village}村民委员会登记您的姓名、户号、手机号，只用来发村务通知、听取意见和答复您。不给别人，不公开。不想收就回复“退订”，要看、要改、要删，到村委会说一声。`;
