/** A counting semaphore: `take` waits for a free slot, `give` frees one, first come first served. */
export function slots(count: number): { take(): Promise<void>; give(): void; inUse(): number } {
  let used = 0;
  const queue: (() => void)[] = [];
  return {
    take() {
      if (used < count) {
        used++;
        return Promise.resolve();
      }
      return new Promise((resolve) => queue.push(resolve));
    },
    give() {
      const next = queue.shift();
      if (next) next();
      else used--;
    },
    inUse: () => used,
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
