import { type DestinationStream, type Logger, pino } from "pino";

export type Log = Logger;

/**
 * JSON lines on stderr; stdout is for the few lines a person reads (`ready …`). Events and ids only: a phone number
 * or a villager's text has no business in a log, and the paths below would hide one that strays in.
 */
export const createLog = (
  level: string,
  destination: DestinationStream = pino.destination({ fd: 2, sync: false }),
): Log =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError, error: describeError },
      redact: {
        paths: [
          "phone",
          "to",
          "from",
          "body",
          "text",
          "password",
          "token",
          "*.phone",
          "*.to",
          "*.from",
          "*.body",
          "*.text",
        ],
        censor: "[hidden]",
      },
    },
    destination,
  );

/** Message, code and stack; not the query parameters and request bodies that libraries hang onto their errors. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: hideNumbers(error.message),
    code,
    stack: error.stack && hideNumbers(error.stack),
  };
}

/** A number of seven digits or more could be somebody's phone. */
const hideNumbers = (text: string): string => text.replace(/\+?\d{7,}/g, "[number]");
