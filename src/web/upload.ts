import multipart from "@fastify/multipart";
import type { FastifyInstance } from "fastify";

/** A file as somebody chose it in a form. Its name is his word, and so is its kind: look at the bytes. */
export type Upload = { name: string; bytes: Buffer };

/** Larger ones are refused before they are read to the end. */
export const MOST_UPLOAD_BYTES = 20 * 1024 * 1024;

/**
 * Forms that bring a file (`enctype="multipart/form-data"`): their other fields are read as of any form, so the token and
 * the number of the form are checked alike. Nothing is read of a visitor whom the guard has not let in.
 */
export async function takeUploads(app: FastifyInstance): Promise<void> {
  await app.register(multipart, {
    attachFieldsToBody: "keyValues",
    limits: { fileSize: MOST_UPLOAD_BYTES, files: 1, fields: 60, fieldSize: 64 * 1024 },
    async onFile(part) {
      const upload: Upload = { name: part.filename, bytes: await part.toBuffer() };
      (part as unknown as { value: Upload }).value = upload;
    },
  });
}

/** The files of a form by their fields; a field that was left empty has none. */
export function readUploads(body: unknown): Record<string, Upload> {
  const found: Record<string, Upload> = {};
  for (const [field, value] of Object.entries((body ?? {}) as Record<string, unknown>)) {
    if (isUpload(value) && value.bytes.length > 0) found[field] = value;
  }
  return found;
}

const isUpload = (value: unknown): value is Upload =>
  typeof value === "object" && value !== null && "bytes" in value && Buffer.isBuffer(value.bytes);
