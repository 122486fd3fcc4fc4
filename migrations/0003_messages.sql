-- Broadcasts, and every text we send. The rows are the truth; a job only says that there may be something to do.

create table channels (
  id uuid primary key,
  name text not null,
  carrier text not null,
  -- the number (E.164) or the messaging service that texts come from and replies go to
  sender text not null,
  village_id uuid references villages, -- a number that is one village's alone
  township_id uuid references townships,
  rate double precision not null check (rate between 0.01 and 100000), -- segments per second
  price numeric(8, 3) not null, -- 分 per segment
  active boolean not null, -- whether villages without a number of their own send through it
  -- GCRA: when the channel's next text may leave; reserved under this row's lock, by the database's clock
  next_free timestamptz not null default '-infinity',
  created_at timestamptz not null,
  unique (carrier, sender)
);
grant select on channels to {{app}};
grant select, insert, update on channels to {{system}};

-- Who was served last in each lane, so that villages take turns whatever their sizes.
create table turns (
  channel_id uuid not null references channels,
  lane smallint not null,
  village_id uuid not null references villages,
  served_at timestamptz not null,
  primary key (channel_id, lane, village_id)
);
grant select, insert, update on turns to {{system}};

create table broadcasts (
  id uuid primary key,
  village_id uuid not null references villages,
  column_id uuid not null references columns,
  channel_id uuid not null references channels,
  kind text not null check (kind in ('notice', 'poll', 'emergency')),
  state text not null check (state in
    ('draft', 'awaiting_approval', 'returned', 'scheduled', 'held', 'sending', 'paused', 'sent', 'canceled')),
  body text not null,
  audience jsonb not null,
  -- signature and body as they will be sent, frozen at approval; segments of that text
  text text,
  segments_per_message smallint not null,
  recipients integer not null,
  price numeric(8, 3) not null,
  send_at timestamptz, -- null: as soon as it is approved
  drafted_by uuid not null references actors,
  approved_by uuid references actors,
  approved_at timestamptz,
  launched_at timestamptz,
  finished_at timestamptz,
  -- why it is held, paused, returned or canceled, in words for staff
  note text,
  created_at timestamptz not null,
  check (approved_by is null or approved_by <> drafted_by),
  check ((text is null) = (approved_at is null))
);
create index on broadcasts (village_id, id);
create index on broadcasts (channel_id) where state = 'sending';
create index on broadcasts (send_at) where state = 'scheduled';

create table broadcast_events (
  broadcast_id uuid not null references broadcasts,
  village_id uuid not null references villages,
  at timestamptz not null,
  actor_id uuid references actors,
  kind text not null,
  note text not null default '',
  id uuid primary key
);
create index on broadcast_events (broadcast_id, id);

-- One text out (MT). Only `queued` and `doubtful` stand in index predicates, and `once_key` in an index: when a
-- message goes claimed → accepted → sent → delivered none of the three changes, so those updates stay on their page
-- (HOT), which has room for them: half of it is left free.
create table messages (
  id uuid primary key,
  -- no foreign keys: a broadcast's rows copy these two from it, a million at a time
  village_id uuid not null,
  channel_id uuid not null,
  broadcast_id uuid references broadcasts,
  suggestion_id uuid,
  household_id uuid,
  lane smallint not null check (lane in (0, 1, 2)), -- emergency, answers and receipts, broadcasts
  purpose text not null,
  phone_hash bytea not null,
  phone bytea not null,
  body text, -- null: the broadcast's text
  segments smallint not null check (segments > 0),
  -- the phone (or, with personal blanks, the household) that may have this broadcast only once; null if suppressed
  once_key bytea,
  state text not null default 'pending' check (state in ('pending', 'claimed', 'accepted', 'sent', 'delivered',
    'undelivered', 'failed', 'unknown', 'suppressed', 'canceled')),
  queued boolean not null generated always as (state = 'pending') stored,
  doubtful boolean not null generated always as (state = 'unknown') stored,
  reason text, -- code of src/message/reasons.ts or of the carrier
  attempt smallint not null default 0, -- calls made so far; the current one while claimed
  claim_id uuid,
  called_at timestamptz, -- committed just before the call: from here on the carrier may have it
  not_before timestamptz not null default '-infinity',
  carrier_message_id text,
  accepted_at timestamptz,
  sealed boolean not null default false,
  created_at timestamptz not null,
  state_at timestamptz not null,
  check (once_key is null or state <> 'suppressed'),
  check (broadcast_id is not null or body is not null),
  unique (broadcast_id, once_key)
) with (fillfactor = 50);
create index messages_of_broadcast_queued on messages (broadcast_id, id) where queued and broadcast_id is not null;
create index messages_direct_queued on messages (channel_id, lane, village_id, id)
  where queued and broadcast_id is null;
