-- What goes first when a provider lets us do only so much (core/identity-action/urgency.ts); work is taken provider by
-- provider, so that a slow one never stands in the way of another.
ALTER TABLE membership ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY;
ALTER TABLE membership ADD COLUMN urgency smallint NOT NULL DEFAULT 3;
UPDATE membership SET urgency = CASE WHEN work = 'read' THEN 4 WHEN state->>'desired' = 'removed' THEN 2 ELSE 3 END;
DROP INDEX membership_due;
CREATE INDEX membership_due ON membership (provider, work, urgency, due_at, seq) WHERE due_at IS NOT NULL AND lease_until IS NULL;

-- A provider's allowance as all replicas know it together: one row each, replaced as a whole by whoever saw it last.
CREATE TABLE budget (
  provider text  PRIMARY KEY,
  version  int   NOT NULL,
  state    jsonb NOT NULL
);

-- What became due at the same instant is taken in the order in which it came to be: the same everywhere, also in the twin
-- of this store that lives in memory.
ALTER TABLE timer ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY;
ALTER TABLE inbox ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY;
DROP INDEX timer_due;
CREATE INDEX timer_due ON timer (due_at, seq) WHERE due_at IS NOT NULL AND lease_until IS NULL;
-- The other timers are few among a million ends of access, and must be found without walking over them.
CREATE INDEX timer_due_no_end ON timer (due_at)
  WHERE due_at IS NOT NULL AND lease_until IS NULL AND kind NOT IN ('window ends', 'complete by');
DROP INDEX inbox_due;
CREATE INDEX inbox_due ON inbox (due_at, seq) WHERE due_at IS NOT NULL AND lease_until IS NULL;
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE due_at IS NOT NULL AND lease_until IS NULL;
