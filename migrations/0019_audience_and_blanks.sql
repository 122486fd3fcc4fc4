-- Who gets a notice, what each household's own text says, and the rules of a column.

alter table broadcasts
  -- segments of all texts together where each household has its own; null: recipients × segments_per_message
  add column personal_segments integer check (personal_segments >= 0),
  drop constraint broadcasts_held_for_check,
  -- audience: those it is for have all gone, or a group that it names is no more
  add constraint broadcasts_held_for_check check (held_for in ('late', 'budget', 'audience'));

-- The table that somebody attached to a draft: its headings, and the rows that could not be taken, with what to do.
create table value_tables (
  broadcast_id uuid primary key references broadcasts,
  village_id uuid not null references villages,
  names text[] not null,
  taken integer not null,
  problems jsonb not null,
  attached_by uuid not null references actors,
  attached_at timestamptz not null
);
select guard_village_table('value_tables', 'select, insert, update, delete', 'select');

-- What stands in that table for a household: {"金额": "350.00"}.
create table broadcast_values (
  broadcast_id uuid not null references broadcasts,
  village_id uuid not null references villages,
  household_id uuid not null references households,
  values jsonb not null,
  primary key (broadcast_id, household_id)
);
create index on broadcast_values (household_id);
-- The service takes one person's data out of both.
select guard_village_table('broadcast_values', 'select, insert, delete', 'select, update');

-- Each household's own text of a notice with blanks, with its signature, frozen and counted at approval.
create table broadcast_texts (
  broadcast_id uuid not null references broadcasts,
  village_id uuid not null references villages,
  household_id uuid not null references households,
  body text not null,
  segments smallint not null check (segments > 0),
  primary key (broadcast_id, household_id)
);
create index on broadcast_texts (household_id);
select guard_village_table('broadcast_texts', 'select, insert, delete', 'select, update');

alter table columns
  -- who is offered first when somebody writes under this column; null: every household
  add column audience jsonb,
  -- whether a villager may leave it; never what the law makes the village publish (src/village/columns.ts)
  add column may_decline boolean not null default true,
  -- nothing new is written under it; what was stays
  add column retired_at timestamptz;
