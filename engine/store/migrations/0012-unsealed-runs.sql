-- What one transaction has recorded and is no leaf of the log yet: one row for all of its events. The leaf hashes were
-- computed when the events were decided, 32 bytes each in the order of the positions, so whoever seals reads no event.
-- Written with the events and deleted by the sequencer, as `unsealed` is, which holds events whose hash is yet to be computed:
-- order of commit is irrelevant, nothing is missed.
CREATE TABLE unsealed_run (
  first_position bigint   PRIMARY KEY,
  positions      bigint[] NOT NULL,
  hashes         bytea    NOT NULL CHECK (octet_length(hashes) = 32 * cardinality(positions))
);
