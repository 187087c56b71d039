-- A look at a group asks for all of its memberships that are ours.
CREATE INDEX membership_by_group ON membership (provider, group_id);
-- Claimed groups are found by a key, so that all of them can be looked at.
UPDATE stream_state SET keys = ARRAY['claimed group'] WHERE kind = 'group' AND state ->> 'claimed' = 'true';
