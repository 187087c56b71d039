-- Who is in which group, as each directory last showed it. A group's list is taken over whole, or not at all.
CREATE TABLE directory_member (
  provider text   NOT NULL,
  group_id text   NOT NULL,
  account  text   NOT NULL,
  source   text   NOT NULL CHECK (source IN ('direct', 'rule', 'unknown')),
  since    bigint NOT NULL,
  PRIMARY KEY (provider, group_id, account)
);
CREATE INDEX directory_member_by_account ON directory_member (provider, account);

-- Since when the members are to be read anew, when the read began that is kept, and when one was last tried.
ALTER TABLE directory_group
  ADD COLUMN members_wanted_at bigint,
  ADD COLUMN members_read_at   bigint,
  ADD COLUMN members_tried_at  bigint;
CREATE INDEX directory_group_wanted ON directory_group (provider, members_wanted_at) WHERE members_wanted_at IS NOT NULL;

-- From where to ask a directory which groups changed, and when all of them were last wanted.
CREATE TABLE directory_cursor (
  provider text   PRIMARY KEY,
  cursor   text,
  full_at  bigint NOT NULL
);

-- Syncs wait for vendors: they are taken apart from the other timers, as ends of access are.
CREATE INDEX timer_due_sync ON timer (due_at)
  WHERE due_at IS NOT NULL AND lease_until IS NULL AND kind IN ('sync directory', 'read members');
