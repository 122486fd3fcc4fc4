-- A visitor without an account may see who stands on the 公示牌, and nothing of how they sign in or where they are called.
create policy not_visitors on staff as restrictive to {{app}} using (app_role() is distinct from 'public');
