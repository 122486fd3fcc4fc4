import type { Arena, Mortal } from "./arena.ts";
import type { Witness } from "./witness.ts";

/**
 * How long a kill was felt: from the signal until what was killed is up again, the carrier has taken another text, and
 * none of the claims that stood then is left. The last is what takes long: a dead worker's texts wait for their lease
 * (15 s) and the sweep (2 s, one process at a time). A kill that another follows waits for both. Looked at every LOOK_MS.
 */
export type Repair = { kind: Mortal["kind"]; ms: number };

type Open = { mortal: Mortal; at: number; taken: number; claims: Set<string> | null };

const LOOK_MS = 200;

export class Repairs {
  readonly #open = new Set<Open>();
  readonly done: Repair[] = [];
  readonly #arena: Arena;
  readonly #witness: Witness;
  #over = false;
  readonly #looking: Promise<void>;

  constructor(arena: Arena, witness: Witness) {
    this.#arena = arena;
    this.#witness = witness;
    this.#looking = this.#keepLooking();
  }

  killed(mortal: Mortal): void {
    this.#open.add({ mortal, at: performance.now(), taken: this.#witness.taken, claims: null });
  }

  open = (): number => this.#open.size;
  longest = (): Repair | undefined => this.done.toSorted((a, b) => b.ms - a.ms)[0];

  async stop(): Promise<void> {
    this.#over = true;
    await this.#looking;
  }

  async #keepLooking(): Promise<void> {
    while (!this.#over) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      const asked = performance.now();
      const rows = await this.#arena.query<{ id: string }>("select id from claims").catch(() => null);
      await this.#witness.look();
      if (rows) this.#settle(new Set(rows.map((row) => row.id)), asked);
    }
  }

  #settle(standing: Set<string>, asked: number): void {
    for (const one of [...this.#open].filter(({ at }) => at < asked)) {
      one.claims = one.claims === null ? standing : one.claims.intersection(standing);
      if (one.claims.size > 0 || !one.mortal.up() || this.#witness.taken <= one.taken) continue;
      this.done.push({ kind: one.mortal.kind, ms: Math.round(performance.now() - one.at) });
      this.#open.delete(one);
    }
  }
}
