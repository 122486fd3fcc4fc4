-- Secretaries and cadres who work by text alone: what their own phones are told, and what they text back.

alter table inbound drop constraint inbound_meaning_check;
alter table inbound add constraint inbound_meaning_check check (meaning in ('opt_out', 'opt_in', 'rating', 'poll',
  'status_query', 'help_query', 'contact_query', 'policy_query', 'courtesy', 'auto_reply', 'wrong_number', 'emergency',
  'sealed', 'suggestion', 'noise', 'staff_command'));

-- What a member of staff is asked to confirm by a digit: the command as it was read (src/inbound/staff-text.ts).
alter table questions add column command jsonb check (command is null or kind = 'confirmation');

-- Whose phone is this? Asked for every text that comes.
create index on staff (phone_hash) where phone_hash is not null;

-- Cases of which their owner is to be told by text. A row waits for the village's hours, for its turn among the
-- others of the day, or for the sweep; it is settled when he was told, or when there was nothing more to tell.
create table owner_notices (
  id uuid primary key,
  village_id uuid not null references villages,
  suggestion_id uuid not null references suggestions,
  staff_id uuid not null references staff,
  kind text not null check (kind in ('opened', 'reopened', 'assigned')),
  urgent boolean not null,
  -- beyond the day's texts about single cases: counted in one line with the others
  digest boolean not null default false,
  due_at timestamptz not null,
  created_at timestamptz not null,
  settled_at timestamptz,
  message_id uuid references messages -- null: not told, because nothing was left to do
);
create index on owner_notices (due_at) where settled_at is null;
select guard_village_table('owner_notices', 'select, insert', 'select, insert, update');
