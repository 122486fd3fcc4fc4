-- Several texts as one case, one text as several, cases of many as one; texts answered by a person's decision.

alter table inbound
  -- the notice this text answers: found by src/inbound/home.queries.ts
  add column about_broadcast_id uuid references broadcasts,
  -- a person's decision: the village this text belongs to, and when it was to be understood again
  add column placed_village_id uuid references villages,
  add column replay_at timestamptz,
  -- the case of another village that this text was taken from
  add column moved_from uuid references suggestions,
  -- a stranger's text that belongs to nobody here, and why
  add column dismissed_at timestamptz,
  add column dismissed_by uuid references actors,
  add column dismissed_why text,
  add check ((dismissed_at is null) = (dismissed_why is null));
create index on inbound (about_broadcast_id, id) where about_broadcast_id is not null;
create index on inbound (suggestion_id, id) where suggestion_id is not null;
create index inbound_of_strangers on inbound (id) where registered = false and dismissed_at is null;

alter table suggestions
  add column about_broadcast_id uuid references broadcasts,
  -- an earlier case it may belong to; a person decides
  add column related_to uuid references suggestions,
  add column split_from uuid references suggestions,
  -- the case of another village that it was before
  add column moved_from uuid references suggestions;
create index suggestion_events_after_answer on suggestion_events (village_id, id) where kind = 'added_after_answer';
create index on suggestions (merged_into) where merged_into is not null;
create index on suggestions (split_from) where split_from is not null;
create index on suggestions (moved_from) where moved_from is not null;
create index on suggestions (household_id) where household_id is not null;
create index on suggestions (about_broadcast_id) where about_broadcast_id is not null;

-- Staff who attach a phone, or move a case, have its texts understood again: by this function, because a row that is
-- not understood is one that they may not see, and PostgreSQL lets nobody write what he could not read afterwards.
create policy owner on inbound to {{owner}} using (true) with check (true);
create function replay_texts(texts uuid[], village uuid, from_case uuid, at timestamptz) returns void
  language sql security definer set search_path = public as $$
  update inbound set understood_at = null, replay_at = at, placed_village_id = village, moved_from = from_case
   where id = any (texts)
     and (village_id = any (app_villages()) or (village_id is null and app_role() = 'township')) $$;
revoke all on function replay_texts from public;
grant execute on function replay_texts to {{app}};

-- Where a phone is known besides: to those in whose own village it is known. Row-level security would hide the rest.
create policy owner on phones for select to {{owner}} using (true);
create policy owner on villages for select to {{owner}} using (true);
create function villages_of_phone(of_hash bytea) returns table (id uuid, code text, name text)
  language sql stable security definer set search_path = public as $$
  select v.id, v.code, v.name from phones p join villages v on v.id = p.village_id
   where p.hash = of_hash
     and exists (select from phones o where o.hash = of_hash and o.village_id = any (app_villages()))
   order by v.code $$;
revoke all on function villages_of_phone from public;
grant execute on function villages_of_phone to {{app}};
