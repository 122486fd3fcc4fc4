import { lookUpCode } from "../carrier/refusals.ts";
import type { Db } from "../db/connect.ts";
import { retryIfMet } from "../db/retry.ts";
import { batcher } from "../lib/batch.ts";
import type { Clock } from "../lib/clock.ts";
import type { MessageId } from "../lib/ids.ts";
import { type Report, takeReports } from "./reports.queries.ts";

/**
 * Takes reports as webhooks bring them. `take` returns once the report is committed and applied, and reports that
 * come while one batch is being written share the next: one commit for many webhooks.
 */
export function reportIntake(deps: {
  sending: Db;
  clock: Clock;
  /** These were refused after all, for reasons that may hold for others too. */
  heedRefused?(messageIds: readonly MessageId[]): Promise<void>;
}): { take(report: Report): Promise<void> } {
  const batches = batcher<Report, void>({
    max: 500,
    async write(reports) {
      await retryIfMet(() => takeReports(deps.sending, reports, deps.clock.now()));
      const refused = reports.flatMap(({ messageId, state, code }) =>
        messageId && (state === "failed" || state === "undelivered") && code && !lookUpCode(code).onePhone
          ? [messageId]
          : [],
      );
      if (refused.length > 0) await deps.heedRefused?.(refused);
      return reports.map(() => undefined);
    },
  });
  return { take: (report) => batches.add(report) };
}