create index messages_by_phone on messages (phone_hash, id);
create index messages_doubtful on messages (id) where doubtful;
create index messages_of_suggestion on messages (suggestion_id) where suggestion_id is not null;

-- A worker's hold on one chunk. When the lease runs out, what was called becomes `unknown`, the rest `pending`.
create table claims (
  id uuid primary key,
  channel_id uuid not null references channels,
  worker uuid not null,
  lease_until timestamptz not null,
  message_ids uuid[] not null
);
create index on claims (lease_until);
grant select, insert, update, delete on claims to {{system}};

-- One finished call to the carrier. The running one stands on the message (attempt, called_at); it is written here
-- when it ends, or by the sweep that finds its lease run out. By month of the message's birth.
create table attempts (
  message_id uuid not null,
  attempt smallint not null,
  -- copied from the message, so nothing has to be looked up again
  village_id uuid not null,
  channel_id uuid not null,
  called_at timestamptz not null,
  ended_at timestamptz not null,
  outcome text not null check (outcome in ('accepted', 'not_taken', 'refused', 'unknown', 'absent', 'given_up')),
  code text,
  carrier_message_id text,
  -- how often the carrier's list lacked it, and when it was last asked (see src/message/reconcile.ts)
  absences smallint not null default 0,
  asked_at timestamptz,
  primary key (message_id, attempt)
) partition by range (message_id);
create index on attempts (carrier_message_id) where carrier_message_id is not null;

-- What the carrier says of an MT, as it came. A report may overtake our own note, repeat, or belong to nobody.
create table reports (
  id uuid primary key,
  channel_id uuid references channels,
  message_id uuid,
  attempt smallint,
  carrier_message_id text not null,
  status text not null,
  code text,
  fields jsonb not null,
  received_at timestamptz not null,
  -- false: it waits for its message
  matched boolean not null
) partition by range (id);
create index on reports (carrier_message_id) where not matched;
grant select, insert, update on reports to {{system}};

-- Monthly partitions from two months back to three ahead; the default catches a clock gone wild. Runs daily.
create function ensure_partitions() returns void language plpgsql security definer set search_path = public as $$
declare
  parent text;
  month timestamptz;
  name text;
begin
  foreach parent in array array['attempts', 'reports'] loop
    for month in select generate_series(date_trunc('month', now()) - interval '2 months',
                                        date_trunc('month', now()) + interval '3 months', interval '1 month') loop
      name := parent || '_' || to_char(month, 'YYYY_MM');
      if to_regclass(name) is null then
        execute format('create table %I partition of %I for values from (%L) to (%L)', name, parent,
          uuid_floor(month), uuid_floor(month + interval '1 month'));
      end if;
    end loop;
  end loop;
end $$;
revoke all on function ensure_partitions from public;
grant execute on function ensure_partitions to {{system}};
select ensure_partitions();
create table attempts_default partition of attempts default;
create table reports_default partition of reports default;

select guard_village_table('broadcasts', 'select, insert, update', 'select, update');
select guard_village_table('broadcast_events', 'select, insert', 'select, insert');
select guard_village_table('messages', 'select, insert, update', 'select, insert, update');
select guard_village_table('attempts', 'select', 'select, insert, update');

create policy sealed_hidden on messages as restrictive to {{app}}
  using (not sealed or app_role() in ('overseer', 'township'));

-- Whether broadcasts may leave at this moment: `hours` is 'any' or pairs of local times (UTC+8, no summer time).
create function within_hours(hours jsonb, at timestamptz) returns boolean language sql immutable parallel safe as $$
  select hours = '"any"' or exists (
    select from jsonb_array_elements(case jsonb_typeof(hours) when 'array' then hours else '[]' end) pair
     where to_char(at at time zone interval '8 hours', 'HH24:MI') >= pair ->> 0
       and to_char(at at time zone interval '8 hours', 'HH24:MI') < pair ->> 1) $$;
