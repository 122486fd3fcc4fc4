/** Money is integer 分 (1/100 yuan) everywhere but on screens. */
export const sayMoney = (fen: number): string => `${(fen / 100).toFixed(2)} 元`;
