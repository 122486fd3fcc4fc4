import type { Context } from "../src/context.ts";
import { drainInbound } from "../src/inbound/drain-inbound.ts";

/** Queue `understand-inbound`: texts were stored. */
export const start = (ctx: Context): void =>
  ctx.bells.answer("understand-inbound", ({ inboundId }, signal) =>
    drainInbound({ ...ctx.work, log: ctx.log }, inboundId, signal),
  );
