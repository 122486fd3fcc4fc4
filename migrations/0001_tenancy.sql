-- Who is asking, and the walls between villages.
-- {{owner}} migrates; {{app}} serves pages and the API, one actor per transaction; {{system}} signs people in, takes
-- webhooks and runs the workers. src/db/tenancy.ts sets the four settings read below at the start of a transaction.

revoke all on schema public from public;
grant usage on schema public to {{app}}, {{system}};

create function app_actor() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('cunwu.actor', true), '')::uuid $$;
create function app_role() returns text language sql stable parallel safe
  as $$ select nullif(current_setting('cunwu.role', true), '') $$;
create function app_township() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('cunwu.township', true), '')::uuid $$;
create function app_villages() returns uuid[] language sql stable parallel safe
  as $$ select coalesce(nullif(current_setting('cunwu.villages', true), ''), '{}')::uuid[] $$;

-- UUIDv7 inside SQL, for rows that one statement makes by the thousand (PostgreSQL 18 has its own).
do $do$ begin
  if to_regprocedure('uuidv7()') is not null then
    create function uuid_v7() returns uuid language sql volatile parallel safe as $$ select uuidv7() $$;
  else
    create function uuid_v7() returns uuid language sql volatile parallel safe as $$
      select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
        52, 1), 53, 1), 'hex')::uuid $$;
  end if;
end $do$;

