-- The simulator's own memory: a Twilio-compatible carrier with phones you can see. It is used only under
-- CARRIER=simulator and knows nothing of the tables above.

create schema simulator;
grant usage on schema simulator to {{system}};

create table simulator.messages (
  sid text collate "C" primary key, -- SM and a UUIDv7: the newest sorts last
  account_sid text not null,
  direction text not null check (direction in ('outbound-api', 'inbound')),
  sender text not null,
  recipient text not null,
  -- The villager's side, whoever wrote: a conversation is one phone's rows.
  phone text not null generated always as (case direction when 'inbound' then sender else recipient end) stored,
  messaging_service_sid text,
  body text not null,
  segments smallint not null,
  status text not null
    check (status in ('accepted', 'queued', 'sent', 'delivered', 'undelivered', 'failed', 'received')),
  error_code integer,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  sent_at timestamptz,
  reached_at timestamptz, -- when the phone shows it, planned at the start; null for a text that never arrives
  listed_from timestamptz not null -- the real list lags behind; before this moment a look-up does not show it
) with (fillfactor = 80); -- each text is updated in place as it moves on
create index on simulator.messages (recipient, sid);
create index on simulator.messages (phone, reached_at);

-- What is still to happen to a text: it moves on, and a webhook says so.
create table simulator.webhooks (
  id uuid primary key,
  sid text collate "C" not null references simulator.messages,
  url text, -- with its fragment; null where nobody is to be told
  status text not null, -- what the text becomes
  error_code integer,
  due_at timestamptz not null,
  claimed_until timestamptz, -- a process is at it; after this moment another may take it
  tries smallint not null default 0
) with (fillfactor = 80);
create index on simulator.webhooks (due_at);

-- Phones shown on the page, with the name of the person who holds each.
create table simulator.phones (
  number text primary key,
  label text not null,
  seen_at timestamptz not null, -- texts that reached it later are unread
  calls integer not null default 0 -- how often it was texted: some magic numbers answer every second call
);

grant select, insert, update, delete on all tables in schema simulator to {{system}};
