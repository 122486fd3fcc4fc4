import { type RawBuilder, sql } from "kysely";
import { OFF_IN_A_ROW, TROUBLE_OF_CODE } from "../carrier/troubles.ts";
import { after, DAY } from "../lib/clock.ts";
import { type DoorTrouble, NOT_REACHED_DAYS, type Standing } from "./standing.ts";

export type DoorStanding = {
  standing: Standing;
  trouble: DoorTrouble | null;
  /** When the trouble was first heard of. */
  since: Date | null;
  /** Whether a text was delivered lately. */
  reached: boolean;
};

/** The newest delivered text, not whether there is one: for that the planner would read every text of the village. */
const standingAndReach = (now: Date) => sql`
         case when p.hash is null then 'no_phone' when p.problem is not null then 'bad_number'
              when exists (select from opt_outs o where o.village_id = h.village_id and o.phone_hash = p.hash
                              and o.column_id is null and o.ended_at is null) then 'opted_out'
              else 'reachable' end as standing,
         coalesce((select m.created_at >= ${after(now, -NOT_REACHED_DAYS * DAY)} from messages m
                    where m.phone_hash = p.hash and m.village_id = h.village_id and m.state = 'delivered'
                    order by m.id desc limit 1), false) as reached`;

/** For counting doors: their standing and whether they were reached, without what is known against their phones. */
export const reachOf = (now: Date): RawBuilder<unknown> => sql`lateral (select ${standingAndReach(now)})`;

/**
 * How a door stands: joined to households `h` and its contact phone in phones `p`. A mark on the phone counts first; else
 * the carrier's last words on it, as many as it takes to know a phone that is never on. What the carrier said before
 * somebody had the number tried again no longer counts: `problem_at` then says when that was.
 */
export const standingOf = (now: Date): RawBuilder<unknown> => sql`lateral (
  select ${standingAndReach(now)},
         case when p.problem in ('wrong_person', 'blocked') then p.problem
              when p.problem = 'invalid' then
                case when last.words[1] in ('empty', 'dead', 'not_mobile') then last.words[1] else 'invalid' end
              when last.off >= ${OFF_IN_A_ROW} then 'unreachable' else last.words[1] end as trouble,
         case when p.problem is not null then p.problem_at
              when last.off >= ${OFF_IN_A_ROW} then last.times[${sql.lit(OFF_IN_A_ROW)}]
              when last.words[1] is not null then last.times[1] end as since
    from (select array_agg(r.word order by r.id desc) as words, array_agg(r.state_at order by r.id desc) as times,
                 count(*) filter (where r.word = 'off') as off
            from (select m.id, m.state_at,
                         case when m.state <> 'delivered' then ${JSON.stringify(TROUBLE_OF_CODE)}::jsonb ->> m.reason end
                           as word
                    from messages m
                   where m.phone_hash = p.hash and m.village_id = h.village_id
                     and m.state in ('delivered', 'undelivered', 'failed')
                     and m.state_at > case when p.problem is null then coalesce(p.problem_at, '-infinity')
                                           else '-infinity' end
                   order by m.id desc limit ${OFF_IN_A_ROW}) r) last)`;