-- The smallest UUIDv7 of a moment: the border of a monthly partition.
create function uuid_floor(at timestamptz) returns uuid language sql immutable parallel safe as $$
  select rpad(lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0'), 32, '0')::uuid $$;

-- Walls for a table with a village: forced row-level security, the village's own rows for {{app}}, all rows for
-- {{system}}; the verbs are grants, so each role can be given as little as it needs.
create function guard_village_table(name text, app_verbs text, system_verbs text) returns void language plpgsql as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
  if app_verbs <> '' then
    execute format('grant %s on %I to %s', app_verbs, name, '{{app}}');
    execute format('create policy village on %I to %s using (village_id = any ((select app_villages())::uuid[]))',
      name, '{{app}}');
  end if;
  if system_verbs <> '' then
    execute format('grant %s on %I to %s', system_verbs, name, '{{system}}');
    execute format('create policy system on %I to %s using (true) with check (true)', name, '{{system}}');
  end if;
end $$;

create table counties (
  id uuid primary key,
  name text not null unique
);

create table townships (
  id uuid primary key,
  county_id uuid references counties,
  code text not null unique check (code ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$'),
  name text not null
);

create table villages (
  id uuid primary key,
  township_id uuid references townships,
  code text not null unique check (code ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$'),
  name text not null,
  signature text not null check (char_length(signature) between 2 and 18),
  -- 'any', or pairs of local times [["07:30","12:00"],…] in which broadcasts may leave
  sending_hours jsonb not null,
  -- the village's clocks (src/village/village.ts)
  promises jsonb not null,
  created_at timestamptz not null
);
create index on villages (township_id);

grant select, insert on counties, townships to {{app}};
grant select on counties, townships to {{system}};

alter table villages enable row level security;
alter table villages force row level security;
grant select, insert on villages to {{app}};
grant update (name, signature, sending_hours, promises) on villages to {{app}};
grant select on villages to {{system}};
create policy village on villages to {{app}}
  using (id = any ((select app_villages())::uuid[]) or app_role() = 'platform');
create policy system on villages to {{system}} using (true);

-- An actor is whoever can be named in a history: a member of staff or an API key.
create table actors (
  id uuid primary key,
  kind text not null check (kind in ('staff', 'api_key')),
  role text not null check (role in ('platform', 'township', 'secretary', 'clerk', 'overseer', 'cadre')),
  name text not null,
  village_id uuid references villages,
  township_id uuid references townships,
  active boolean not null default true,
  created_at timestamptz not null,
  check (case role
    when 'platform' then village_id is null and township_id is null
    when 'township' then village_id is null and township_id is not null
    else village_id is not null and township_id is null end)
);
create index on actors (village_id);
create index on actors (township_id);

alter table actors enable row level security;
alter table actors force row level security;
grant select, insert on actors to {{app}};
grant update (name, role, active) on actors to {{app}};
grant select on actors to {{system}};
-- A village also sees the names of its township's supervisors: they act in its timelines.
create policy visible on actors for select to {{app}} using (
  app_role() = 'platform'
  or village_id = any ((select app_villages())::uuid[])
  or township_id = (select app_township())
  or township_id in (select v.township_id from villages v where v.id = any ((select app_villages())::uuid[])));
create policy appoint on actors for insert to {{app}} with check (
  app_role() = 'platform' or village_id = any ((select app_villages())::uuid[]));
create policy change on actors for update to {{app}} using (
  app_role() = 'platform' or village_id = any ((select app_villages())::uuid[]));
create policy system on actors to {{system}} using (true);

create table staff (
  id uuid primary key references actors,
  login text not null unique check (login ~ '^[a-z0-9][a-z0-9._-]{1,39}$'),
  password_hash text not null,
  password_changed_at timestamptz not null,
  must_change_password boolean not null default true,
  phone_hash bytea,
  phone bytea,
  post text not null default '',
  failed_sign_ins integer not null default 0,
  locked_until timestamptz
);
alter table staff enable row level security;
alter table staff force row level security;
-- Pages may set a password but never read one.
grant select (id, login, post, phone, phone_hash, must_change_password, locked_until) on staff to {{app}};
grant insert on staff to {{app}};
grant update (password_hash, password_changed_at, must_change_password, post, phone, phone_hash, failed_sign_ins,
  locked_until) on staff to {{app}};
grant select, update on staff to {{system}};
create policy visible on staff for select to {{app}} using (exists (select from actors a where a.id = staff.id));
create policy appoint on staff for insert to {{app}} with check (exists (select from actors a where a.id = staff.id));
create policy change on staff for update to {{app}} using (id = (select app_actor()) or exists (
  select from actors a where a.id = staff.id
    and (app_role() = 'platform' or a.village_id = any ((select app_villages())::uuid[]))));
create policy system on staff to {{system}} using (true);

create table sessions (
  id bytea primary key, -- sha256 of the cookie
  staff_id uuid not null references staff,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  device text not null default ''
);
create index on sessions (staff_id);
grant select, insert, update, delete on sessions to {{system}};

create table sign_in_failures (
  source bytea not null, -- sha256 of the network address
  at timestamptz not null
);
create index on sign_in_failures (source, at);
grant select, insert, delete on sign_in_failures to {{system}};

create table api_keys (
  id uuid primary key references actors,
  key_hash bytea not null unique,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
alter table api_keys enable row level security;
alter table api_keys force row level security;
grant insert on api_keys to {{app}};
grant select, update on api_keys to {{system}};
create policy issue on api_keys for insert to {{app}} with check (app_role() = 'platform');
create policy system on api_keys to {{system}} using (true);

-- The audit log: append-only, hash-chained per village (a township's and the platform's own chains beside them).
-- It holds ids, not texts.
create table audit_heads (
  chain uuid primary key,
  seq bigint not null,
  hash bytea not null
);
create table audit_log (
  chain uuid not null,
  seq bigint not null,
  at timestamptz not null,
  actor_id uuid,
  actor_role text not null,
  action text not null,
  subject text not null,
  subject_id uuid,
  detail jsonb not null,
  hash bytea not null,
  primary key (chain, seq)
);
alter table audit_log enable row level security;
alter table audit_log force row level security;
create policy owner on audit_log to {{owner}} using (true) with check (true);
grant select on audit_log to {{app}};
create policy own_chain on audit_log for select to {{app}} using (
  chain = any ((select app_villages())::uuid[]) or chain = (select app_township())
  or (app_role() = 'platform' and chain = '00000000-0000-0000-0000-000000000000'));

create function audit_hash(previous bytea, entry audit_log) returns bytea language sql stable as $$
  select sha256(previous || convert_to(concat_ws('|', entry.chain, entry.seq,
    to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), entry.actor_id, entry.actor_role,
    entry.action, entry.subject, entry.subject_id, entry.detail::text), 'UTF8')) $$;

create function append_audit(chain_id uuid, at timestamptz, action text, subject text, subject_id uuid, detail jsonb)
  returns void language plpgsql security definer set search_path = public as $$
declare
  previous bytea;
  entry audit_log;
begin
  insert into audit_heads values (chain_id, 0, '') on conflict do nothing;
  select hash, seq + 1 into previous, entry.seq from audit_heads where chain = chain_id for update;
  entry.chain := chain_id;
  entry.at := append_audit.at;
  entry.actor_id := app_actor();
  entry.actor_role := coalesce(app_role(), 'system');
  entry.action := append_audit.action;
  entry.subject := append_audit.subject;
  entry.subject_id := append_audit.subject_id;
  entry.detail := append_audit.detail;
  entry.hash := audit_hash(previous, entry);
  insert into audit_log values (entry.*);
  update audit_heads set seq = entry.seq, hash = entry.hash where chain = chain_id;
end $$;
revoke all on function append_audit from public;
grant execute on function append_audit to {{app}}, {{system}};

create function audit_is_append_only() returns trigger language plpgsql as $$
begin raise exception 'the audit log is append-only'; end $$;
create trigger append_only before update or delete on audit_log
  for each row execute function audit_is_append_only();
create trigger never_emptied before truncate on audit_log
  for each statement execute function audit_is_append_only();

-- The first broken link of each chain, or nothing: what `cli verify-audit` prints.
create function verify_audit() returns table (chain uuid, seq bigint, problem text)
  language sql stable security definer set search_path = public as $$
  select e.chain, e.seq, 'hash does not follow from the entry before it'
    from (select l, lag(l.hash, 1, ''::bytea) over (partition by l.chain order by l.seq) as previous,
                 l.seq - lag(l.seq, 1, 0::bigint) over (partition by l.chain order by l.seq) as step
            from audit_log l) x, lateral (select (x.l).*) e
   where e.hash <> audit_hash(x.previous, x.l) or x.step <> 1
  union all
  select h.chain, h.seq, 'the last entries are missing'
    from audit_heads h
   where h.seq > coalesce((select max(l.seq) from audit_log l where l.chain = h.chain), 0) $$;
revoke all on function verify_audit from public;
grant execute on function verify_audit to {{system}};

-- Answers of the API and of page forms that were given once, so that the same request twice has one effect.
create table idempotency_keys (
  actor_id uuid not null references actors,
  route text not null,
  key text not null,
  body_hash bytea not null,
  status smallint not null,
  answer text not null,
  created_at timestamptz not null,
  primary key (actor_id, route, key)
);
create index on idempotency_keys (created_at);
alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;
grant select, insert, delete on idempotency_keys to {{app}};
grant select, delete on idempotency_keys to {{system}};
create policy own on idempotency_keys to {{app}} using (actor_id = (select app_actor()));
create policy system on idempotency_keys to {{system}} using (true);
