import type { Context } from "../../src/context.ts";
import type { BroadcastId } from "../../src/lib/ids.ts";
import { pause } from "../../src/lib/slots.ts";
import { type Cast, givenApproved, givenVillage } from "../support/given.ts";
import { BODY } from "./forms.ts";
import type { Ground } from "./ground.ts";
import { seedDoors } from "./seed.ts";

/** A village with so many doors, and a notice to all of them, through every step that staff and workers take. */
export async function settle(ctx: Context, ground: Ground, doors: number): Promise<Cast> {
  const cast = await givenVillage(ctx, {});
  await seedDoors(ground.pool, cast.village.id, doors);
  return cast;
}

/**
 * Approved at the desk; the worker hears the bell and launches. The moments of both commits: the approval's by our clock,
 * the launch's by the database's.
 */
export async function launch(
  ctx: Context,
  ground: Ground,
  cast: Cast,
): Promise<{ id: BroadcastId; approved: number; launched: Date }> {
  let approved = 0;
  const ring = (bells: Parameters<typeof ctx.bells.ring>[0]) => {
    approved = performance.now();
    return ctx.bells.ring(bells);
  };
  const id = await givenApproved({ ...ctx, work: { ...ctx.work, bells: { ring } } }, cast, BODY);
  return { id, approved, launched: await reaches(ground, id, ["sending", "sent"], 5) };
}

export async function reaches(ground: Ground, id: BroadcastId, states: string[], everyMs: number): Promise<Date> {
  for (;;) {
    const { rows } = await ground.pool.query<{ at: Date }>(
      "select clock_timestamp() as at from broadcasts where id = $1 and state = any ($2)",
      [id, states],
    );
    if (rows[0]) return rows[0].at;
    await pause(everyMs);
  }
}

/** Texts per second, from the launch's commit to the last recorded result. All must have been sent, and once. */
export async function sendBroadcast(ctx: Context, ground: Ground, cast: Cast, texts: number): Promise<number> {
  const { id, launched } = await launch(ctx, ground, cast);
  await reaches(ground, id, ["sent"], 50);
  const { rows } = await ground.pool.query<{ sent: number; attempts: number; last: Date }>(
    `select count(*) filter (where m.state = 'accepted')::int as sent, sum(m.attempt)::int as attempts,
            max(a.ended_at) as last
       from messages m left join attempts a on a.message_id = m.id and a.attempt = m.attempt
      where m.broadcast_id = $1`,
    [id],
  );
  const [found] = rows;
  if (found?.sent !== texts || found.attempts !== texts) throw new Error(`sent: ${JSON.stringify(found)} of ${texts}`);
  return texts / ((found.last.getTime() - launched.getTime()) / 1000);
}
