import { STATUS_CODES } from "node:http";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type FieldError, REFUSAL_STATUS, type Refusal } from "../lib/refusal.ts";

/** One shape for everything that goes wrong: RFC 9457 for programs, a plain page for people. */
export type ErrorPage = (reply: FastifyReply, status: number, message: string) => Promise<FastifyReply>;

declare module "fastify" {
  interface FastifyInstance {
    errorPage: ErrorPage;
  }
}

const isForPeople = ({ routeOptions: { config } }: FastifyRequest): boolean =>
  config.kind === "page" || config.kind === "board";

export async function sendProblem(reply: FastifyReply, refusal: Refusal): Promise<FastifyReply> {
  const status = REFUSAL_STATUS[refusal.code];
  if (isForPeople(reply.request)) return reply.server.errorPage(reply, status, refusal.message);
  return reply
    .code(status)
    .type("application/problem+json; charset=utf-8")
    .send(
      JSON.stringify({
        type: "about:blank",
        title: STATUS_CODES[status],
        status,
        code: refusal.code,
        detail: refusal.message,
        ...(refusal.errors ? { errors: refusal.errors } : {}),
      }),
    );
}

export function installErrorHandler(app: FastifyInstance): void {
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    if (error.validation) return sendProblem(reply, invalidRequest(error));
    if (UNWRITABLE.has(error.code) && request.routeOptions.config.kind !== "hook") return sendProblem(reply, UNWRITTEN);
    const status = error.statusCode ?? 500;
    if (status < 500) return sendProblem(reply, { code: clientFault(status), message: sayClientFault(error) });
    request.log.error({ err: error, route: request.routeOptions.url }, "request failed");
    return answerAccident(request, reply);
  });
  app.setNotFoundHandler({ preHandler: async () => undefined }, async (request, reply) =>
    request.url.startsWith("/api/")
      ? sendProblem(reply, { code: "not_found", message: "没有这个接口" })
      : app.errorPage(reply, 404, "没有这个页面"),
  );
}

/** What PostgreSQL says of a NUL, and of half a character in JSON: whoever sends one, in an address too, is no person typing. */
const UNWRITABLE: ReadonlySet<string> = new Set(["22021", "22P05"]);
const UNWRITTEN: Refusal = { code: "validation_failed", message: "内容里有写不下来的字符，请重新输入一遍" };

/** Our fault: no detail leaves, the log has it under the request's id. 503 tells a carrier to come again. */
async function answerAccident(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { kind } = request.routeOptions.config;
  if (isForPeople(request)) return reply.server.errorPage(reply, 500, "服务器出了问题，请稍后再试；您填的内容没有保存");
  return reply
    .code(kind === "hook" ? 503 : 500)
    .type("application/problem+json; charset=utf-8")
    .send(
      JSON.stringify({
        type: "about:blank",
        title: "Internal Server Error",
        status: kind === "hook" ? 503 : 500,
        code: "internal_error",
        detail: `服务器出了问题，请稍后再试（${request.id}）`,
      }),
    );
}

const CLIENT_FAULTS: Record<number, Refusal["code"]> = {
  401: "unauthenticated",
  403: "forbidden",
  404: "not_found",
  413: "too_large",
};
const clientFault = (status: number): Refusal["code"] => CLIENT_FAULTS[status] ?? "validation_failed";

/** What to do about a file of 100 MB. */
const SMALLER = "名单一般只有几兆：请删掉里面的图片和用不着的工作表，或分成几个文件，再传一次";

function sayClientFault(error: FastifyError): string {
  switch (error.code) {
    case "FST_ERR_CTP_INVALID_JSON_BODY":
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return "请求内容不是正确的 JSON";
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return "不认识这种内容类型（Content-Type）";
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return "内容太大了";
    case "UPLOAD_TOO_LARGE":
      return `文件太大了。${SMALLER}`;
    default:
      return "请求有问题";
  }
}

/** What the schema found, field by field, with the remedy in words. */
function invalidRequest(error: FastifyError): Refusal {
  const errors: FieldError[] = (error.validation ?? []).map((found) => {
    const params = found.params as Record<string, unknown>;
    const missing = params.missingProperty ?? params.additionalProperty;
    const path = found.instancePath.slice(1).replaceAll("/", ".");
    const field = [path, typeof missing === "string" ? missing : ""].filter((part) => part !== "").join(".");
    return { field: field || (error.validationContext ?? "body"), message: sayKeyword(found.keyword, params) };
  });
  const message = errors.map(({ field, message }) => `${field}：${message}`).join("；");
  return { code: "validation_failed", message, errors };
}

function sayKeyword(keyword: string, params: Record<string, unknown>): string {
  switch (keyword) {
    case "required":
      return "没有填";
    case "additionalProperties":
      return "没有这个字段";
    case "type":
      return `类型不对，应是 ${String(params.type)}`;
    case "minLength":
      return "不能为空";
    case "maxLength":
      return `最多 ${String(params.limit)} 个字符`;
    case "enum":
    case "const":
    case "anyOf":
      return `只能是 ${JSON.stringify(params.allowedValues ?? params.allowedValue ?? "列出的几种")}`;
    case "format":
    case "pattern":
      return "格式不对";
    default:
      return "不符合要求";
  }
}
