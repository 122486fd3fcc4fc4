/**
 * Group commit. While one batch is being written, everything that arrives waits and becomes the next batch; when
 * nothing is being written, an item goes at once. So there is no timer to tune: batches grow with load.
 * A failed write rejects every call of its batch, and only those.
 */
export function batcher<Item, Answer>(options: {
  max: number;
  /** Answers in the order of the items. */
  write(items: Item[]): Promise<Answer[]>;
}): { add(item: Item): Promise<Answer>; idle(): Promise<void> } {
  type Waiting = { item: Item; resolve(answer: Answer): void; reject(error: unknown): void };
  let waiting: Waiting[] = [];
  let running: Promise<void> | null = null;

  const run = async (): Promise<void> => {
    // One turn of the event loop lets callers that are ready at the same moment share the first batch.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const batch = waiting.slice(0, options.max);
      waiting = waiting.slice(options.max);
      try {
        const answers = await options.write(batch.map((w) => w.item));
        batch.forEach((w, i) => {
          w.resolve(answers[i] as Answer);
        });
      } catch (error) {
        for (const w of batch) w.reject(error);
      }
    }
    // In the same turn as the last look at `waiting`: an item added later must start a new run.
    running = null;
  };

  return {
    add: (item) =>
      new Promise<Answer>((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        running ??= run();
      }),
    idle: async () => {
      while (running) await running;
    },
  };
}
