-- Clocks as data with their units, days that a county or township sets by hand, the ladder a late case climbs, and the
-- township's orders (督办单).

-- Three numbers become ten spans; what a village had set stays. The owner, too, stands before the wall.
alter table villages no force row level security;
update villages set promises = jsonb_build_object(
  'firstResponse', '{"amount": 24, "unit": "hours"}'::jsonb,
  'urgentResponse', '{"amount": 2, "unit": "hours"}'::jsonb,
  'acceptance', '{"amount": 1, "unit": "working_days"}'::jsonb,
  'result', jsonb_build_object('amount', promises -> 'answerWorkdays', 'unit', 'working_days'),
  'extension', jsonb_build_object('amount', promises -> 'extensionWorkdays', 'unit', 'working_days'),
  'callBack', '{"amount": 2, "unit": "calendar_days"}'::jsonb,
  'rating', jsonb_build_object('amount', promises -> 'ratingDays', 'unit', 'calendar_days'),
  'objection', '{"amount": 5, "unit": "calendar_days"}'::jsonb,
  'climb', '{"amount": 1, "unit": "working_days"}'::jsonb,
  'township', '{"amount": 5, "unit": "working_days"}'::jsonb)
 where promises ? 'answerWorkdays';
alter table villages force row level security;

alter table villages
  -- local times of a working day in which staff are reminded by text
  add column service_hours jsonb not null default '[["08:30", "17:30"]]',
  -- the promise and the calendar that the open cases' dates were last reckoned with (src/suggestion/rereckon-cases.ts)
  add column reckoned_with text;
grant update (service_hours) on villages to {{app}};
grant update (reckoned_with) on villages to {{system}};

-- A day set by hand, above the State Council's plan: of the whole country, of a county, or of a township, the narrower
-- counting more.
create table calendar_days (
  id uuid primary key,
  county_id uuid references counties,
  township_id uuid references townships,
  day date not null,
  off boolean not null,
  reason text not null,
  set_by uuid not null references actors,
  set_at timestamptz not null,
  check (county_id is null or township_id is null),
  unique nulls not distinct (county_id, township_id, day)
);
alter table calendar_days enable row level security;
alter table calendar_days force row level security;
grant select, insert, update, delete on calendar_days to {{app}};
grant select on calendar_days to {{system}};
-- Everybody's dates depend on it, so everybody may read it.
create policy readable on calendar_days for select to {{app}} using (true);
create policy platform on calendar_days to {{app}} using (app_role() = 'platform');
create policy township on calendar_days to {{app}}
  using (app_role() = 'township' and township_id = (select app_township()));
create policy system on calendar_days to {{system}} using (true);

alter table suggestions
  -- when the round began that the promise is counted from: the day it came, or was last reopened
  add column round_at timestamptz,
  -- where a changed calendar moved the date earlier: the later one that the villager was told
  add column told_due_at timestamptz,
  -- when the ladder must be looked at next
  add column look_at timestamptz not null default '-infinity';
alter table suggestions no force row level security;
update suggestions set round_at = case when reopened_times > 0 then coalesce(rated_at, opened_at) else opened_at end;
alter table suggestions force row level security;
alter table suggestions alter column round_at set not null;
create index on suggestions (look_at) where state not in ('answered', 'closed', 'merged', 'declined', 'transferred');

-- Whatever changes what is due when is followed by a look at the ladder, whoever changed it.
create function look_at_the_ladder() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    new.round_at := coalesce(new.round_at, new.opened_at);
  elsif (new.state, new.due_at, new.round_at, new.escalated_at, new.first_response_at, new.reopened_times)
    is distinct from
    (old.state, old.due_at, old.round_at, old.escalated_at, old.first_response_at, old.reopened_times) then
    new.look_at := '-infinity';
    -- A new round or an extension tells the villager a date of its own.
    if new.round_at <> old.round_at or (new.extended_once and not old.extended_once) then
      new.told_due_at := null;
    end if;
  end if;
  return new;
end $$;
create trigger look_at_the_ladder before insert or update on suggestions
  for each row execute function look_at_the_ladder();

-- Rungs climbed: once per case, round and rung; `nth` is the order's number for an order's own rungs, else 0.
create table case_rungs (
  suggestion_id uuid not null references suggestions,
  village_id uuid not null references villages,
  round smallint not null,
  rung text not null,
  nth smallint not null default 0,
  due_at timestamptz not null,
  done_at timestamptz not null,
  -- skipped: a higher one was due by the time anybody looked. nobody: no phone on record
  outcome text not null check (outcome in ('texted', 'nobody', 'skipped')),
  primary key (suggestion_id, round, rung, nth)
);
create index on case_rungs (village_id, done_at);

-- 督办单: what the township demands of a village, and by when.
create table supervisions (
  id uuid primary key,
  suggestion_id uuid not null references suggestions,
  village_id uuid not null references villages,
  nth smallint not null,
  demand text not null,
  issued_by uuid references actors, -- null: the case climbed by itself
  issued_at timestamptz not null,
  reply_by timestamptz not null,
  unique (suggestion_id, nth)
);
create index on supervisions (village_id, issued_at);

select guard_village_table('case_rungs', 'select', 'select, insert');
select guard_village_table('supervisions', 'select, insert', 'select, insert');
create policy of_visible_case on case_rungs as restrictive to {{app}}
  using (exists (select from suggestions s where s.id = suggestion_id));
create policy of_visible_case on supervisions as restrictive to {{app}}
  using (exists (select from suggestions s where s.id = suggestion_id));
