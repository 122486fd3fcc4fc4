import { type ChildProcess, fork, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** Parts of the bench run in processes of their own, as their models do; none outlives this one. */
const children = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

export type Helper = {
  pid: number;
  /** Where it listens, if it does. */
  url: string;
  /** One question at a time. */
  ask<Answer>(question?: unknown): Promise<Answer>;
  stop(): void;
};

export function startHelper(file: string, env: Record<string, string | undefined> = {}): Promise<Helper> {
  const child = fork(resolve(import.meta.dirname, file), { env: { ...process.env, ...env }, execArgv: [] });
  children.add(child);
  const heard = () =>
    new Promise<unknown>((done, fail) => {
      const ended = (code: number | null) => fail(new Error(`${file} ended with ${code}`));
      child.once("exit", ended);
      child.once("message", (message) => {
        child.off("exit", ended);
        const { error, answer } = message as { error?: string; answer?: unknown };
        if (error === undefined) done(answer);
        else fail(new Error(`${file}: ${error}`));
      });
    });
  return heard().then((url) => ({
    pid: child.pid ?? 0,
    url: url as string,
    ask<Answer>(question: unknown = null) {
      const answer = heard();
      child.send({ question });
      return answer as Promise<Answer>;
    },
    stop: () => void child.kill("SIGKILL"),
  }));
}

/** The helper's side: says where it listens, answers what it is asked, and ends with its parent. */
export function serve<Question>(url: string, answer: (question: Question) => unknown): void {
  process.on("disconnect", () => process.exit(0));
  process.on("message", async (message: { question: Question }) => {
    try {
      process.send?.({ answer: (await answer(message.question)) ?? null });
    } catch (error) {
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.send?.({ answer: url });
}

export type WorkerProcess = {
  /** The most memory it ever held, in MB; NaN where the system does not say. */
  peakMemory(): number;
  stop(): Promise<void>;
};

/** `npm run worker`, as it runs in production. */
export async function startWorker(env: Record<string, string>): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, "../../src/main.ts"), "worker"], {
    env: { PATH: process.env.PATH, HOME: "/", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.add(child);
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  await new Promise<void>((ready, fail) => {
    child.once("exit", (code) => fail(new Error(`the worker ended with ${code}`)));
    child.stdout.on("data", (text: Buffer) => text.includes("ready worker") && ready());
  });
  return {
    peakMemory() {
      try {
        return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1024;
      } catch {
        return Number.NaN;
      }
    },
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
