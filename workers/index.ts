import type { Context } from "../src/context.ts";
import * as climbLadder from "./climb-ladder.ts";
import * as dispatchMessages from "./dispatch-messages.ts";
import * as importRoster from "./import-roster.ts";
import * as launchBroadcast from "./launch-broadcast.ts";
import * as reckonDates from "./reckon-dates.ts";
import * as runSchedule from "./run-schedule.ts";
import * as understandInbound from "./understand-inbound.ts";

/** One file per queue, no logic; `test/architecture.test.ts` checks that none is missing. */
export function startWorkers(ctx: Context): void {
  for (const worker of [
    launchBroadcast,
    dispatchMessages,
    understandInbound,
    runSchedule,
    climbLadder,
    reckonDates,
    importRoster,
  ])
    worker.start(ctx);
}
