-- Which DATA_KEY this database was sealed with: a wrong one must be refused before it seals or searches anything.
create table installation (
  one boolean primary key default true check (one),
  key_check bytea not null,
  seeded_at timestamptz -- when the demo village was made
);
grant select, insert, update on installation to {{system}};
