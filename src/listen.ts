import { createServer } from "node:net";

/** An address that we cannot serve at, in a sentence. */
export class ListenProblem extends Error {}

const REASONS: Record<string, string> = {
  EADDRINUSE: "something else listens there already; stop it, or choose another PORT",
  EACCES: "this user may not listen on that port; choose a PORT above 1023",
  EADDRNOTAVAIL: "this machine has no such address; choose another HOST (127.0.0.1, or 0.0.0.0 for all)",
  ENOTFOUND: "no such host is known here; choose another HOST (127.0.0.1, or 0.0.0.0 for all)",
  EAI_AGAIN: "the name of the host cannot be looked up; choose another HOST (127.0.0.1, or 0.0.0.0 for all)",
};

export function explainListening(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = REASONS[code];
  return reason ? new ListenProblem(`HOST ${host}, PORT ${port}: ${reason} (${code})`) : error;
}

/** Asked before anything is made: who starts twice by mistake shall not find a new village and its passwords first. */
export async function checkAddress(host: string, port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(explainListening(error, host, port)));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}
