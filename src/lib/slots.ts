/** A counting semaphore, first come first served. */
export type Slots = {
  /** Waits for a free slot. */
  take(): Promise<void>;
  /** Takes what is free at this moment, up to so many, and says how many. */
  takeFree(max: number): number;
  give(count?: number): void;
  /** Waits until so many are free at once, or the signal aborts. Takes none. */
  untilFree(count: number, signal: AbortSignal): Promise<void>;
};

export function slots(count: number): Slots {
  let used = 0;
  const queue: (() => void)[] = [];
  let watchers: (() => void)[] = [];
  return {
    take() {
      if (used < count) {
        used++;
        return Promise.resolve();
      }
      return new Promise((resolve) => queue.push(resolve));
    },
    takeFree(max) {
      const taken = Math.min(max, count - used);
      used += taken;
      return taken;
    },
    give(given = 1) {
      for (let i = 0; i < given; i++) {
        const next = queue.shift();
        if (next) next();
        else used--;
      }
      for (const look of watchers) look();
    },
    untilFree(wanted, signal) {
      if (count - used >= wanted || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const look = () => {
          if (count - used < wanted && !signal.aborted) return;
          watchers = watchers.filter((one) => one !== look);
          signal.removeEventListener("abort", look);
          resolve();
        };
        watchers.push(look);
        signal.addEventListener("abort", look);
      });
    },
  };
}

/** Waits, or stops waiting at once when the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms <= 0 || signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
  });
}
