/** Keeps a loaded value for a while, for things that hardly change. A load that fails is not kept. */
export function remember<T>(forMs: number, load: () => Promise<T>): () => Promise<T> {
  let kept: { value: Promise<T>; until: number } | null = null;
  return () => {
    if (kept && performance.now() < kept.until) return kept.value;
    const value = load();
    kept = { value, until: performance.now() + forMs };
    value.catch(() => {
      kept = null;
    });
    return value;
  };
}
