-- What the law makes a village publish: rules above the default catalogue (src/disclosure/catalogue.ts), what was
-- published when, objections to it, and chains of steps such as 四议两公开.

-- What somebody changed of one item, or of the ground rules (item '*'), from a day on. A county's catalogue is entered
-- by each of its townships, because no account stands above them.
create table disclosure_rules (
  id uuid primary key,
  level text not null check (level in ('county', 'township', 'village')),
  township_id uuid references townships,
  village_id uuid references villages,
  item text not null,
  from_on date not null,
  change jsonb not null,
  set_by uuid not null references actors,
  set_at timestamptz not null,
  check ((village_id is null) <> (township_id is null)),
  check ((level = 'village') = (village_id is not null)),
  unique nulls not distinct (level, township_id, village_id, item, from_on)
);
alter table disclosure_rules enable row level security;
alter table disclosure_rules force row level security;
grant select, insert, update on disclosure_rules to {{app}};
grant select on disclosure_rules to {{system}};
-- A village reads its township's rules too; everybody writes only his own.
create policy readable on disclosure_rules for select to {{app}} using (
  village_id = any ((select app_villages())::uuid[])
  or township_id = (select app_township())
  or township_id in (select v.township_id from villages v where v.id = any ((select app_villages())::uuid[])));
create policy own_new on disclosure_rules for insert to {{app}} with check (
  (village_id = any ((select app_villages())::uuid[]) and app_role() <> 'township')
  or township_id = (select app_township()));
create policy own_change on disclosure_rules for update to {{app}} using (
  (village_id = any ((select app_villages())::uuid[]) and app_role() <> 'township')
  or township_id = (select app_township()));
create policy system on disclosure_rules to {{system}} using (true);

-- A major matter goes its steps in order; the steps that are publications are rows of `disclosures` too.
create table disclosure_chains (
  id uuid primary key,
  village_id uuid not null references villages,
  kind text not null,
  title text not null,
  -- the day of the meeting or election; of 四议两公开 the day it began
  held_on date not null,
  -- days of notice before it, where places differ
  notice_days smallint,
  started_by uuid not null references actors,
  started_at timestamptz not null,
  stopped_at timestamptz
);
create index on disclosure_chains (village_id, id);
select guard_village_table('disclosure_chains', 'select, insert, update', 'select');

create table disclosure_chain_steps (
  chain_id uuid not null references disclosure_chains,
  village_id uuid not null references villages,
  step text not null,
  done_on date not null,
  -- of those who should have come: how many came, how many agreed
  eligible integer check (eligible > 0),
  present integer check (present between 0 and eligible),
  agreeing integer check (agreeing between 0 and present),
  done_by uuid not null references actors,
  noted_at timestamptz not null,
  primary key (chain_id, step)
);
select guard_village_table('disclosure_chain_steps', 'select, insert', 'select');

-- One publication: an item for a period, or for something that happened.
create table disclosures (
  id uuid primary key,
  village_id uuid not null references villages,
  item text not null,
  -- '2026-07', '2026-Q3', '2026-H1', '2026'; of an event its day, with a number where a day has several: '2026-07-12.2'
  period text not null,
  -- of an event: what happened, and when
  title text,
  event_on date,
  chain_id uuid references disclosure_chains,
  chain_step text,
  -- of a chain's step, and of what is on the board: the date it was due by then; later rules do not make it late
  due_on date,
  board_posted_on date,
  board_until date,
  reposted_on date,
  posted_by uuid references actors,
  noted_at timestamptz,
  sheet_id uuid,
  created_by uuid not null references actors,
  created_at timestamptz not null,
  check ((title is null) = (event_on is null)),
  check ((chain_id is null) = (chain_step is null)),
  check (board_posted_on is null or (due_on is not null and board_until >= board_posted_on and posted_by is not null and noted_at is not null)),
  check (reposted_on is null or reposted_on >= board_posted_on),
  unique (village_id, item, period),
  unique (chain_id, chain_step)
);
select guard_village_table('disclosures', 'select, insert, update', 'select');
alter table broadcasts add foreign key (disclosure_id) references disclosures;

-- The board as it hung there, without what a camera writes into a picture (src/disclosure/clean-photo.ts).
create table disclosure_photos (
  disclosure_id uuid primary key references disclosures,
  village_id uuid not null references villages,
  type text not null check (type in ('image/jpeg', 'image/png')),
  bytes bytea not null check (octet_length(bytes) <= 5242880),
  public boolean not null default false,
  added_by uuid not null references actors,
  added_at timestamptz not null
);
select guard_village_table('disclosure_photos', 'select, insert, update, delete', 'select');

-- Cases that staff took for an objection to what was published, besides those that answer its notice.
create table disclosure_objections (
  disclosure_id uuid not null references disclosures,
  suggestion_id uuid not null references suggestions,
  village_id uuid not null references villages,
  marked_by uuid not null references actors,
  marked_at timestamptz not null,
  primary key (disclosure_id, suggestion_id)
);
select guard_village_table('disclosure_objections', 'select, insert', 'select');
create policy of_visible_case on disclosure_objections as restrictive to {{app}}
  using (exists (select from suggestions s where s.id = suggestion_id));
