import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import {
  isSigned,
  keepFields,
  readForm,
  readInbound,
  readReport,
  type WebhookFields,
} from "../carrier/twilio-webhooks.ts";
import type { ChannelId } from "../lib/ids.ts";
import { cleanText } from "../lib/text.ts";
import { readAttemptRef } from "../message/message.ts";
import type { Report } from "../message/reports.queries.ts";
import type { InboundIntake } from "./intake-inbound.ts";

export type HookDeps = {
  publicBaseUrl(): string;
  secrets: readonly string[];
  inbound: InboundIntake;
  reports: { take(report: Report): Promise<void> };
  channelId: ChannelId;
  countBadSignature(hook: "inbound" | "status"): void;
};

/** A form of 1,600 characters is under 15 kB; media and locations add some. */
const MAX_FORM = 256 * 1024;

/**
 * What the carrier brings. Verified over the raw form, stored, committed, answered; everything else happens later. If it
 * can't be stored the answer is 503, so that the carrier keeps it and comes again (`#rc=5&rp=all` in our URLs).
 */
export function hookRoutes(app: FastifyInstance, deps: HookDeps): void {
  app.register(async (scope) => {
    // Whatever the content type claims, the raw bytes are what is signed and what is kept.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: MAX_FORM }, (_request, body, done) =>
      done(null, body),
    );

    scope.post("/hooks/twilio/inbound", { config: { access: "public", kind: "hook" } }, async (request, reply) => {
      const raw = rawBody(request);
      const fields = verify(deps, "inbound", request, raw);
      if (!fields) return refuse(reply);
      const text = readInbound(fields);
      if (text) await deps.inbound.take({ ...text, raw });
      else request.log.warn("a signed webhook without a message id");
      return reply.type("text/xml; charset=utf-8").send("<Response/>");
    });

    scope.post("/hooks/twilio/status", { config: { access: "public", kind: "hook" } }, async (request, reply) => {
      const raw = rawBody(request);
      const fields = verify(deps, "status", request, raw);
      if (!fields) return refuse(reply);
      const report = readReport(fields);
      if (report) {
        const reference = readAttemptRef(String((request.query as Record<string, unknown>).a ?? ""));
        await deps.reports.take({
          channelId: deps.channelId,
          messageId: reference?.messageId ?? null,
          attempt: reference?.attempt ?? null,
          carrierMessageId: cleanText(report.carrierMessageId),
          word: cleanText(report.word),
          state: report.status,
          code: report.code === null ? null : cleanText(report.code),
          fields: keepFields(fields),
        });
      }
      return reply.code(204).send();
    });
  });
}

const rawBody = (request: FastifyRequest): Buffer => (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));

function verify(
  deps: HookDeps,
  hook: "inbound" | "status",
  request: FastifyRequest,
  raw: Buffer,
): WebhookFields | null {
  const fields = readForm(raw.toString("utf8"));
  const signature = request.headers["x-twilio-signature"];
  const url = deps.publicBaseUrl() + request.url;
  if (isSigned(deps.secrets, typeof signature === "string" ? signature : undefined, url, fields)) return fields;
  deps.countBadSignature(hook);
  return null;
}

/** Nothing is stored of a request that is not signed, but a count. */
const refuse = (reply: FastifyReply): FastifyReply =>
  reply
    .code(403)
    .type("application/problem+json; charset=utf-8")
    .send(
      JSON.stringify({
        type: "about:blank",
        title: "Forbidden",
        status: 403,
        code: "bad_signature",
        detail: "签名不对",
      }),
    );
