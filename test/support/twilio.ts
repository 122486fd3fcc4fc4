import { createRequire } from "node:module";

const { getExpectedTwilioSignature } = createRequire(import.meta.url)("twilio/lib/webhooks/webhooks") as {
  getExpectedTwilioSignature(token: string, url: string, fields: Record<string, unknown>): string;
};

export type SignedForm = Record<string, string>;

/** A form as Twilio posts it, signed as Twilio signs it: over the decoded fields, before they are encoded. */
export function signForm(
  token: string,
  url: string,
  form: SignedForm,
): { headers: Record<string, string>; body: string } {
  return {
    body: new URLSearchParams(form).toString(),
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      "x-twilio-signature": getExpectedTwilioSignature(token, url, form),
    },
  };
}
