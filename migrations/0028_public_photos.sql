-- A photo of the board leaves the office only where somebody of the village has said so (src/disclosure/show-photo.ts).
create policy public on disclosure_photos for select to {{app}} using (
  village_id = (select app_public_village()) and public);
