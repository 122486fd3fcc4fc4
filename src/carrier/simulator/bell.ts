import { pause } from "../../lib/slots.ts";

export type Bell = {
  set(moments: readonly Date[]): void;
  /** Until it rings, this long, or until the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
};

/** Wakes a waiting loop at the moments it was told of. One beyond the usual round need not ring: that finds it. */
export function createBell(round: number): Bell {
  let rung = false;
  let wake: (() => void) | null = null;
  const ring = () => {
    rung = true;
    wake?.();
  };
  return {
    set(moments) {
      for (const moment of moments) {
        const ms = moment.getTime() - Date.now();
        if (ms <= 0) ring();
        else if (ms < round) setTimeout(ring, ms).unref();
      }
    },
    async wait(ms, signal) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          void pause(ms, signal).then(resolve);
        });
        wake = null;
      }
      rung = false;
    },
  };
}
