-- Two ways round the balance that no code takes, and none shall.

-- An entry could be moved out of a locked sheet: where it comes from counts as much as where it goes.
create or replace function sheet_is_draft() returns trigger language plpgsql as $$
begin
  if exists (select from sheets s where s.id in (new.sheet_id, old.sheet_id) and s.state <> 'draft') then
    raise exception 'the sheet is locked';
  end if;
  return coalesce(new, old);
end $$;

-- A sheet begins as a draft, and comes further only through the check of its sum.
create function sheet_begins() returns trigger language plpgsql as $$
begin
  if new.state <> 'draft' then raise exception 'a sheet begins as a draft'; end if;
  return new;
end $$;
create trigger begins before insert on sheets for each row execute function sheet_begins();
