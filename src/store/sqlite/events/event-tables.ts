/** The tables of events for callers, as the step of schema.ts that it is. */
export const eventTables = `
  -- Events for callers. What waits to be carried, as JSON:
  CREATE TABLE event_outbox (
    id     INTEGER PRIMARY KEY,
    event  TEXT    NOT NULL
  ) STRICT;

  CREATE TABLE deliveries (
    client      TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    endpoint    TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    try_at      INTEGER NOT NULL,               -- -1: it has ended
    free_at     INTEGER NOT NULL DEFAULT 0,     -- when it may be taken: the end of its owner's lease, or of a pause
    owner       TEXT,                           -- who tries it
    kept_until  INTEGER NOT NULL,               -- -1: it has not ended
    version     INTEGER NOT NULL,
    record      TEXT    NOT NULL,               -- JSON
    payload     TEXT    NOT NULL,               -- JSON
    PRIMARY KEY (client, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deliveries_by_time ON deliveries (client, created_at, id);
  CREATE INDEX deliveries_by_work ON deliveries (endpoint, try_at) WHERE try_at >= 0;
  CREATE INDEX deliveries_by_end ON deliveries (kept_until) WHERE kept_until >= 0;

  -- When an endpoint was last said to be configured, and with which entry it was turned off.
  CREATE TABLE endpoints_configured (
    id       TEXT    PRIMARY KEY,
    client   TEXT    NOT NULL,
    said_at  INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE endpoints_off (
    id     TEXT  PRIMARY KEY,
    entry  TEXT  NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Whether the provider of an account is there, as all processes see it together.
  CREATE TABLE account_reach (
    account  TEXT  PRIMARY KEY,
    state    TEXT  NOT NULL
  ) STRICT, WITHOUT ROWID;
  `
