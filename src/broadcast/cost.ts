/** 分, rounded up: an estimate must not promise less than the bill. */
export const costOf = (segments: number, price: number): number => Math.ceil(segments * price);
