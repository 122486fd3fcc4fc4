/**
 * What the API refuses with, as Twilio words it: HTTP status and sentence per code, and the sentence alone for codes
 * that come later, on a text that was taken. Source: Twilio's error pages, reference/carriers.md 3.
 */
const REFUSALS = {
  20003: [401, "Authenticate"],
  20404: [404, "The requested resource was not found"],
  20429: [429, "Too Many Requests"],
  20500: [500, "An internal server error has occurred"],
  21211: [400, "The 'To' number is not a valid phone number."],
  21212: [400, "The 'From' number is not a valid phone number, shortcode, or alphanumeric sender ID."],
  21266: [400, "'To' and 'From' number cannot be the same"],
  21408: [400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number"],
  21602: [400, "Message body is required."],
  21603: [400, "A 'From' phone number is required."],
  21604: [400, "A 'To' phone number is required."],
  21609: [400, "The 'StatusCallback' URL is not a valid URL."],
  21610: [400, "Attempt to send to unsubscribed recipient"],
  21612: [400, "The 'To' phone number is not currently reachable using the 'From' phone number via SMS."],
  21614: [400, "'To' number is not a valid mobile number"],
  21617: [400, "The concatenated message body exceeds the 1600 character limit."],
  90007: [400, "The 'ValidityPeriod' is not an integer between 1 and 36000"],
} as const satisfies Record<number, readonly [status: number, message: string]>;

export type RefusalCode = keyof typeof REFUSALS;

export function writeError(code: RefusalCode): { status: number; body: string } {
  const [status, message] = REFUSALS[code];
  return {
    status,
    body: JSON.stringify({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }),
  };
}

const FAILURES: Readonly<Record<number, string>> = {
  30003: "Unreachable destination handset",
  30005: "Unknown destination handset",
  30007: "Message filtered",
  30008: "Unknown error",
};

export const sayFailure = (code: number): string => FAILURES[code] ?? "Unknown error";
