-- Whoever asked to be taken out is not brought back by a list that is older than his wish.

-- By what a list would name him, as keyed hashes (src/roster/erased-marks.ts). They outlive the erasure.
alter table erasures add column marks bytea[] not null default '{}';

-- Rows that name him; of these `ignored` says that he has asked to be written down again.
alter table roster_import_rows
  drop constraint roster_import_rows_kind_check,
  add constraint roster_import_rows_kind_check check (kind in ('changed', 'rejected', 'left', 'erased'));
