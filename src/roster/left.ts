/** Why somebody of the roster is no longer here. He gets no more texts; what he wrote and was sent stays. */
export const LEFT_REASONS = ["moved_out", "died", "other"] as const;
export type LeftReason = (typeof LEFT_REASONS)[number];
export const LEFT_WORDS: Record<LeftReason, string> = { moved_out: "已迁出", died: "去世", other: "登记错了" };
