-- A carrier that says "too fast" slows its channel down for a while; refusals pause a broadcast; people decide doubts.

-- The share of its rate that a channel was slowed to, and when. Nobody has to raise it again: it grows with time.
alter table channels
  add column slowed_to double precision not null default 1 check (slowed_to > 0 and slowed_to <= 1),
  add column slowed_at timestamptz;

-- Segments per second at this moment: back at the full rate a minute after the last slow-down, steadily.
create function rate_at(rate double precision, slowed_to double precision, slowed_at timestamptz, at timestamptz)
  returns double precision language sql immutable parallel safe as $$
  select case when slowed_at is null then rate
    else rate * least(1, slowed_to + (1 - slowed_to) * greatest(0, extract(epoch from at - slowed_at)::float8) / 60)
  end $$;

alter table broadcasts
  -- an emergency that would rather reach a phone twice than not at all
  add column at_least_once boolean not null default false check (not at_least_once or kind = 'emergency'),
  -- refusals of texts called before this were known to whoever resumed it (database's clock)
  add column refusals_from timestamptz not null default '-infinity';

-- `resent`: a person, or an emergency's own rule (code), had an unknown text sent again.
alter table attempts drop constraint attempts_outcome_check;
alter table attempts add constraint attempts_outcome_check check (outcome in
  ('accepted', 'not_taken', 'refused', 'unknown', 'absent', 'resent', 'given_up'));
alter table attempts
  -- look-ups, RECONCILE_AFTER apart, and when the first of them found the text absent
  add column look_ups smallint not null default 0,
  add column absent_at timestamptz;
-- A person's decision ends the attempt.
grant update (outcome, code, ended_at) on attempts to {{app}};
