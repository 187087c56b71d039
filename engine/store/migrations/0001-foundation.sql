-- Instants are milliseconds since 1970-01-01T00:00:00Z in bigint: the clock port hands them in, no statement reads a clock.

-- What happened, for ever. The event is the evidence; nothing updates or deletes a row.
CREATE TABLE event (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  stream   text   NOT NULL,
  version  int    NOT NULL CHECK (version > 0),
  type     text   NOT NULL,
  at       bigint NOT NULL,
  by       jsonb  NOT NULL,
  data     jsonb  NOT NULL,
  nonce    bytea  NOT NULL,
  -- hex(SHA-256(salt || canonical personal fields)); stays when the personal row is erased.
  personal text,
  UNIQUE (stream, version)
);

CREATE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are append-only';
END $$;
CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON event
  FOR EACH STATEMENT EXECUTE FUNCTION event_is_append_only();

-- Personal fields of an event, with their salt. A row may be erased; the digest in the event keeps the proof whole.
CREATE TABLE personal (
  stream  text  NOT NULL,
  version int   NOT NULL,
  salt    bytea NOT NULL,
  fields  jsonb NOT NULL,
  PRIMARY KEY (stream, version)
);

-- Events that are no leaf of the log yet. Written with the event, deleted by the sequencer: order of commit is irrelevant, nothing is missed.
CREATE TABLE unsealed (position bigint PRIMARY KEY);

-- A signed head of the log, and the run of leaves that it added: one row for thousands of leaves, because a row for each
-- would cost as much again as the events themselves.
CREATE TABLE checkpoint (
  size           bigint   PRIMARY KEY,
  root_hash      bytea    NOT NULL,
  note           text     NOT NULL,
  frontier       jsonb    NOT NULL,
  at             bigint   NOT NULL,
  first_index    bigint   NOT NULL,
  -- Positions of the events, in the order of their leaves, and the leaf hashes, 32 bytes each, one after the other.
  positions      bigint[] NOT NULL,
  hashes         bytea    NOT NULL,
  first_position bigint   NOT NULL,
  last_position  bigint   NOT NULL
);
CREATE INDEX checkpoint_by_position ON checkpoint (last_position, first_position);

-- Where each stream stands: its events, folded by the same `evolve` in the same transaction.
CREATE TABLE stream_state (
  name       text   PRIMARY KEY,
  kind       text   NOT NULL,
  version    int    NOT NULL,
  state      jsonb  NOT NULL,
  keys       text[] NOT NULL DEFAULT '{}',
  created_at bigint NOT NULL
);
CREATE INDEX stream_state_by_key ON stream_state USING gin (keys);
CREATE INDEX stream_state_by_kind ON stream_state (kind, created_at DESC, name);

-- A membership is a stream too, with a place in the line of work.
CREATE TABLE membership (
  name         text   PRIMARY KEY,
  provider     text   NOT NULL,
  group_id     text   NOT NULL,
  person_id    text   NOT NULL,
  version      int    NOT NULL,
  state        jsonb  NOT NULL,
  work         text   CHECK (work IN ('write', 'read')),
  due_at       bigint,
  lease_until  bigint,
  fence        bigint NOT NULL DEFAULT 0,
  attempts     int    NOT NULL DEFAULT 0,
  note         text
);
CREATE INDEX membership_due ON membership (work, due_at) WHERE due_at IS NOT NULL AND lease_until IS NULL;
CREATE INDEX membership_leased ON membership (lease_until) WHERE lease_until IS NOT NULL;

CREATE TABLE timer (
  id          text   PRIMARY KEY,
  kind        text   NOT NULL,
  about       text   NOT NULL,
  due_at      bigint,
  lease_until bigint,
  fence       bigint NOT NULL DEFAULT 0,
  attempts    int    NOT NULL DEFAULT 0,
  note        text
);
CREATE INDEX timer_due ON timer (due_at) WHERE due_at IS NOT NULL AND lease_until IS NULL;
CREATE INDEX timer_leased ON timer (lease_until) WHERE lease_until IS NOT NULL;

-- Everything that comes in: verified, deduplicated, then worked.
CREATE TABLE inbox (
  id          text   PRIMARY KEY,
  source      text   NOT NULL,
  about       text   NOT NULL,
  received_at bigint NOT NULL,
  due_at      bigint,
  lease_until bigint,
  fence       bigint NOT NULL DEFAULT 0,
  attempts    int    NOT NULL DEFAULT 0,
  note        text
);
CREATE INDEX inbox_due ON inbox (due_at) WHERE due_at IS NOT NULL AND lease_until IS NULL;
CREATE INDEX inbox_leased ON inbox (lease_until) WHERE lease_until IS NOT NULL;

-- What is to be said to the outside, in the order of each key.
CREATE TABLE outbox (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key         text   NOT NULL,
  stream      text   NOT NULL,
  version     int    NOT NULL,
  due_at      bigint,
  lease_until bigint,
  fence       bigint NOT NULL DEFAULT 0,
  attempts    int    NOT NULL DEFAULT 0,
  note        text
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE due_at IS NOT NULL AND lease_until IS NULL;
CREATE INDEX outbox_leased ON outbox (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX outbox_open_by_key ON outbox (key, id) WHERE due_at IS NOT NULL;

-- The directories as last seen. Our person id is drawn once for an account and kept.
CREATE TABLE directory_person (
  provider       text    NOT NULL,
  account        text    NOT NULL,
  person_id      text    NOT NULL,
  login          text    NOT NULL,
  email          text    NOT NULL,
  email_verified boolean NOT NULL,
  name           text    NOT NULL,
  title          text    NOT NULL,
  department     text    NOT NULL,
  manager        text,
  active         boolean NOT NULL,
  seen_at        bigint  NOT NULL,
  PRIMARY KEY (provider, account)
);
CREATE INDEX directory_person_by_id ON directory_person (person_id);
CREATE INDEX directory_person_by_email ON directory_person (lower(email));
CREATE INDEX directory_person_by_login ON directory_person (lower(login));

CREATE TABLE directory_group (
  provider     text    NOT NULL,
  id           text    NOT NULL,
  name         text    NOT NULL,
  description  text    NOT NULL,
  not_writable text,
  fed_by_rule  boolean NOT NULL,
  seen_at      bigint  NOT NULL,
  PRIMARY KEY (provider, id)
);

-- Which account of another system is which person, and how that was proven.
CREATE TABLE person_link (
  system    text   NOT NULL,
  account   text   NOT NULL,
  person_id text   NOT NULL,
  proof     text   NOT NULL CHECK (proof IN ('provisioned id', 'administrator import', 'verified e-mail')),
  proven_by text   NOT NULL,
  at        bigint NOT NULL,
  PRIMARY KEY (system, account)
);
CREATE INDEX person_link_of_person ON person_link (person_id);

CREATE TABLE catalog_version (
  version int    PRIMARY KEY,
  catalog jsonb  NOT NULL,
  at      bigint NOT NULL
);
