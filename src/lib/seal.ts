import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from "node:crypto";
import type { PhoneNumber } from "./phone.ts";

/**
 * Encryption at rest. A sealed value is `version (1 byte) · nonce (12) · ciphertext · tag (16)`, AES-256-GCM.
 * The purpose is the authenticated data, so a sealed phone can't be passed off as a sealed text; the row's id is
 * not, so a launch may copy sealed phones from the roster to a million messages without opening them.
 * Look-up goes by a keyed hash: without DATA_KEY eleven digits can't be tried out against it.
 */
export interface Sealer {
  phone(phone: PhoneNumber): Buffer;
  openPhone(sealed: Buffer): PhoneNumber;
  hashPhone(phone: PhoneNumber): Buffer;
  /** For knowing again what must not be kept. */
  hashWords(words: string): Buffer;
  bytes(raw: Buffer): Buffer;
  openBytes(sealed: Buffer): Buffer;
}

const VERSION = 1;

export function createSealer(dataKey: Buffer): Sealer {
  // Key objects: with a key as bytes each opening of a phone costs four times as much.
  const derive = (purpose: string) => createSecretKey(Buffer.from(hkdfSync("sha256", dataKey, "cunwu", purpose, 32)));
  const key = derive("seal");
  const hashKey = derive("phone-hash");
  const wordsKey = derive("words-hash");

  const seal = (purpose: string, plain: Buffer): Buffer => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(purpose));
    return Buffer.concat([Buffer.of(VERSION), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  };
  const open = (purpose: string, sealed: Buffer): Buffer => {
    if (sealed[0] !== VERSION) throw new Error(`a value sealed with key version ${sealed[0]}, which is not here`);
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(1, 13)).setAAD(Buffer.from(purpose));
    decipher.setAuthTag(sealed.subarray(-16));
    return Buffer.concat([decipher.update(sealed.subarray(13, -16)), decipher.final()]);
  };

  return {
    phone: (phone) => seal("phone", Buffer.from(phone)),
    openPhone: (sealed) => open("phone", sealed).toString() as PhoneNumber,
    hashPhone: (phone) => createHmac("sha256", hashKey).update(phone).digest(),
    hashWords: (words) => createHmac("sha256", wordsKey).update(words).digest(),
    bytes: (raw) => seal("bytes", raw),
    openBytes: (sealed) => open("bytes", sealed),
  };
}

/** A password for a working role of the database, derived so that no second secret has to be kept. */
export const deriveRolePassword = (dataKey: Buffer, role: string): string =>
  Buffer.from(hkdfSync("sha256", dataKey, "cunwu", `role ${role}`, 24)).toString("base64url");

/** By this a key is known again, and nothing about it can be learned. */
export const markOf = (dataKey: Buffer): Buffer => createHmac("sha256", dataKey).update("cunwu data key").digest();

export const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();
