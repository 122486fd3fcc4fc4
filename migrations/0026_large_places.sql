-- The same walls, quicker to plan, and ways through a village of sixty thousand doors.

-- PostgreSQL plans the policies of a table anew wherever a statement names it. A policy that looked into another table
-- brought that table's own policies along, and those of the next: a page spent thirty milliseconds planning what it read
-- in one. What a policy looks up is now behind a function, whose plan a session keeps. It runs with the rights of whoever
-- asks, behind his own walls, so nobody sees more or less than before. `(select app_role())`: asked once for a
-- statement, not for each row.

-- The townships of somebody's villages.
create function app_home_townships() returns setof uuid language plpgsql stable parallel safe as $$
begin return query select v.township_id from villages v where v.id = any (app_villages()); end $$;
-- A linked cadre's doors, the phones of whoever lives there, and the cases of danger that he was called to.
create function app_doors() returns setof uuid language plpgsql stable parallel safe as $$
begin return query select h.id from households h where h.cadre_id = app_actor(); end $$;
create function app_door_phones() returns setof bytea language plpgsql stable parallel safe as $$
begin return query select v.phone_hash from villagers v
  where v.phone_hash is not null and v.household_id in (select app_doors()); end $$;
create function app_called_cases() returns setof uuid language plpgsql stable parallel safe as $$
begin return query select c.suggestion_id from alarm_calls c
  where c.actor_id = app_actor() and c.asked_at is not null; end $$;
-- Since when this person has his account; a key is no person.
create function app_person_since() returns timestamptz language plpgsql stable parallel safe as $$
begin return (select a.created_at from actors a where a.id = app_actor() and a.kind = 'staff'); end $$;
-- For the few rows of which it must be asked one by one.
create function sees_case(case_id uuid) returns boolean language plpgsql stable parallel safe as $$
begin return exists (select from suggestions s where s.id = case_id); end $$;
-- Those of a village's staff who stand on its public page.
create function app_public_contacts() returns setof uuid language plpgsql stable parallel safe as $$
begin return query select c.actor_id from public_contacts c where c.shown; end $$;

alter policy visible on actors using ((select app_role()) = 'platform'
  or village_id = any ((select app_villages())::uuid[])
  or township_id = (select app_township()) or township_id in (select app_home_townships()));
alter policy public on actors using (
  village_id = (select app_public_village()) and active and id in (select app_public_contacts()));
alter policy readable on policies using (village_id = any ((select app_villages())::uuid[])
  or township_id = (select app_township()) or township_id in (select app_home_townships()));
alter policy readable on templates using (village_id = any ((select app_villages())::uuid[])
  or township_id = (select app_township()) or township_id in (select app_home_townships()));
alter policy readable on disclosure_rules using (village_id = any ((select app_villages())::uuid[])
  or township_id = (select app_township()) or township_id in (select app_home_townships()));

alter policy cadre_doors on households using (
  (select app_role()) <> 'cadre' or cadre_id = (select app_actor()));
alter policy cadre_people on villagers using (
  (select app_role()) <> 'cadre' or household_id in (select app_doors()));
alter policy cadre_visits on visits using (
  (select app_role()) <> 'cadre' or household_id in (select app_doors()));
alter policy cadre_phones on phones using (
  (select app_role()) <> 'cadre' or hash in (select app_door_phones()));
alter policy cadre_consents on phone_consents using (
  (select app_role()) <> 'cadre' or phone_hash in (select app_door_phones()));
alter policy cadre_opt_outs on opt_outs using (
  (select app_role()) <> 'cadre' or phone_hash in (select app_door_phones()));

alter policy cadre_own on suggestions using ((select app_role()) <> 'cadre'
  or owner_id = (select app_actor()) or id in (select app_called_cases()));
alter policy sealed_hidden on suggestions using (not sealed or (select app_role()) = 'township'
  or ((select app_role()) = 'overseer' and (hidden_from = '{}'
    or (not hidden_from @> array[(select app_actor())] and opened_at > (select app_person_since())))));
alter policy cadre_own on messages using ((select app_role()) <> 'cadre'
  or household_id in (select app_doors()) or sees_case(suggestion_id));
alter policy sealed_hidden on messages using (not sealed or (select app_role()) = 'township'
  or ((select app_role()) = 'overseer' and sees_case(suggestion_id)));
alter policy sealed_hidden on inbound using (not sealed or (select app_role()) = 'township'
  or ((select app_role()) = 'overseer' and sees_case(suggestion_id)));

-- Counting who lives where, and which tags, cadres and bad numbers there are, without reading every row.
create index on villagers (village_id, household_id) where left_at is null;
create index on villagers (village_id, tags, household_id) where left_at is null and tags <> '{}';
create index on households (village_id, cadre_name, number) include (cadre_id);
create index on households (village_id, contact_hash) include (cadre_id);
create index on phones (village_id, problem) where problem is not null;
-- Whether a door's text arrived after all. Of columns that never change: a text that goes on stays on its page (HOT).
create index messages_of_household on messages (household_id, broadcast_id) where household_id is not null;

-- Villagers named in a text: not every name is looked for, only those that begin with two characters of it.
create index on villagers (village_id, left(name, 2));
create or replace function names_in(words text) returns table (name text)
  language sql stable security definer set search_path = public
  as $$ select distinct v.name
          from (select distinct c || lead(c) over (order by nth) as start
                  from string_to_table(words, null) with ordinality t (c, nth)) w
          join villagers v on v.village_id = app_public_village() and left(v.name, 2) = w.start
         where char_length(v.name) > 1 and strpos(words, v.name) > 0
           and not exists (select from actors a where a.village_id = v.village_id and a.name = v.name) $$;

-- A table that has just grown by a whole village is planned as if it were empty until somebody looks at it.
create function look_at_roster() returns void language plpgsql security definer set search_path = public as $$
begin analyze villagers, households, phones; end $$;
revoke all on function look_at_roster from public;
grant execute on function look_at_roster to {{app}}, {{system}};
