-- Doors, people, phones: who may be texted.

create table grids (
  id uuid primary key,
  village_id uuid not null references villages,
  name text not null,
  unique (village_id, name)
);
create table groups (
  id uuid primary key,
  village_id uuid not null references villages,
  name text not null,
  unique (village_id, name)
);

-- A phone is known to a village once, however many people share it.
create table phones (
  village_id uuid not null references villages,
  hash bytea not null,
  phone bytea not null,
  -- why it can't be texted: a class of src/carrier/refusals.ts; null is a good number
  problem text check (problem in ('invalid', 'blocked')),
  problem_at timestamptz,
  created_at timestamptz not null,
  primary key (village_id, hash)
);
create index on phones (hash);

create table households (
  id uuid primary key,
  village_id uuid not null references villages,
  number text not null,
  group_id uuid references groups,
  grid_id uuid references grids,
  -- the linked cadre as the roster names him, and his account where he has one
  cadre_name text,
  cadre_id uuid references actors,
  -- the household's first phone: one text per door goes here
  contact_hash bytea,
  created_at timestamptz not null,
  unique (village_id, number),
  foreign key (village_id, contact_hash) references phones (village_id, hash)
);
create index on households (cadre_id);

create table villagers (
  id uuid primary key,
  village_id uuid not null references villages,
  household_id uuid not null references households,
  name text not null,
  tags text[] not null default '{}',
  phone_hash bytea,
  position smallint not null,
  created_at timestamptz not null,
  unique (household_id, name),
  foreign key (village_id, phone_hash) references phones (village_id, hash)
);
create index on villagers (village_id, phone_hash);

-- What a village publishes under.
create table columns (
  id uuid primary key,
  village_id uuid not null references villages,
  name text not null,
  class text not null check (class in ('party', 'village', 'finance', 'policy', 'life')),
  position smallint not null,
  unique (village_id, name)
);

-- (village, phone, one column or all): it covers every household that shares the phone and outlives re-imports.
create table opt_outs (
  id uuid primary key,
  village_id uuid not null references villages,
  phone_hash bytea not null,
  column_id uuid references columns,
  source text not null check (source in ('villager', 'carrier', 'staff')),
  inbound_id uuid,
  at timestamptz not null,
  ended_at timestamptz
);
create unique index opt_outs_in_force on opt_outs (village_id, phone_hash, column_id) nulls not distinct
  where ended_at is null;

select guard_village_table('grids', 'select, insert, update', 'select');
select guard_village_table('groups', 'select, insert, update', 'select');
select guard_village_table('phones', 'select, insert, update', 'select, update');
select guard_village_table('households', 'select, insert, update', 'select');
select guard_village_table('villagers', 'select, insert, update', 'select');
select guard_village_table('columns', 'select, insert, update', 'select');
select guard_village_table('opt_outs', 'select, insert, update', 'select, insert, update');

-- The platform operator creates a village with its columns, and reads nothing else of it.
create policy founding on columns for insert to {{app}} with check (app_role() = 'platform');

-- A linked cadre sees his own doors.
create policy cadre_doors on households as restrictive to {{app}}
  using (app_role() <> 'cadre' or cadre_id = (select app_actor()));
create policy cadre_people on villagers as restrictive to {{app}}
  using (app_role() <> 'cadre' or exists (select from households h where h.id = household_id));
create policy cadre_phones on phones as restrictive to {{app}}
  using (app_role() <> 'cadre' or exists (
    select from villagers v where v.village_id = phones.village_id and v.phone_hash = phones.hash));
