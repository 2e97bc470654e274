import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "../core/errors.ts";

/** `ystr` in ASCII: marks the file as ystar's. */
export const applicationId = 0x79737472;

/**
 * What each version adds to the one before, in order; the first makes an empty file version 1. Released steps are
 * never changed: a new version is a new entry.
 */
const migrations: readonly string[] = [
  // 1: campaigns and their events, each event a JSON document.
  `CREATE TABLE campaigns (
     id INTEGER PRIMARY KEY,
     name TEXT NOT NULL UNIQUE
   );
   CREATE TABLE events (
     campaign INTEGER NOT NULL REFERENCES campaigns (id),
     seq INTEGER NOT NULL,
     body TEXT NOT NULL,
     PRIMARY KEY (campaign, seq)
   ) WITHOUT ROWID;`,
  // 2: events know their names, so that no message is recorded twice; nothing can be changed or removed.
  `ALTER TABLE events RENAME TO old_events;
   CREATE TABLE events (
     campaign INTEGER NOT NULL REFERENCES campaigns (id),
     seq INTEGER NOT NULL CHECK (seq >= 0),
     id TEXT NOT NULL,
     type TEXT NOT NULL,
     body TEXT NOT NULL CHECK (json_valid(body)),
     PRIMARY KEY (campaign, seq),
     UNIQUE (campaign, id)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO events (campaign, seq, id, type, body)
     SELECT campaign, seq, coalesce(body ->> '$.id', 'e' || seq), body ->> '$.type', body
     FROM old_events ORDER BY campaign, seq;
   DROP TABLE old_events;
   CREATE TRIGGER events_never_change BEFORE UPDATE ON events
     BEGIN SELECT RAISE (ABORT, 'events are never changed'); END;
   CREATE TRIGGER events_never_go BEFORE DELETE ON events
     BEGIN SELECT RAISE (ABORT, 'events are never removed'); END;
   CREATE TRIGGER events_in_order BEFORE INSERT ON events
     WHEN NEW.seq <> (SELECT count(*) FROM events WHERE campaign = NEW.campaign)
     BEGIN SELECT RAISE (ABORT, 'events are appended'); END;
   CREATE TRIGGER campaigns_never_change BEFORE UPDATE ON campaigns
     BEGIN SELECT RAISE (ABORT, 'campaigns are never changed'); END;
   CREATE TRIGGER campaigns_never_go BEFORE DELETE ON campaigns
     BEGIN SELECT RAISE (ABORT, 'campaigns are never removed'); END;`,
];

/** The version that this ystar writes. */
export const schemaVersion = migrations.length;

/**
 * Brings a database to the version of this ystar, all or nothing.
 * @throws StoreError for a database of another program, of a newer ystar, or a damaged one
 */
export function migrate(database: DatabaseSync, path: string, isReadOnly: boolean): void {
  const version = checkedVersion(database, path);
  if (version === schemaVersion) return;
  if (isReadOnly) {
    throw new StoreError(`The campaign database is of version ${version} and cannot be updated.`, {
      file: path,
      expected: `version ${schemaVersion}, or a file that may be written`,
      hint: "Make the file writable, or copy it to a place where it is.",
    });
  }
  database.exec("BEGIN IMMEDIATE");
  try {
    // Another process may have been faster.
    const now = checkedVersion(database, path);
    migrations.slice(now).forEach((step) => database.exec(step));
    database.exec(
      `PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion};`,
    );
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** 0 for an empty file. */
function checkedVersion(database: DatabaseSync, path: string): number {
  const application = pragma(database, "application_id");
  const version = pragma(database, "user_version");
  const tables = database.prepare("SELECT count(*) AS n FROM sqlite_schema").get()!["n"];
  if (application !== applicationId && (tables !== 0 || version !== 0)) {
    throw new StoreError("The database belongs to another program.", {
      file: path,
      expected: "a database that ystar campaign new has made, or a new file",
      received: `an SQLite database with ${String(tables)} tables and indices`,
      hint: "Choose another file with --db.",
    });
  }
  if (version > schemaVersion) {
    throw new StoreError("The campaign database was written by a newer ystar.", {
      file: path,
      expected: `version ${schemaVersion} or older`,
      received: `version ${version}`,
      hint: "Update ystar, or export the campaign there and start a new database.",
    });
  }
  return application === applicationId ? version : 0;
}

const pragma = (database: DatabaseSync, name: string): number =>
  Number(database.prepare(`PRAGMA ${name}`).get()![name]);
