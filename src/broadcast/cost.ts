/** 分, rounded up: an estimate must not promise less than the bill. */
export const costOf = (segments: number, price: number): number => Math.ceil(segments * price);

/** Of all texts of a notice together; where each household has its own they were counted one by one. */
export const allSegments = (notice: {
  segmentsPerMessage: number;
  recipients: number;
  personalSegments: number | null;
}): number => notice.personalSegments ?? notice.segmentsPerMessage * notice.recipients;
