-- Who has signed, what was signed, and who still has to; doors to be told in person what no text brought them.

alter table broadcasts
  -- when it was handed in: signers are reminded from here
  add column submitted_at timestamptz,
  -- when the text, its price and its people were frozen: with the last key, or when an emergency left with one
  add column frozen_at timestamptz,
  -- of an emergency that left with one key: the second person's word that it should not have
  add column objected_by uuid references actors,
  add column objected_at timestamptz,
  -- of a poll: the share of doors that the village asks for before it takes the answer seriously
  add column quorum text check (quorum in ('half', 'two_thirds')),
  -- when somebody must be asked for his signature next
  add column remind_at timestamptz;
-- The owner, too, stands before the wall.
alter table broadcasts no force row level security;
update broadcasts set frozen_at = approved_at;
update broadcasts set submitted_at = created_at where state = 'awaiting_approval';
update broadcasts set quorum = 'half' where kind = 'poll';
alter table broadcasts force row level security;

do $do$ declare old text; begin
  select conname into strict old from pg_constraint
   where conrelid = 'broadcasts'::regclass and pg_get_constraintdef(oid) like '%text IS NULL%approved_at IS NULL%';
  execute format('alter table broadcasts drop constraint %I', old);
end $do$;
alter table broadcasts
  add check ((text is null) = (frozen_at is null)),
  -- Nothing leaves before both have signed; only an emergency with a reason goes first.
  add check (frozen_at is null or approved_at is not null or urgent_reason is not null),
  add check (frozen_at is null or not needs_overseer or overseen_at is not null),
  add check (overseen_by is null or overseen_by <> drafted_by),
  add check (overseen_by is null or approved_by is null or overseen_by <> approved_by),
  add check ((objected_by is null) = (objected_at is null)),
  add check (objected_by is null or objected_by <> drafted_by);
create index on broadcasts (remind_at) where remind_at is not null;

-- Whoever changes what will be sent makes a new version, and no signature outlives it or the way back to the drafter.
create function renew_version() returns trigger language plpgsql as $$
declare
  changed boolean := (new.body, new.column_id, new.audience, new.send_at, new.options, new.closes_at, new.stage_first,
      new.stage_minutes, new.needs_overseer, new.personal)
    is distinct from (old.body, old.column_id, old.audience, old.send_at, old.options, old.closes_at, old.stage_first,
      old.stage_minutes, old.needs_overseer, old.personal);
begin
  if old.frozen_at is not null then
    return new;
  end if;
  if changed then
    new.version := old.version + 1;
  end if;
  -- Whoever wrote the last words is the drafter: nobody mends another's notice and then approves himself.
  if (new.body, new.column_id, new.audience, new.options) is distinct from
     (old.body, old.column_id, old.audience, old.options) then
    new.drafted_by := coalesce(app_actor(), new.drafted_by);
  end if;
  if new.version <> old.version or new.state in ('draft', 'returned') then
    new.approved_by := null;
    new.approved_at := null;
    new.overseen_by := null;
    new.overseen_at := null;
  end if;
  return new;
end $$;
create trigger renew_version before update on broadcasts for each row execute function renew_version();

-- What was handed in for approval, each time that it had changed.
create table broadcast_versions (
  broadcast_id uuid not null references broadcasts,
  village_id uuid not null references villages,
  version integer not null,
  body text not null,
  options text[],
  send_at timestamptz,
  audience jsonb not null,
  submitted_by uuid not null references actors,
  submitted_at timestamptz not null,
  primary key (broadcast_id, version)
);
select guard_village_table('broadcast_versions', 'select, insert', '');

-- Whom we asked for a signature by text: each rung once for each time that the notice was handed in.
create table signature_reminders (
  broadcast_id uuid not null references broadcasts,
  village_id uuid not null references villages,
  submitted_at timestamptz not null,
  rung text not null check (rung in ('first', 'before', 'after', 'again', 'township')),
  done_at timestamptz not null,
  -- nobody: no phone on record
  outcome text not null check (outcome in ('texted', 'nobody')),
  primary key (broadcast_id, submitted_at, rung)
);
select guard_village_table('signature_reminders', 'select', 'select, insert');

-- Doors that a notice did not reach, to be told in person or by a call. Who goes is the door's linked cadre, whoever
-- that is by then. No foreign key to the door: when two are made one, the visit is not what stands in the way.
create table visits (
  broadcast_id uuid not null references broadcasts,
  household_id uuid not null,
  village_id uuid not null references villages,
  -- why no text brought it (src/message/causes.ts)
  cause text not null,
  listed_by uuid not null references actors,
  listed_at timestamptz not null,
  how text check (how in ('in_person', 'phone', 'absent')),
  told_by uuid references actors,
  told_at timestamptz,
  note text not null default '',
  primary key (broadcast_id, household_id),
  check ((how is null) = (told_at is null) and (how is null) = (told_by is null))
);
create index on visits (village_id, household_id);
select guard_village_table('visits', 'select, insert, update', '');
-- A linked cadre sees his own doors.
create policy cadre_visits on visits as restrictive to {{app}}
  using (app_role() <> 'cadre' or exists (select from households h where h.id = household_id));
