-- A text that has not arrived and will not by itself, so that the doors which a notice has missed are found without
-- reading what all the others got. A text that goes claimed → accepted → sent → delivered never changes it and stays on
-- its page (HOT), as with `queued` and `doubtful`.
alter table messages add column missed boolean not null
  generated always as (state in ('undelivered', 'failed', 'unknown', 'suppressed', 'canceled')) stored;
create index messages_missed on messages (broadcast_id, household_id) where missed and broadcast_id is not null;
