import pg from "pg";
import { Pool } from "undici";

/**
 * Loaded before a worker (`node --import ./test/chaos/fault.ts src/main.ts worker`), kills it at one step of its work.
 * FAULT is `moment:step` or `moment:step:n` for the n-th time. `amid`: the statement (of a transaction: its commit) has
 * left for PostgreSQL and its answer is not read. `after`: the answer has come, and nothing else has been done yet.
 */
type Step = { words: RegExp; does(result: pg.QueryResult): boolean };

const touchesRows = (result: pg.QueryResult) => (result.rowCount ?? 0) > 0;
const always = () => true;

/** A sweep that finds nothing is no step: `does` says whether a statement of that kind did something. */
const STEPS: Readonly<Record<string, Step>> = {
  take: { words: /insert into villagers/, does: touchesRows },
  launch: { words: /insert into messages/, does: touchesRows },
  claim: { words: /insert into claims/, does: ({ rows }) => rows.some((row: { id?: unknown }) => row.id) },
  begin: { words: /attempt = m\.attempt \+ 1/, does: touchesRows },
  record: { words: /insert into attempts[\s\S]+from result/, does: always },
  drop: { words: /delete from "?claims"? where "?id/, does: touchesRows },
  finish: { words: /update broadcasts b set state = 'sent'/, does: touchesRows },
  expire: { words: /delete from "?claims"? where lease_until/, does: touchesRows },
  settle: { words: /with report as/, does: touchesRows },
  absence: { words: /update "attempts" set "absences"/, does: touchesRows },
  requeue: { words: /with ended as \([\s\S]+requeued/, does: always },
};

const [moment, name = "", nth = "1"] = (process.env.FAULT ?? "").split(":");
let left = Number(nth);
const met = (): boolean => --left === 0;

/** Nothing of this process runs after it, not even the end of the current turn. */
function die(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;);
}

const step = STEPS[name];
if (step) watchStatements(step);
else if (name === "answer") watchAnswers();
else throw new Error(`FAULT names no step: ${name}`);

function watchStatements({ words, does }: Step): void {
  type Query = (this: pg.Client, ...args: unknown[]) => Promise<pg.QueryResult> | undefined;
  const original = pg.Client.prototype.query as unknown as Query;
  const open = new WeakSet<pg.Client>();
  const toCommit = new WeakSet<pg.Client>();
  const watched: Query = function (...args) {
    const text = textOf(args[0]);
    const answer = original.apply(this, args);
    if (!(answer instanceof Promise)) return answer;
    if (/^(begin|start transaction)/i.test(text)) open.add(this);
    if (/^(commit|rollback)/i.test(text)) open.delete(this);
    if (words.test(text) && open.has(this)) {
      return answer.then((result) => {
        if (does(result)) toCommit.add(this);
        return result;
      });
    }
    const commits = /^commit/i.test(text) && toCommit.delete(this);
    if (!commits && !words.test(text)) return answer;
    if (moment === "amid") {
      // It is written in this turn.
      if (met()) setImmediate(die);
      return answer;
    }
    return answer.then((result) => {
      if ((commits || does(result)) && met()) die();
      return result;
    });
  };
  pg.Client.prototype.query = watched as never;
}

const textOf = (statement: unknown): string =>
  typeof statement === "string" ? statement : String((statement as { text?: unknown } | null)?.text ?? "");

function watchAnswers(): void {
  const original = Pool.prototype.dispatch;
  Pool.prototype.dispatch = function (options, handler) {
    const { onResponseEnd } = handler;
    handler.onResponseEnd = (controller, trailers) => {
      if (options.method === "POST" && met()) die();
      onResponseEnd?.call(handler, controller, trailers);
    };
    return original.call(this, options, handler);
  };
}
