-- People by hand: who has left, who was entered twice, how a number was given, and one person's data taken out again.

alter table villagers
  -- `other`: he was never there, or is written down elsewhere
  drop constraint villagers_left_reason_check,
  add constraint villagers_left_reason_check check (left_reason in ('moved_out', 'died', 'other')),
  -- the same person was entered twice: the row that stands for him now. Nothing else moves, so it can be undone
  add column merged_into uuid references villagers,
  -- he asked for it: his name is gone from here
  add column erased_at timestamptz;
create index on villagers (merged_into) where merged_into is not null;

alter table households
  add column note text not null default '',
  -- staff chose the phone that texts go to: an import leaves it
  add column contact_by_hand boolean not null default false;
create index on households (village_id, group_id, number);
create index on households (village_id, grid_id, number);

-- What merging changed on the row that was kept, for undoing it.
create table villager_merges (
  id uuid primary key,
  village_id uuid not null references villages,
  kept_id uuid not null references villagers,
  dropped_id uuid not null references villagers,
  took_phone boolean not null,
  new_tags text[] not null,
  merged_by uuid not null references actors,
  merged_at timestamptz not null,
  undone_at timestamptz
);
create index on villager_merges (village_id, id);
create unique index on villager_merges (dropped_id) where undone_at is null;
select guard_village_table('villager_merges', 'select, insert, update', 'select');

-- How a number came to us, and what its owner was told: the basis on which it is kept (个人信息保护法 13 to 17).
create table phone_consents (
  id uuid primary key,
  village_id uuid not null references villages,
  phone_hash bytea not null,
  basis text not null check (basis in ('visit', 'self', 'office', 'roster')),
  told text not null,
  given_on date not null,
  recorded_by uuid not null references actors,
  recorded_at timestamptz not null
);
create index on phone_consents (village_id, phone_hash, id);
select guard_village_table('phone_consents', 'select, insert', 'select, delete');

-- An opt-out, or its end, that staff wrote down: who, and on what paper or visit it stands.
alter table opt_outs
  add column set_by uuid references actors,
  add column note text not null default '',
  add column ended_by uuid references actors,
  add column ended_note text not null default '',
  add check (source <> 'staff' or (set_by is not null and note <> ''));
create index on opt_outs (village_id, phone_hash);

-- One person's data taken out. The name is sealed and kept only until it has been taken out of everything that can be
-- read; records that the law wants kept wait until `keep_until`, and only then is it finished.
create table erasures (
  id uuid primary key,
  village_id uuid not null references villages,
  villager_id uuid not null references villagers,
  name bytea,
  -- null: others have the same phone, and its records are theirs too
  phone_hash bytea,
  phone bytea,
  asked_by uuid not null references actors,
  asked_at timestamptz not null,
  begun_at timestamptz,
  keep_until timestamptz not null,
  finished_at timestamptz
);
create index on erasures (keep_until) where finished_at is null;
create index on erasures (village_id, id);
select guard_village_table('erasures', 'select, insert', 'select, update');

-- The service takes the texts out, also those that no member of staff may see.
grant delete on phones to {{system}};
grant update (text) on suggestion_events to {{system}};

-- A linked cadre sees what belongs to the phones of his own doors.
create policy cadre_consents on phone_consents as restrictive to {{app}}
  using (app_role() <> 'cadre' or exists (
    select from phones p where p.village_id = phone_consents.village_id and p.hash = phone_consents.phone_hash));
create policy cadre_opt_outs on opt_outs as restrictive to {{app}}
  using (app_role() <> 'cadre' or exists (
    select from phones p where p.village_id = opt_outs.village_id and p.hash = opt_outs.phone_hash));
create policy not_cadres on erasures as restrictive to {{app}} using (app_role() <> 'cadre');

-- A group or grid that was merged into another is gone, as its name is.
grant delete on groups, grids to {{app}};
