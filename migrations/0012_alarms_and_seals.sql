-- Alarms: people called one after the other until one of them goes. And the walls around sealed cases, made tight.

alter table villages add column alarms jsonb not null
  default '{"minutes": 5, "dutyPhone": null, "crisisPeople": null}';
grant update (alarms) on villages to {{app}};

alter table suggestions
  -- what a villager is in danger of; a case of despair (`crisis`) is never closed by a machine
  add column danger text check (danger in ('fire', 'crime', 'medical', 'crisis', 'disaster')),
  -- overseers whom a sealed case may be about
  add column hidden_from uuid[] not null default '{}';

create table alarms (
  id uuid primary key,
  village_id uuid not null references villages,
  suggestion_id uuid not null references suggestions,
  phone_hash bytea not null,
  danger text not null check (danger in ('fire', 'crime', 'medical', 'crisis', 'disaster')),
  state text not null check (state in ('calling', 'unanswered', 'confirmed')),
  -- between one person and the next, as the village had it set when the alarm was raised
  minutes smallint not null check (minutes between 1 and 60),
  raised_at timestamptz not null,
  next_at timestamptz not null,
  confirmed_by uuid references actors,
  confirmed_at timestamptz,
  check ((state = 'confirmed') = (confirmed_at is not null))
);
create unique index alarms_one_call_per_phone on alarms (village_id, phone_hash) where state = 'calling';
create index on alarms (next_at) where state = 'calling';
create index on alarms (village_id, id);
create index on alarms (suggestion_id);

-- Whose text this is, if a member of staff's.
create index staff_by_phone on staff (phone_hash) where phone_hash is not null;

-- Who is called, in this order; each once. `asked_at` is committed together with the text that asks.
create table alarm_calls (
  alarm_id uuid not null references alarms,
  actor_id uuid not null references actors,
  place smallint not null,
  village_id uuid not null references villages,
  suggestion_id uuid not null references suggestions,
  asked_at timestamptz,
  message_id uuid references messages, -- null: by then he had no phone on record
  primary key (alarm_id, actor_id),
  unique (alarm_id, place)
);
create index on alarm_calls (suggestion_id, actor_id);
create index on alarm_calls (actor_id) where asked_at is not null;

select guard_village_table('alarms', 'select, update', 'select, insert, update');
select guard_village_table('alarm_calls', 'select', 'select, insert, update');
create policy of_visible_case on alarms as restrictive to {{app}}
  using (exists (select from suggestions s where s.id = suggestion_id));

-- A linked cadre who is called to somebody in danger sees that case too.
drop policy cadre_own on suggestions;
create policy cadre_own on suggestions as restrictive to {{app}} using (app_role() <> 'cadre'
  or owner_id = (select app_actor())
  or exists (select from alarm_calls c where c.suggestion_id = suggestions.id
               and c.actor_id = (select app_actor()) and c.asked_at is not null));

-- A sealed case is the township's, and of the overseers whom it is not about. Where it is about one of them, only
-- those see it who were there as a person when it came: not a key, and not a new account for the same man.
drop policy sealed_hidden on suggestions;
create policy sealed_hidden on suggestions as restrictive to {{app}} using (not sealed or app_role() = 'township'
  or (app_role() = 'overseer' and (hidden_from = '{}' or (not hidden_from @> array[(select app_actor())]
    and exists (select from actors a where a.id = (select app_actor()) and a.kind = 'staff'
                  and a.created_at < opened_at)))));

-- What belongs to it is seen with it: texts, attempts, villagers' words. Nobody has to count sealed numbers.
drop policy sealed_hidden on messages;
create policy sealed_hidden on messages as restrictive to {{app}} using (not sealed or app_role() = 'township'
  or (app_role() = 'overseer' and exists (select from suggestions s where s.id = suggestion_id)));
create policy sealed_hidden on inbound as restrictive to {{app}} using (not sealed or app_role() = 'township'
  or (app_role() = 'overseer' and exists (select from suggestions s where s.id = suggestion_id)));
create policy of_visible_message on attempts as restrictive to {{app}}
  using (exists (select from messages m where m.id = message_id));
drop policy sealed_hidden on case_numbers;
create policy sealed_hidden on case_numbers as restrictive to {{app}} using (not sealed);

-- Sealing by hand. Whoever seals a case may be one who must not see it afterwards, so the rows change owner's side:
-- the two functions below, which see nothing but the case being sealed.
create function sealing_case() returns uuid language sql stable
  as $$ select nullif(current_setting('cunwu.sealing', true), '')::uuid $$;
create policy sealing on suggestions to {{owner}} using (id = (select sealing_case())) with check (true);
create policy sealing on messages to {{owner}} using (suggestion_id = (select sealing_case())) with check (true);
create policy sealing on inbound to {{owner}} using (suggestion_id = (select sealing_case())) with check (true);
create policy sealing on case_numbers to {{owner}} using (sealed) with check (sealed);

create function take_sealed_number(village uuid) returns integer
  language sql volatile security definer set search_path = public as $$
  insert into case_numbers values (village, true, 1)
  on conflict (village_id, sealed) do update set last = case_numbers.last + 1 returning last $$;

create function seal_suggestion(case_id uuid, fresh_number integer, reader uuid, accused uuid[]) returns void
  language plpgsql volatile security definer set search_path = public as $$
begin
  perform set_config('cunwu.sealing', case_id::text, true);
  update suggestions set sealed = true, number = fresh_number, owner_id = reader, hidden_from = accused
   where id = case_id and not sealed and village_id = any (app_villages());
  if not found then raise exception 'nothing to seal'; end if;
  update messages set sealed = true where suggestion_id = case_id;
  update inbound set sealed = true where suggestion_id = case_id;
  perform set_config('cunwu.sealing', '', true);
end $$;
revoke all on function take_sealed_number, seal_suggestion from public;
grant execute on function take_sealed_number, seal_suggestion to {{app}};
