/** What a text turned out to mean; `staff_command` is what a member of staff did by text. The words are public contract (`GET /villages/{code}/inbound`). */
export const MEANINGS = [
  "opt_out",
  "opt_in",
  "rating",
  "poll",
  "status_query",
  "help_query",
  "contact_query",
  "policy_query",
  "courtesy",
  "auto_reply",
  "wrong_number",
  "emergency",
  "sealed",
  "suggestion",
  "noise",
  "staff_command",
] as const;
export type Meaning = (typeof MEANINGS)[number];

export const MEANING_WORDS: Record<Meaning, string> = {
  opt_out: "退订",
  opt_in: "恢复接收",
  rating: "评价",
  poll: "表态",
  status_query: "查进度",
  help_query: "求帮助",
  contact_query: "问联系人",
  policy_query: "问政策",
  courtesy: "客气话",
  auto_reply: "自动回复",
  wrong_number: "发错了人",
  emergency: "紧急情况",
  sealed: "密件",
  suggestion: "意见建议",
  noise: "无内容",
  staff_command: "工作人员短信",
};
