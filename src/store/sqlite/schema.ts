import { eventTables } from './events/event-tables.ts'

/**
 * The tables, as steps: step n brings a file of `user_version` n to n + 1. Only ever add to the end. Times are in
 * milliseconds since 1970; what has expired counts as gone, and is deleted some time later.
 *
 * `runs`: who works on an idempotency key now. `answers`: what was answered. The two expire each in its own time: while a
 * resumed run goes on, the answer before it stays. `imports` and the tables after it: bulk imports, whose parts all go with
 * their row of `imports`. `writers` and `writer_groups`: whose turn it is to write people.
 * `agreed`: what all processes on the file have in common; a handful of rows, which stay. `suppressions` and the tables
 * after it: who is not to be contacted; they stay.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE runs (
    key          BLOB    PRIMARY KEY, -- SHA-256 of the key
    fingerprint  BLOB    NOT NULL,    -- SHA-256 of the request
    owner        TEXT    NOT NULL,
    lease_until  INTEGER NOT NULL,
    keep_ms      INTEGER NOT NULL,    -- how long it is kept after its lease
    expires_at   INTEGER NOT NULL,
    intent       TEXT    NOT NULL,
    died         INTEGER NOT NULL     -- 1: taken over from a dead owner
  ) STRICT;
  CREATE INDEX runs_by_expiry ON runs (expires_at);

  CREATE TABLE marks (
    key     BLOB    NOT NULL,
    number  INTEGER NOT NULL,
    mark    TEXT    NOT NULL,
    PRIMARY KEY (key, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE answers (
    key          BLOB    PRIMARY KEY,
    fingerprint  BLOB    NOT NULL,
    answer       BLOB    NOT NULL,    -- as answer-codec.ts encodes it
    expires_at   INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX answers_by_expiry ON answers (expires_at);
  `,
  `
  CREATE TABLE imports (
    id           TEXT    PRIMARY KEY,
    client       TEXT    NOT NULL,
    record       TEXT    NOT NULL,              -- what was said of it, as JSON
    status       TEXT    NOT NULL,              -- 'draft' until it is published
    rows         INTEGER NOT NULL DEFAULT 0,
    blocks       INTEGER NOT NULL DEFAULT 0,
    version      INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL,
    started_at   TEXT,                          -- RFC 3339, as is finished_at
    finished_at  TEXT,
    expires_at   INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX imports_by_client ON imports (client, created_at, id);
  CREATE INDEX imports_by_expiry ON imports (expires_at);

  CREATE TABLE import_accounts (
    import_id  TEXT    NOT NULL,
    number     INTEGER NOT NULL,                -- accounts are numbered from 0, in the order of the record
    created    INTEGER NOT NULL DEFAULT 0,      -- rows by outcome; all others are pending
    updated    INTEGER NOT NULL DEFAULT 0,
    skipped    INTEGER NOT NULL DEFAULT 0,
    accepted   INTEGER NOT NULL DEFAULT 0,
    rejected   INTEGER NOT NULL DEFAULT 0,
    failed     INTEGER NOT NULL DEFAULT 0,
    unknown    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (import_id, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE import_blocks (
    import_id  TEXT    NOT NULL,
    block      INTEGER NOT NULL,
    rows       INTEGER NOT NULL,
    payload    BLOB    NOT NULL,
    PRIMARY KEY (import_id, block)
  ) STRICT;

  -- A block that an account is not done with.
  CREATE TABLE import_jobs (
    id              INTEGER PRIMARY KEY,
    import_id       TEXT    NOT NULL,
    account_number  INTEGER NOT NULL,
    block           INTEGER NOT NULL,
    account         TEXT    NOT NULL,
    turn            INTEGER NOT NULL,           -- the lowest goes first
    free_at         INTEGER NOT NULL,           -- when it may be taken: the end of its owner's lease, or of a pause
    owner           TEXT,                       -- who works on it
    tries           INTEGER NOT NULL DEFAULT 0, -- that threw
    committed       INTEGER NOT NULL DEFAULT 0, -- rows that are done
    marked          INTEGER,                    -- up to this row they may have been sent
    UNIQUE (import_id, block, account_number)
  ) STRICT;
  CREATE INDEX import_jobs_by_turn ON import_jobs (account, turn, id);

  -- The last turn of each client at an account, while jobs wait there.
  CREATE TABLE import_turns (
    account  TEXT    NOT NULL,
    client   TEXT    NOT NULL,
    turn     INTEGER NOT NULL,
    PRIMARY KEY (account, client)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE import_reports (
    id              INTEGER PRIMARY KEY,
    import_id       TEXT    NOT NULL,
    block           INTEGER NOT NULL,
    account_number  INTEGER NOT NULL,
    report          BLOB    NOT NULL
  ) STRICT;
  CREATE INDEX import_reports_by_block ON import_reports (import_id, block);
  `,
  `
  CREATE TABLE import_losses (
    import_id       TEXT    NOT NULL,
    account_number  INTEGER NOT NULL,
    kind            TEXT    NOT NULL,           -- 'skipped': warnings of rows that were skipped; 'lost': of the others
    code            TEXT    NOT NULL,
    count           INTEGER NOT NULL,
    PRIMARY KEY (import_id, account_number, kind, code)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- The turn of one person at an account. Few and short-lived, as those below, so that an index by expiry would cost more
  -- than it saves.
  CREATE TABLE writers (
    account     TEXT    NOT NULL,
    name        BLOB    NOT NULL,               -- 4 bytes that stand for the person
    owner       TEXT    NOT NULL,
    held_until  INTEGER NOT NULL,               -- 0: it has ended
    ended_at    INTEGER,
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (account, name)
  ) STRICT, WITHOUT ROWID;

  -- The turn of many.
  CREATE TABLE writer_groups (
    account     TEXT    NOT NULL,
    owner       TEXT    NOT NULL,
    held_until  INTEGER NOT NULL,
    ended_at    INTEGER,
    expires_at  INTEGER NOT NULL,
    names       BLOB    NOT NULL,               -- of all, one after the other
    PRIMARY KEY (account, owner)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- The seal of the store: one row, where it is opened with a key.
  CREATE TABLE store_seal (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    seal  BLOB    NOT NULL                      -- the key of its digests, sealed
  ) STRICT;
  `,
  `
  -- Of its record, its blocks and its reports.
  ALTER TABLE imports ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;

  -- Imports whose files come in.
  CREATE TABLE import_places (
    id          TEXT    PRIMARY KEY,
    client      TEXT    NOT NULL,
    bytes       INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE agreed (
    name        TEXT    PRIMARY KEY,
    value       BLOB    NOT NULL,
    expires_at  INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- The suppression list: no address is in it.
  CREATE TABLE suppressions (
    id      BLOB    PRIMARY KEY,                -- what stands for the address
    number  INTEGER NOT NULL,                   -- in the order of creation, as it stands in the entry too
    entry   BLOB    NOT NULL                    -- as suppression-codec.ts encodes it
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX suppressions_by_number ON suppressions (number);

  -- How many there are: to count millions takes too long. One row.
  CREATE TABLE suppression_total (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    entries  INTEGER NOT NULL
  ) STRICT;
  INSERT INTO suppression_total VALUES (1, 0);

  -- New entries of a client on a day.
  CREATE TABLE suppression_days (
    client  TEXT    NOT NULL,
    day     TEXT    NOT NULL,
    added   INTEGER NOT NULL,
    PRIMARY KEY (client, day)
  ) STRICT, WITHOUT ROWID;

  -- The key that the gateway made for itself ('own'), and check values of all that were used.
  CREATE TABLE suppression_keys (
    name   TEXT  PRIMARY KEY,
    value  BLOB  NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Erasures: who asked to be forgotten, and how far that is.
  CREATE TABLE erasures (
    id          TEXT    PRIMARY KEY,
    created_at  INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    status      TEXT    NOT NULL,
    accounts    TEXT    NOT NULL,               -- ids, as JSON
    wake_at     INTEGER NOT NULL,               -- when there is something to do; -1: there is not
    expires_at  INTEGER,                        -- of those that are completed
    version     INTEGER NOT NULL,
    record      TEXT    NOT NULL                -- JSON
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX erasures_by_time ON erasures (created_at, id);
  CREATE INDEX erasures_by_work ON erasures (wake_at);

  -- What stands for the addresses of those that are not completed.
  CREATE TABLE erasure_people (
    people  TEXT  PRIMARY KEY,
    id      TEXT  NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- 1: who has it, or had it, may have sent rows after the committed ones without a mark.
  ALTER TABLE import_jobs ADD COLUMN was_left INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- Explanations of requests: of each client the newest.
  CREATE TABLE explanations (
    client      TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    at          INTEGER NOT NULL,               -- when the request came
    same        INTEGER NOT NULL,               -- how many had this id
    status      INTEGER NOT NULL,
    list        TEXT,
    head        TEXT    NOT NULL,               -- JSON, as is accounts
    accounts    TEXT    NOT NULL,
    bytes       INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (client, id)
  ) STRICT;
  CREATE INDEX explanations_by_time ON explanations (client, at, id);
  CREATE INDEX explanations_by_expiry ON explanations (expires_at);

  -- How many a client has, and their bytes.
  CREATE TABLE explanation_totals (
    client   TEXT    PRIMARY KEY,
    entries  INTEGER NOT NULL,
    bytes    INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER explanation_added AFTER INSERT ON explanations BEGIN
    INSERT INTO explanation_totals VALUES (new.client, 1, new.bytes)
      ON CONFLICT (client) DO UPDATE SET entries = entries + 1, bytes = bytes + new.bytes;
  END;
  CREATE TRIGGER explanation_dropped AFTER DELETE ON explanations BEGIN
    UPDATE explanation_totals SET entries = entries - 1, bytes = bytes - old.bytes WHERE client = old.client;
  END;
  `,
  eventTables,
]
