import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { resolve } from "node:path";

/**
 * The product as an operator runs it: processes of their own, started with nothing of the test's environment but PATH.
 * Each leads a process group, as in a terminal of its own. Whatever a test starts here is ended by `endAll`, with the
 * databases that it left behind.
 */
export type Ending = { code: number | null; signal: NodeJS.Signals | null; ms: number };

export type Process = {
  pid: number;
  stdout(): string;
  stderr(): string;
  /** What stands behind `ready` on its standard output. Fails at once if the process ends instead. */
  ready(patience?: number): Promise<string>;
  /** Until this appears on either output. */
  says(words: string | RegExp, patience?: number): Promise<void>;
  signal(kind: NodeJS.Signals): void;
  signalGroup(kind: NodeJS.Signals): void;
  ended: Promise<Ending>;
  /** Null while it runs. */
  ending(): Ending | null;
  /** Signals it, or its whole group as a terminal's Ctrl-C does, and measures how long it takes to end. */
  stop(kind?: NodeJS.Signals, to?: "process" | "group"): Promise<Ending>;
  /** As a power cut does it: this process and all that it started, in one moment. */
  killTree(): Promise<Ending>;
};

export type ProcessOptions = {
  env?: Record<string, string>;
  cwd?: string;
  user?: { uid: number; gid: number };
};

export const REPOSITORY = resolve(import.meta.dirname, "../..");
const started = new Set<{ child: ChildProcess; folder: string | undefined }>();

export const startMain = (mode: "start" | "web" | "worker", env: Record<string, string>, more: ProcessOptions = {}) =>
  startProcess(process.execPath, ["src/main.ts", mode], { ...more, env });

export function startProcess(command: string, args: string[], options: ProcessOptions = {}): Process {
  const { env = {}, cwd = REPOSITORY, user } = options;
  const child = spawn(command, args, {
    ...user,
    cwd,
    env: { PATH: process.env.PATH, HOME: "/", LANG: "C.UTF-8", ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  started.add({ child, folder: env.DATA_DIR });

  const output = { out: "", err: "" };
  let heard = (): void => undefined;
  for (const [name, stream] of [["out", child.stdout] as const, ["err", child.stderr] as const]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      heard();
    });
  }
  let askedAt = performance.now();
  let ending: Ending | null = null;
  const ended = new Promise<Ending>((done) => {
    child.on("close", (code, signal) => {
      ending = { code, signal, ms: Math.round(performance.now() - askedAt) };
      heard();
      done(ending);
    });
  });
  const describe = () => `${args.join(" ")}\n--- stdout\n${output.out}\n--- stderr\n${output.err.slice(-6000)}`;

  const waitFor = <T>(what: string, look: () => T | null, patience: number): Promise<T> =>
    new Promise((done, fail) => {
      const before = heard;
      const timer = setTimeout(() => fail(new Error(`no ${what} within ${patience} ms: ${describe()}`)), patience);
      heard = () => {
        before();
        const found = look();
        if (found === null && !ending) return;
        clearTimeout(timer);
        if (found !== null) done(found);
        else fail(new Error(`ended with ${ending?.code ?? ending?.signal} before ${what}: ${describe()}`));
      };
      heard();
    });
  const ask = (kill: () => void): Promise<Ending> => {
    askedAt = performance.now();
    kill();
    return ended;
  };

  return {
    pid,
    stdout: () => output.out,
    stderr: () => output.err,
    ready: (patience = 45_000) => waitFor("ready", () => /^ready (.+)$/m.exec(output.out)?.[1] ?? null, patience),
    says: (words, patience = 20_000) =>
      waitFor(
        String(words),
        () => {
          const text = output.out + output.err;
          return (typeof words === "string" ? text.includes(words) : words.test(text)) ? undefined : null;
        },
        patience,
      ),
    signal: (kind) => sendSignal(pid, kind),
    signalGroup: (kind) => sendSignal(-pid, kind),
    ended,
    ending: () => ending,
    stop: (kind = "SIGTERM", to = "process") => ask(() => sendSignal(to === "group" ? -pid : pid, kind)),
    killTree: () => ask(() => killAll([pid, ...descendants(pid)])),
  };
}

/** Runs one command to its end. */
export async function runProcess(command: string, args: string[], options: ProcessOptions = {}) {
  const one = startProcess(command, args, options);
  const { code, ms } = await one.ended;
  return { code, ms, stdout: one.stdout(), stderr: one.stderr() };
}

export const runCli = (args: string[], env: Record<string, string>, more: ProcessOptions = {}) =>
  runProcess(process.execPath, ["src/cli.ts", ...args], { ...more, env });

type Row = { pid: number; parent: number; command: string };

const processes = (): Row[] =>
  execFileSync("ps", ["-A", "-ww", "-o", "pid=,ppid=,command="], { encoding: "utf8" })
    .split("\n")
    .flatMap((line) => {
      const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return pid ? [{ pid: Number(pid), parent: Number(parent), command: command ?? "" }] : [];
    });

/** Children and theirs, parents first: a watcher must not see its charge die before it dies itself. */
export function descendants(pid: number, rows = processes()): number[] {
  const children = rows.filter((row) => row.parent === pid).map((row) => row.pid);
  return [...children, ...children.flatMap((child) => descendants(child, rows))];
}

/** Processes that name this folder on their command line: its PostgreSQL, wherever its parent is. */
export const processesOf = (folder: string): number[] =>
  processes()
    .filter((row) => row.command.includes(folder))
    .map((row) => row.pid);

const killAll = (pids: readonly number[]): void => {
  for (const pid of pids) sendSignal(pid, "SIGKILL");
};

function sendSignal(pid: number, kind: NodeJS.Signals): void {
  try {
    process.kill(pid, kind);
  } catch {
    // it has ended meanwhile
  }
}

/** For `afterEach` or `afterAll`. Nothing that a test started outlives it. */
export async function endAll(): Promise<void> {
  const ends = [...started].map(({ child, folder }) => {
    const living = child.exitCode === null && child.signalCode === null && child.pid !== undefined ? [child.pid] : [];
    killAll([...living, ...living.flatMap((pid) => descendants(pid)), ...(folder ? processesOf(folder) : [])]);
    return living.length > 0 ? new Promise((done) => child.on("close", done)) : null;
  });
  started.clear();
  await Promise.all(ends);
}
