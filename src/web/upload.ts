import { createHash } from "node:crypto";
import multipart from "@fastify/multipart";
import type { FastifyInstance } from "fastify";

/** A file that a form or a program sent. */
export type Upload = { name: string; bytes: Buffer };

declare module "fastify" {
  interface FastifyRequest {
    upload?: Upload | null;
  }
}

/** By this the same file is known again. */
export const markOf = ({ bytes }: Upload): string => createHash("sha256").update(bytes).digest("base64url");

/** A program may send the file as it is. */
const RAW = [
  "text/csv",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "application/octet-stream",
];

/** Besides the file: what a form's fields and multipart's own lines may take. */
const FIELD_BYTES = 4 * 1024 * 1024;

const tooLarge = () =>
  Object.assign(new Error("the upload is too large"), { statusCode: 413, code: "UPLOAD_TOO_LARGE" });

/**
 * Lets the routes that `register` adds take one file of at most so many bytes; no other route reads multipart at all.
 * Whoever says beforehand that he will send more is told so before any of it is read; what a stranger sends is not read
 * either, because the guard comes first. For a program the body is the file.
 */
export function acceptUploads(app: FastifyInstance, maxBytes: number, register: (app: FastifyInstance) => void): void {
  app.register(async (scope) => {
    scope.addHook("onRequest", async (request) => {
      if (Number(request.headers["content-length"] ?? 0) > maxBytes + FIELD_BYTES) {
        throw tooLarge();
      }
    });
    await scope.register(multipart, {
      attachFieldsToBody: "keyValues",
      limits: { fileSize: maxBytes, files: 1, fields: 50, fieldSize: FIELD_BYTES },
      async onFile(part) {
        // The answer need not wait for the rest of it; but the next page on the same connection would, were it not read.
        part.file.on("limit", () => {
          part.file.destroy(tooLarge());
          this.raw.unpipe();
          this.raw.resume();
        });
        const pieces: Buffer[] = [];
        for await (const piece of part.file as AsyncIterable<Buffer>) pieces.push(piece);
        this.upload = { name: part.filename, bytes: Buffer.concat(pieces) };
      },
    });
    scope.addContentTypeParser(RAW, { parseAs: "buffer", bodyLimit: maxBytes }, (_request, body, done) =>
      done(null, body),
    );
    scope.addHook("preValidation", async (request) => {
      if (request.routeOptions.config.kind === "api" && request.upload) request.body = request.upload.bytes;
    });
    register(scope);
  });
}
