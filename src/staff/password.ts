import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

/** argon2id of Node 24, at OWASP's first choice: 19 MiB, 2 passes, 1 lane. Stored as a PHC string. */
const MEMORY = 19_456;
const PASSES = 2;
const run = promisify(argon2);

const derive = (password: string, nonce: Buffer, memory: number, passes: number): Promise<Buffer> =>
  run("argon2id", {
    message: password.normalize("NFKC"),
    nonce,
    memory,
    passes,
    parallelism: 1,
    tagLength: 32,
  }) as Promise<Buffer>;

export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derive(password, nonce, MEMORY, PASSES);
  return `$argon2id$v=19$m=${MEMORY},t=${PASSES},p=1$${nonce.toString("base64url")}$${tag.toString("base64url")}`;
}

export async function isPassword(password: string, stored: string): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$([\w-]+)\$([\w-]+)$/.exec(stored);
  if (!match) return false;
  const [, memory, passes, nonce, tag] = match as unknown as [string, string, string, string, string];
  const expected = Buffer.from(tag, "base64url");
  const given = await derive(password, Buffer.from(nonce, "base64url"), Number(memory), Number(passes));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** What is wrong with a new password, in words, or null. Length is what counts; the list stops the obvious ones. */
export function passwordProblem(password: string, login: string): string | null {
  if (Array.from(password).length < 10) return "密码至少 10 个字符";
  if (password.length > 200) return "密码最多 200 个字符";
  const folded = password.toLowerCase();
  if (folded.includes(login.toLowerCase())) return "密码里不能有登录名";
  if (/^(.)\1+$/.test(folded) || OBVIOUS.some((word) => folded.startsWith(word))) return "这个密码太容易猜，请换一个";
  return null;
}

const OBVIOUS = ["1234567890", "0123456789", "qwertyuiop", "password", "woaini1314", "a123456789", "1q2w3e4r5t"];

/** A password for a new account, read aloud easily: no 0/o, 1/l, 2/z pairs. 12 of 28 characters: 57 bits. */
export function inventPassword(): string {
  const alphabet = "abcdefghijkmnpqrstuvwxy34567";
  const characters = Array.from(randomBytes(12), (byte) => alphabet[byte % alphabet.length]).join("");
  return `${characters.slice(0, 4)}-${characters.slice(4, 8)}-${characters.slice(8)}`;
}
