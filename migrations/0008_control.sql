-- Money, stages and repetition: what a village may send in a month, a notice that leaves in two parts, and notices
-- that come again every week or month.

-- Segments that broadcasts may take in a calendar month (China time); null: no limit.
alter table villages add column monthly_segments integer check (monthly_segments >= 0);
grant update (monthly_segments) on villages to {{app}};

-- What broadcasts have reserved of a month. Counted without a limit too, so that one can be set at any time.
create table segment_months (
  village_id uuid not null references villages,
  month date not null,
  used bigint not null check (used >= 0),
  primary key (village_id, month)
);
select guard_village_table('segment_months', 'select, update', 'select, insert, update');
-- Whoever sets the limit sees what is used of it.
create policy platform on segment_months for select to {{app}} using (app_role() = 'platform');

-- A notice that comes again. Its body never changes: another text is another schedule, with an approval of its own.
create table schedules (
  id uuid primary key,
  village_id uuid not null references villages,
  column_id uuid not null references columns,
  body text not null,
  audience jsonb not null,
  weekdays smallint[], -- 0 is Sunday
  month_day smallint check (month_day between 1 and 31), -- beyond the month's end: its last day
  minute smallint not null check (minute between 0 and 1439), -- of the day, China time
  active boolean not null default true,
  next_at timestamptz not null,
  last_date date,
  made_by uuid not null references actors,
  approved_by uuid references actors,
  approved_at timestamptz,
  created_at timestamptz not null,
  check ((weekdays is null) <> (month_day is null)),
  check (approved_by is null or approved_by <> made_by)
);
create index on schedules (village_id, id);
create index on schedules (next_at) where active;
select guard_village_table('schedules', 'select, insert, update', 'select, update');

alter table broadcasts
  -- what the launch reserved, less what never left, and of which month
  add column reserved_segments integer not null default 0,
  add column budget_month date,
  -- the township's word that this one may go over the budget
  add column over_budget_by uuid references actors,
  add column over_budget_at timestamptz,
  add column held_for text check (held_for in ('late', 'budget')),
  -- the first so many leave at the launch, the rest so many minutes later; when that is, by the database's clock
  add column stage_first integer check (stage_first > 0),
  add column stage_minutes integer check (stage_minutes > 0),
  add column rest_at timestamptz,
  -- the occurrence of a schedule, which makes one broadcast
  add column schedule_id uuid references schedules,
  add column occurrence_date date,
  add check ((stage_first is null) = (stage_minutes is null)),
  add check ((schedule_id is null) = (occurrence_date is null)),
  add unique (schedule_id, occurrence_date);
-- Occurrences are made by the service.
grant insert on broadcasts to {{system}};
