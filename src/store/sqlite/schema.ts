/**
 * The tables, as steps: step n brings a file of `user_version` n to n + 1. Only ever add to the end. Times are in
 * milliseconds since 1970; what has expired counts as gone, and is deleted some time later.
 *
 * `runs`: who works on an idempotency key now. `answers`: what was answered. The two expire each in its own time: while a
 * resumed run goes on, the answer before it stays.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE runs (
    key          BLOB    PRIMARY KEY, -- SHA-256 of the key
    fingerprint  BLOB    NOT NULL,    -- SHA-256 of the fingerprint
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
]
