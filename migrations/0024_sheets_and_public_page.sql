-- A village's money month by month (src/finance/), and what everybody may read of it without signing in.

create table sheets (
  id uuid primary key,
  village_id uuid not null references villages,
  month date not null check (extract(day from month) = 1),
  state text not null default 'draft' check (state in ('draft', 'locked', 'posted')),
  -- 分; null until somebody says it
  opening bigint check (opening >= 0),
  closing bigint check (closing >= 0),
  -- the posted sheet of the same month that this one puts right
  corrects_id uuid unique references sheets,
  made_by uuid not null references actors,
  made_at timestamptz not null,
  -- the day it was put up on the board, and when that was noted
  posted_on date,
  posted_at timestamptz,
  posted_by uuid references actors,
  check (state = 'draft' or (opening is not null and closing is not null)),
  check ((state = 'posted') = (posted_at is not null) and (posted_at is null) = (posted_on is null)
    and (posted_at is null) = (posted_by is null))
);
create unique index sheets_one_a_month on sheets (village_id, month) where corrects_id is null;

create table sheet_entries (
  id uuid primary key,
  sheet_id uuid not null references sheets,
  village_id uuid not null references villages,
  day date not null,
  kind text not null check (kind in ('income', 'expense')),
  purpose text not null,
  amount bigint not null check (amount > 0), -- 分
  category text not null,
  via text check (via in ('bank', 'cash')),
  handler text not null default '',
  voucher text not null default ''
);
create index on sheet_entries (sheet_id, day, id);

select guard_village_table('sheets', 'select, insert, update, delete', 'select');
select guard_village_table('sheet_entries', 'select, insert, update, delete', 'select');

-- What lies before those who sign is not changed under their hands, whoever asks.
create function sheet_is_draft() returns trigger language plpgsql as $$
begin
  if exists (select from sheets s where s.id = coalesce(new.sheet_id, old.sheet_id) and s.state <> 'draft') then
    raise exception 'the sheet is locked';
  end if;
  return coalesce(new, old);
end $$;
create trigger only_drafts before insert or update or delete on sheet_entries
  for each row execute function sheet_is_draft();

-- And nothing that does not add up comes before them.
create function sheet_balances() returns trigger language plpgsql as $$
begin
  if old.state = 'posted' then raise exception 'a posted sheet stays as it is'; end if;
  if new.state <> 'draft' and new.closing <> new.opening + coalesce((
      select sum(case e.kind when 'income' then e.amount else -e.amount end)
        from sheet_entries e where e.sheet_id = new.id), 0) then
    raise exception 'the sheet does not balance';
  end if;
  return new;
end $$;
create trigger balances before update on sheets for each row execute function sheet_balances();

-- A notice made of a sheet says what the sheet says: its words are handed in as they were made, or not at all.
alter table broadcasts
  add column sheet_text text,
  add check (sheet_text is null or state in ('draft', 'returned', 'canceled') or body = sheet_text);

-- A posted sheet in the words that may leave the board, frozen when it was posted.
create table sheet_publications (
  sheet_id uuid primary key references sheets,
  village_id uuid not null references villages,
  month date not null,
  opening bigint not null,
  closing bigint not null,
  lines jsonb not null, -- [{day, kind, purpose, amount, entries}], src/finance/say-sheet.ts
  posted_on date not null,
  published_at timestamptz not null
);
create index on sheet_publications (village_id, month);
select guard_village_table('sheet_publications', 'select, insert', 'select');

-- Who works for the village, as the 公示牌 at its office says: only who is shown, with a phone that was given for it.
create table public_contacts (
  actor_id uuid primary key references actors,
  village_id uuid not null references villages,
  post text not null,
  duty text not null,
  phone text not null,
  shown boolean not null default false,
  changed_by uuid not null references actors,
  changed_at timestamptz not null
);
create index on public_contacts (village_id);
select guard_village_table('public_contacts', 'select, insert, update', 'select');

alter table villages add column public_page boolean not null default true;
grant update (public_page) on villages to {{app}};

-- A visitor without an account: a working role of its own (src/db/tenancy.ts), for which app_villages() is empty, so of
-- all rows only those below exist. Reading them needs no actor and leaves no trace.
create function app_public_village() returns uuid language sql stable parallel safe as $$
  select case when app_role() = 'public' then nullif(current_setting('cunwu.public_village', true), '')::uuid end $$;

create function is_for_everybody(audience jsonb) returns boolean language sql immutable parallel safe as $$
  select not exists (select from jsonb_each(audience) a where a.key <> 'scope' and a.value not in ('[]', '{}', 'null')) $$;

-- Facts about rows that stay unseen, for a visitor's own village.
create policy owner_reads on suggestions for select to {{owner}} using (true);
create function is_sealed_case(case_id uuid) returns boolean language sql stable security definer set search_path = public
  as $$ select exists (select from suggestions s where s.id = case_id and s.village_id = app_public_village() and s.sealed) $$;
create policy owner_reads on poll_votes for select to {{owner}} using (true);
create function count_votes_of(poll uuid) returns table (option smallint, votes integer)
  language sql stable security definer set search_path = public
  as $$ select v.option, count(*)::integer from poll_votes v
         where v.broadcast_id = poll and v.village_id = app_public_village() group by v.option $$;
-- Villagers named in a text that everybody will read; who works for the village is known to all.
create policy owner_reads on villagers for select to {{owner}} using (true);
create policy owner_reads on actors for select to {{owner}} using (true);
create function names_in(words text) returns table (name text)
  language sql stable security definer set search_path = public
  as $$ select distinct v.name from villagers v
         where v.village_id = app_public_village() and char_length(v.name) > 1 and strpos(words, v.name) > 0
           and not exists (select from actors a where a.village_id = v.village_id and a.name = v.name) $$;
revoke all on function is_sealed_case, count_votes_of, names_in from public;
grant execute on function is_sealed_case, count_votes_of, names_in to {{app}};

create policy public on columns for select to {{app}} using (village_id = (select app_public_village()));
-- Sent to every household, the same words to each. An emergency is no news to read up; it has a reason that is not for all.
create policy public on broadcasts for select to {{app}} using (
  village_id = (select app_public_village()) and kind in ('notice', 'poll') and launched_at is not null
  and state in ('sending', 'paused', 'sent', 'canceled') and not personal and is_for_everybody(audience));
create policy public on publications for select to {{app}} using (
  village_id = (select app_public_village()) and withdrawn_at is null and not is_sealed_case(suggestion_id));
create policy public on disclosures for select to {{app}} using (village_id = (select app_public_village()));
create policy public on disclosure_rules for select to {{app}} using (
  (select app_public_village()) is not null and (village_id is null or village_id = (select app_public_village())));
create policy public on sheet_publications for select to {{app}} using (village_id = (select app_public_village()));
create policy public on public_contacts for select to {{app}}
  using (village_id = (select app_public_village()) and shown);
create policy public on actors for select to {{app}} using (
  village_id = (select app_public_village()) and active
  and exists (select from public_contacts c where c.actor_id = actors.id and c.shown));
