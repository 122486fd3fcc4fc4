-- What a notice was made from, who must sign it, and whether each household gets a text of its own.
alter table broadcasts
  -- grows with each change of what will be sent, so that nobody approves what he has not read
  add column version integer not null default 1,
  -- it has blanks: one text per household, rendered and counted at approval
  add column personal boolean not null default false,
  -- finance and subsidies: the village supervision committee signs too
  add column needs_overseer boolean not null default false,
  add column overseen_by uuid references actors,
  add column overseen_at timestamptz,
  -- an emergency that left with one key: why; the second signs after
  add column urgent_reason text,
  add column template_id uuid,
  add column series_id uuid,
  add column series_part smallint,
  add column series_parts smallint,
  add column corrects_id uuid references broadcasts,
  add column disclosure_id uuid,
  add column sheet_id uuid,
  add check ((overseen_by is null) = (overseen_at is null)),
  add check ((series_id is null) = (series_part is null) and (series_id is null) = (series_parts is null)),
  add unique (series_id, series_part);
create index on broadcasts (corrects_id) where corrects_id is not null;
create index on broadcasts (disclosure_id) where disclosure_id is not null;
create index on broadcasts (sheet_id) where sheet_id is not null;
