-- People who left, and rosters on their way in.

alter table villagers
  -- no longer here: gets no more texts; what he wrote and was sent stays
  add column left_at timestamptz,
  add column left_reason text check (left_reason in ('moved_out', 'died')),
  add check ((left_at is null) = (left_reason is null));

-- A file that somebody uploaded: read, looked at by a person, and then taken in by a worker. Gone after a day.
create table roster_imports (
  id uuid primary key,
  village_id uuid not null references villages,
  state text not null check (state in ('uploaded', 'previewed', 'running', 'done', 'failed', 'dropped')),
  made_by uuid references actors, -- null: the operator's command line
  file_name text not null,
  -- {header, titles, places}; complete once it is known which column is what
  layout jsonb not null,
  -- the first rows, sealed, while a person has to say which column is what
  top bytea,
  -- why it failed, for people
  problem text,
  -- what comparing found: {new, changed, unchanged, rejected, left, shared, …}
  found jsonb not null default '{}',
  -- the spreadsheet's number of the last row that was compared, or taken
  at_row integer not null default 0,
  -- how many rows there are, once they have been counted
  rows integer,
  read_rows integer not null default 0,
  imported integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  -- begun and not got further: a file that kills its worker must not do so for ever
  tries smallint not null default 0,
  touched_at timestamptz not null default now(),
  created_at timestamptz not null,
  finished_at timestamptz
);
-- Two files at once would fight over every door.
create unique index roster_imports_running on roster_imports (village_id) where state = 'running';
create index on roster_imports (village_id, id);

create table roster_import_files (
  import_id uuid not null references roster_imports on delete cascade,
  village_id uuid not null references villages,
  no smallint not null,
  bytes bytea not null,
  primary key (import_id, no)
);

-- What a person is shown: rows that change something, rows that can't be taken, people the file does not name.
create table roster_import_rows (
  import_id uuid not null references roster_imports on delete cascade,
  village_id uuid not null references villages,
  kind text not null check (kind in ('changed', 'rejected', 'left')),
  row integer not null,
  villager_id uuid references villagers,
  detail bytea not null,
  -- somebody has looked: he stays on the roster
  ignored boolean not null default false,
  primary key (import_id, kind, row)
);
create index on roster_import_rows (villager_id) where villager_id is not null;

select guard_village_table('roster_imports', 'select, insert, update', 'select, delete');
select guard_village_table('roster_import_files', 'select, insert, delete', 'select, delete');
select guard_village_table('roster_import_rows', 'select, insert, update, delete', 'select, delete');
