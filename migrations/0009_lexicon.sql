-- What a suggestion is, and the words that said so: staff read why, and teach the village's own words.

-- The words that decided its nature, its class and its urgency; none where a person set it, or where nothing told.
alter table suggestions
  add column nature_by text[] not null default '{}',
  add column category_by text[] not null default '{}',
  add column urgent_by text[] not null default '{}',
  add column classed_by uuid references actors, -- who corrected it last
  add check (category in ('economy', 'livelihood', 'conflict', 'production', 'poverty', 'organisation'));

-- The service's own words are in the code (src/suggestion/founding-words.ts). Here: what a village added to them
-- (active), and which of them it switched off.
create table lexicon_words (
  id uuid primary key,
  village_id uuid not null references villages,
  sort text not null check (sort in ('nature', 'category', 'urgent')),
  value text not null,
  word text not null check (length(word) between 1 and 12),
  active boolean not null,
  set_by uuid not null references actors,
  set_at timestamptz not null,
  unique (village_id, sort, value, word)
);
select guard_village_table('lexicon_words', 'select, insert, delete', 'select');

-- Whether a machine's number sent it (10086, 106…): seen when it came, because afterwards the number is sealed.
alter table inbound add column machine boolean not null default false;
