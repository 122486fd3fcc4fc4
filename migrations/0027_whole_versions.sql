-- What a signer sees of a version that was handed in beside its words: for whom, under which column, until when. As it
-- was said then, name by name; null before this migration.
alter table broadcast_versions add column about jsonb;

-- A chain that was stopped owes nothing: a visitor's calendar must know it, as the village's own does.
create policy public on disclosure_chains for select to {{app}} using (village_id = (select app_public_village()));
