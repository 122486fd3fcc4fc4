-- What may stand in a notice, what it begins from, and parts that must not overtake each other.

-- Mobiles that the village has published (village doctor, electrician): they may stand in a notice.
create table public_phones (
  village_id uuid not null references villages,
  hash bytea not null,
  phone bytea not null,
  label text not null,
  added_by uuid references actors,
  added_at timestamptz not null,
  primary key (village_id, hash)
);
select guard_village_table('public_phones', 'select, insert, delete', 'select');

-- Notices that come again with other blanks. A village's own, or its township's for every village.
create table templates (
  id uuid primary key,
  village_id uuid references villages,
  township_id uuid references townships,
  -- by name, because a township's serves villages with columns of their own
  column_name text not null,
  name text not null,
  body text not null,
  version integer not null default 1,
  retired_at timestamptz,
  written_by uuid references actors, -- null: came with the village
  written_at timestamptz not null,
  check ((village_id is null) <> (township_id is null))
);
create unique index templates_village_name on templates (village_id, column_name, name) where village_id is not null;
create unique index templates_township_name on templates (township_id, column_name, name) where township_id is not null;

-- What a template said before it was changed.
create table template_versions (
  template_id uuid not null references templates,
  version integer not null,
  column_name text not null,
  name text not null,
  body text not null,
  written_by uuid references actors,
  written_at timestamptz not null,
  primary key (template_id, version)
);

alter table templates enable row level security;
alter table templates force row level security;
alter table template_versions enable row level security;
alter table template_versions force row level security;
grant select, insert, update on templates to {{app}};
grant select, insert on template_versions to {{app}};
grant select on templates, template_versions to {{system}};
-- A village reads its township's too; everybody writes only his own. Founding ones come with a village.
create policy readable on templates for select to {{app}} using (
  village_id = any ((select app_villages())::uuid[])
  or township_id = (select app_township())
  or township_id in (select v.township_id from villages v where v.id = any ((select app_villages())::uuid[])));
create policy own_new on templates for insert to {{app}} with check (
  (village_id = any ((select app_villages())::uuid[]) and app_role() <> 'township')
  or township_id = (select app_township())
  or app_role() = 'platform');
create policy own_change on templates for update to {{app}} using (
  (village_id = any ((select app_villages())::uuid[]) and app_role() <> 'township')
  or township_id = (select app_township()));
create policy readable on template_versions for select to {{app}}
  using (exists (select from templates t where t.id = template_id));
create policy own_new on template_versions for insert to {{app}}
  with check (exists (select from templates t where t.id = template_id));
create policy system on templates to {{system}} using (true);
create policy system on template_versions to {{system}} using (true);

alter table broadcasts
  -- somebody knows that an earlier part of the series will not come, and lets this one go
  add column series_gap_known boolean not null default false,
  add foreign key (template_id) references templates,
  drop constraint broadcasts_held_for_check,
  -- series: an earlier part has not left
  add constraint broadcasts_held_for_check check (held_for in ('late', 'budget', 'audience', 'series'));
