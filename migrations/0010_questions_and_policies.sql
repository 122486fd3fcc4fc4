-- What villagers ask of the service: policies to look up, polls to vote in, and numbers that turn out to be
-- somebody else's.

-- 政策汇编: what one may get, where and from whom. An entry is a village's own, or a township's for all its villages.
create table policies (
  id uuid primary key,
  village_id uuid references villages,
  township_id uuid references townships,
  title text not null,
  -- other words people ask with
  keywords text[] not null default '{}',
  basis text not null default '', -- 依据
  scope text not null default '', -- 范围
  standard text not null, -- 标准
  process text not null, -- 流程
  office text not null, -- 责任科室
  person text not null default '', -- 责任人, as the printed compilation names him
  phone text not null default '', -- an office's number, printed there too
  active boolean not null default true,
  written_by uuid not null references actors,
  written_at timestamptz not null,
  check ((village_id is null) <> (township_id is null))
);
create index on policies (village_id);
create index on policies (township_id);
alter table policies enable row level security;
alter table policies force row level security;
grant select, insert, update on policies to {{app}};
grant select on policies to {{system}};
-- A village reads its township's entries too; everybody writes only his own.
create policy readable on policies for select to {{app}} using (
  village_id = any ((select app_villages())::uuid[])
  or township_id = (select app_township())
  or township_id in (select v.township_id from villages v where v.id = any ((select app_villages())::uuid[])));
create policy own_new on policies for insert to {{app}} with check (
  (village_id = any ((select app_villages())::uuid[]) and app_role() <> 'township')
  or township_id = (select app_township()));
create policy own_change on policies for update to {{app}} using (
  (village_id = any ((select app_villages())::uuid[]) and app_role() <> 'township')
  or township_id = (select app_township()));
create policy system on policies to {{system}} using (true);

-- "您问的是哪一项": the numbered choices that a digit picks from.
alter table questions
  drop constraint questions_kind_check,
  add constraint questions_kind_check check (kind in ('rating', 'poll', 'confirmation', 'policy')),
  add column options text[];

-- A poll has no row per recipient in `questions`: it is open to a phone from the moment the carrier took its text
-- until the poll closes, and that is read from the message and from here.
alter table broadcasts
  add column options text[] check (cardinality(options) between 2 and 9),
  -- filled in at the launch where nobody said it
  add column closes_at timestamptz,
  add check ((kind = 'poll') = (options is not null)),
  add check (closes_at is null or kind = 'poll');
create index broadcasts_polls on broadcasts (closes_at) where kind = 'poll';

-- One vote a phone; the last one counts.
create table poll_votes (
  broadcast_id uuid not null references broadcasts,
  phone_hash bytea not null,
  village_id uuid not null references villages,
  option smallint not null check (option between 1 and 9),
  inbound_id uuid not null references inbound,
  at timestamptz not null,
  primary key (broadcast_id, phone_hash)
);
select guard_village_table('poll_votes', 'select', 'select, insert, update');

-- Whoever answers "您发错了" has a number that was somebody else's: nothing more is sent to it until a person has looked.
alter table phones
  drop constraint phones_problem_check,
  add constraint phones_problem_check check (problem in ('invalid', 'blocked', 'wrong_person'));
