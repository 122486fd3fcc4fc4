import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Skipped } from "./harness.ts";

export type Certificate = {
  /** For the carrier. */
  server: { BENCH_TLS_KEY: string; BENCH_TLS_CERT: string };
  /** For whoever calls it: trust in this one, in that process only. */
  caller: { NODE_EXTRA_CA_CERTS: string };
  remove(): Promise<void>;
};

/** A certificate for loopback, made for this run and signed by itself. */
export async function makeCertificate(): Promise<Certificate> {
  const dir = await mkdtemp(join(tmpdir(), "cunwu-bench-tls-"));
  const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
  const wish = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1";
  try {
    execFileSync("openssl", [...wish.split(" "), "-keyout", key, "-out", cert], { stdio: "ignore" });
  } catch {
    throw new Skipped("no openssl on PATH to make a certificate with");
  }
  return {
    server: { BENCH_TLS_KEY: key, BENCH_TLS_CERT: cert },
    caller: { NODE_EXTRA_CA_CERTS: cert },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
