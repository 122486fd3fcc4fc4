-- Villagers' texts, and the ledger of suggestions that must be answered.

-- Every MO. Stored first, understood after: `meaning` is null until then.
create table inbound (
  id uuid primary key,
  channel_id uuid references channels, -- null: the text came to a number that is not ours
  carrier text not null,
  carrier_message_id text not null,
  from_hash bytea not null,
  from_phone bytea not null, -- sealed; whatever the carrier wrote as sender
  raw bytea not null, -- sealed: the form as it came, byte for byte
  body text not null, -- the cleaned copy
  received_at timestamptz not null,
  backfilled boolean not null default false,
  -- found by src/inbound/understand-inbound.ts
  village_id uuid references villages,
  household_id uuid references households,
  villager_id uuid references villagers,
  registered boolean,
  meaning text check (meaning in ('opt_out', 'opt_in', 'rating', 'poll', 'status_query', 'help_query',
    'contact_query', 'policy_query', 'courtesy', 'auto_reply', 'wrong_number', 'emergency', 'sealed', 'suggestion',
    'noise')),
  rule text,
  why text, -- the deciding rule in words
  detail jsonb,
  suggestion_id uuid,
  understood_at timestamptz,
  failures smallint not null default 0,
  sealed boolean not null default false,
  unique (carrier, carrier_message_id)
);
create index on inbound (village_id, id);
create index inbound_to_understand on inbound (id) where understood_at is null;
create index inbound_by_phone on inbound (from_hash, id);
create index inbound_by_phone_waiting on inbound (from_hash, id) where understood_at is null;

-- Case numbers: one sequence per village, another for sealed cases, so that neither can be counted from the other.
create table case_numbers (
  village_id uuid not null references villages,
  sealed boolean not null,
  last integer not null,
  primary key (village_id, sealed)
);

create table suggestions (
  id uuid primary key,
  village_id uuid not null references villages,
  number integer not null,
  state text not null check (state in ('registered', 'accepted', 'assigned', 'working', 'need_info', 'answered',
    'reopened', 'closed', 'merged', 'declined', 'transferred')),
  sealed boolean not null default false,
  text text not null,
  nature text not null check (nature in ('consult', 'help', 'complaint', 'suggestion', 'report', 'thanks')),
  category text,
  urgent boolean not null default false,
  household_id uuid references households,
  villager_id uuid references villagers,
  phone_hash bytea,
  phone bytea,
  channel_id uuid references channels,
  owner_id uuid references actors,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  extended_once boolean not null default false,
  escalated_at timestamptz,
  first_response_at timestamptz, -- the first human one; a receipt never counts
  answered_at timestamptz,
  result_kind text check (result_kind in ('solved', 'partly', 'planned', 'explained', 'transferred')),
  planned_for date,
  answer text,
  rating smallint check (rating between 1 and 4),
  rated_at timestamptz,
  reopened_times smallint not null default 0,
  merged_into uuid references suggestions,
  closed_at timestamptz,
  unique (village_id, sealed, number),
  check ((state = 'merged') = (merged_into is not null)),
  check (result_kind <> 'planned' or planned_for is not null)
);
create index on suggestions (village_id, due_at) where state not in ('closed', 'merged', 'declined', 'transferred');
create index on suggestions (village_id, id);
create index on suggestions (phone_hash);
create index on suggestions (answered_at) where state = 'answered';
alter table inbound add foreign key (suggestion_id) references suggestions;
alter table messages add foreign key (suggestion_id) references suggestions;

-- The timeline: one line for each thing that happened, who did it and when. The row above is its sum.
create table suggestion_events (
  id uuid primary key,
  suggestion_id uuid not null references suggestions,
  village_id uuid not null references villages,
  at timestamptz not null,
  actor_id uuid references actors,
  -- who speaks where there is no actor: the villager himself, or the service
  voice text not null check (voice in ('staff', 'villager', 'service')),
  kind text not null,
  text text not null default '',
  inbound_id uuid references inbound,
  message_id uuid references messages
);
create index on suggestion_events (suggestion_id, id);

-- What we asked a phone. It is open from the moment the carrier took the text that asks, until it expires.
create table questions (
  id uuid primary key,
  village_id uuid not null references villages,
  phone_hash bytea not null,
  kind text not null check (kind in ('rating', 'poll', 'confirmation')),
  message_id uuid not null references messages,
  suggestion_id uuid references suggestions,
  broadcast_id uuid references broadcasts,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  closed_at timestamptz
);
create index on questions (phone_hash) where closed_at is null;
create index on questions (suggestion_id);

select guard_village_table('case_numbers', 'select, insert, update', 'select, insert, update');
select guard_village_table('suggestions', 'select, insert, update', 'select, insert, update');
select guard_village_table('suggestion_events', 'select, insert', 'select, insert');
select guard_village_table('questions', 'select, insert, update', 'select, insert, update');

-- A village's own staff see a text once it is understood and not sealed. The township sees the rest, and the texts
-- that no village could be found for; the overseer also sees what is sealed.
alter table inbound enable row level security;
alter table inbound force row level security;
grant select, update on inbound to {{app}};
grant select, insert, update on inbound to {{system}};
create policy village on inbound to {{app}} using (
  (village_id = any ((select app_villages())::uuid[]) or (village_id is null and app_role() = 'township'))
  and (app_role() = 'township' or (understood_at is not null and not sealed)
    or (app_role() = 'overseer' and understood_at is not null))
  and app_role() <> 'cadre');
create policy system on inbound to {{system}} using (true) with check (true);

create policy sealed_hidden on suggestions as restrictive to {{app}}
  using (not sealed or app_role() in ('overseer', 'township'));
-- A linked cadre's texts: those of his own doors, and of the cases given to him.
create policy cadre_own on messages as restrictive to {{app}} using (app_role() <> 'cadre'
  or exists (select from households h where h.id = household_id)
  or exists (select from suggestions s where s.id = suggestion_id));
create policy cadre_own on suggestions as restrictive to {{app}}
  using (app_role() <> 'cadre' or owner_id = (select app_actor()));
create policy sealed_hidden on case_numbers as restrictive to {{app}}
  using (not sealed or app_role() in ('overseer', 'township'));
create policy of_visible_case on suggestion_events as restrictive to {{app}}
  using (exists (select from suggestions s where s.id = suggestion_id));
create policy of_visible_case on questions as restrictive to {{app}}
  using (suggestion_id is null or exists (select from suggestions s where s.id = suggestion_id));
