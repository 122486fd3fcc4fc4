-- The rest of the ledger: what was heard in person, what was passed on, what the village reads of it, and the
-- phrases that an answer is written with.

alter table suggestions
  -- `oral`: somebody of the village wrote down what an elder without a phone said, and where it was said
  add column source text not null default 'sms' check (source in ('sms', 'oral')),
  add column heard text check (heard in ('visit', 'call', 'office', 'meeting')),
  -- the body outside the village that has it now, or that the villager was sent to
  add column passed_to text,
  -- when the answer was told to somebody without a phone, and whether his verdict was written down by staff
  add column told_at timestamptz,
  add column rated_orally boolean not null default false,
  add check ((source = 'oral') = (heard is not null));

-- `info`: the village asked a villager for more. The kinds of 0010 stay.
alter table questions
  drop constraint questions_kind_check,
  add constraint questions_kind_check check (kind in ('rating', 'poll', 'confirmation', 'policy', 'info'));

-- Sentences that a village says often, for its answers.
create table phrases (
  id uuid primary key,
  village_id uuid not null references villages,
  text text not null check (char_length(text) between 2 and 60),
  created_at timestamptz not null,
  unique (village_id, text)
);
select guard_village_table('phrases', 'select, insert, delete', 'select');

-- Question and answer of a case as everybody may read them: written by hand, without names.
create table publications (
  suggestion_id uuid primary key references suggestions,
  village_id uuid not null references villages,
  question text not null,
  answer text not null,
  published_by uuid not null references actors,
  published_at timestamptz not null,
  withdrawn_at timestamptz
);
create index on publications (village_id, published_at);
select guard_village_table('publications', 'select, insert, update', 'select');
create policy never_sealed on publications as restrictive to {{app}} using (true)
  with check (exists (select from suggestions s where s.id = suggestion_id and not s.sealed));
