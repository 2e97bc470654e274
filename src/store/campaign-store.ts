import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { DatabaseSync } from "node:sqlite";
import type { EventLog } from "../campaign/experiments/history/event-log.ts";
import {
  mayAppend,
  placeEvents,
  requireFreshIds,
} from "../campaign/experiments/history/event-log.ts";
import type {
  CampaignEvent,
  EventDraft,
  EventType,
} from "../campaign/experiments/history/events.ts";
import { InputError, StoreError } from "../core/errors.ts";
import { suggest } from "../core/nearest-name.ts";
import { migrate } from "./campaign-schema.ts";
import { withStoreErrors } from "./sqlite-error.ts";

export interface StoreOptions {
  /** Make the file when it is not there; else that is an error. */
  readonly create?: boolean;
  /** Nothing is written; a file that may only be read will do. */
  readonly readOnly?: boolean;
  /** A quota: how far the file may grow, in pages of 4 KiB. */
  readonly mostPages?: number;
  /** How long to wait for another process, in milliseconds; 10,000 when absent. */
  readonly timeout?: number;
}

/** A campaign in a database, at a glance. */
export interface StoredCampaign {
  readonly name: string;
  readonly events: number;
  /** Of the first and of the last event, ISO 8601. */
  readonly created: string;
  readonly changed: string;
}

/**
 * Campaigns in one SQLite file. What `append` has handed back is on the disk: it survives a killed process and, as
 * every commit waits for the disk, a power failure. Events are only ever appended, which the database itself
 * enforces.
 */
export interface CampaignStore {
  readonly path: string;
  list(): readonly StoredCampaign[];
  /** @throws InputError when the name is taken */
  create(name: string, events: readonly EventDraft[]): EventLog;
  /** @throws InputError with the nearest name; without a name there must be exactly one campaign */
  open(name?: string): EventLog & { readonly name: string };
  close(): void;
}

/**
 * Opens the database of campaigns, brings it to the present schema and checks its integrity.
 * @throws StoreError for a file that is not there, is no database of ystar, damaged, locked, of a newer ystar, or
 *   cannot be written
 */
export function openCampaignStore(path: string, options: StoreOptions = {}): CampaignStore {
  const { create = false, readOnly = false } = options;
  requireFile(path, create && !readOnly);
  if (!readOnly) return openAt(path, path, options);
  try {
    return openAt(path, path, options);
  } catch (error) {
    // In a folder that cannot be written nobody else writes either, and SQLite need not look for side files.
    if (!(error instanceof StoreError) || existsSync(`${path}-wal`)) throw error;
    const url = pathToFileURL(resolve(path));
    url.searchParams.set("immutable", "1");
    return openAt(url, path, options);
  }
}

function openAt(location: string | URL, path: string, options: StoreOptions): CampaignStore {
  const { readOnly = false, timeout = 10_000, mostPages } = options;
  const database = withStoreErrors(
    path,
    () => new DatabaseSync(location, { readOnly, timeout, enableForeignKeyConstraints: true }),
  );
  try {
    withStoreErrors(path, () => {
      if (mostPages !== undefined) database.exec(`PRAGMA max_page_count = ${mostPages}`);
      prepare(database, path, readOnly);
    });
  } catch (error) {
    database.close();
    throw error;
  }
  return new SqliteStore(database, path);
}

function prepare(database: DatabaseSync, path: string, readOnly: boolean): void {
  // Reading the schema is what finds a file that is no database.
  database.prepare("SELECT count(*) FROM sqlite_schema").get();
  if (!readOnly) {
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
  }
  migrate(database, path, readOnly);
  const [first] = database.prepare("PRAGMA quick_check(1)").all();
  if (first?.["quick_check"] === "ok") return;
  throw new StoreError("The campaign database is damaged.", {
    file: path,
    received: String(first?.["quick_check"]),
    hint: "Restore it from a copy, or import the last exported campaign into a new database.",
  });
}

function requireFile(path: string, mayCreate: boolean): void {
  if (existsSync(path)) {
    if (statSync(path).isFile()) return;
    throw new StoreError("The campaign database is not a file.", { file: path });
  }
  if (mayCreate) return;
  throw new StoreError("There is no campaign database of this name.", {
    file: path,
    hint: "Make one with ystar campaign new, or name it with --db.",
  });
}

class SqliteStore implements CampaignStore {
  readonly path: string;
  private readonly database: DatabaseSync;

  constructor(database: DatabaseSync, path: string) {
    this.database = database;
    this.path = path;
  }

  list(): StoredCampaign[] {
    return this.safely(() =>
      this.database
        .prepare(
          `SELECT c.name AS name, count(*) AS events,
                  (SELECT body ->> '$.at' FROM events WHERE campaign = c.id AND seq = 0) AS created,
                  max(e.body ->> '$.at') AS changed
           FROM campaigns c JOIN events e ON e.campaign = c.id GROUP BY c.id ORDER BY c.id`,
        )
        .all()
        .map((row) => ({
          name: String(row["name"]),
          events: Number(row["events"]),
          created: String(row["created"]),
          changed: String(row["changed"]),
        })),
    );
  }

  create(name: string, drafts: readonly EventDraft[]): EventLog {
    const id = this.transaction(() => {
      if (this.idOf(name) !== undefined) {
        throw new InputError(`There is a campaign "${name}" in ${this.path} already.`, {
          received: name,
          hint: "Choose another name with --name, or another database with --db.",
        });
      }
      const { lastInsertRowid } = this.database
        .prepare("INSERT INTO campaigns (name) VALUES (?)")
        .run(name);
      const campaign = Number(lastInsertRowid);
      this.insert(campaign, placeEvents(drafts, 0));
      return campaign;
    });
    return this.logOf(id);
  }

  open(name?: string): EventLog & { readonly name: string } {
    const names = this.list().map((one) => one.name);
    const chosen = name ?? (names.length === 1 ? names[0]! : undefined);
    if (chosen === undefined) {
      throw new InputError(
        names.length === 0
          ? `There is no campaign in ${this.path}.`
          : `There are ${names.length} campaigns in ${this.path}.`,
        {
          expected: names.length === 0 ? "a campaign" : `one of ${names.join(", ")}`,
          hint:
            names.length === 0
              ? "Make one with ystar campaign new."
              : `Say which with --name, such as --name "${names[0]!}".`,
        },
      );
    }
    const id = this.safely(() => this.idOf(chosen));
    if (id === undefined) {
      throw new InputError(`There is no campaign "${chosen}" in ${this.path}.`, {
        received: chosen,
        hint: suggest(chosen, names),
      });
    }
    return { name: chosen, ...this.logOf(id) };
  }

  close(): void {
    if (this.database.isOpen) this.database.close();
  }

  private logOf(campaign: number): EventLog {
    return {
      read: (from = 0) => this.safely(() => this.events(campaign, from)),
      append: (drafts, known, besides = []) =>
        this.transaction(() => this.append(campaign, drafts, known, besides)),
    };
  }

  private append(
    campaign: number,
    drafts: readonly EventDraft[],
    known: number,
    besides: readonly EventType[],
  ): readonly CampaignEvent[] | null {
    const since = this.events(campaign, known);
    if (!mayAppend(since, besides)) return null;
    const placed = placeEvents(drafts, known + since.length);
    const taken = this.database.prepare("SELECT 1 FROM events WHERE campaign = ? AND id = ?");
    requireFreshIds(
      placed,
      placed.flatMap(({ id }) => (taken.get(campaign, id) === undefined ? [] : [id])),
    );
    this.insert(campaign, placed);
    return placed;
  }

  private insert(campaign: number, events: readonly CampaignEvent[]): void {
    const statement = this.database.prepare(
      "INSERT INTO events (campaign, seq, id, type, body) VALUES (?, ?, ?, ?, ?)",
    );
    for (const event of events) {
      statement.run(campaign, event.seq, event.id, event.type, JSON.stringify(event));
    }
  }

  private events(campaign: number, from: number): CampaignEvent[] {
    return this.database
      .prepare("SELECT seq, id, body FROM events WHERE campaign = ? AND seq >= ? ORDER BY seq")
      .all(campaign, from)
      .map(({ seq, id, body }) => ({
        ...(JSON.parse(String(body)) as CampaignEvent),
        seq: Number(seq),
        id: String(id),
      }));
  }

  private idOf(name: string): number | undefined {
    const row = this.database.prepare("SELECT id FROM campaigns WHERE name = ?").get(name);
    return row === undefined ? undefined : Number(row["id"]);
  }

  /** Takes the lock for writing before anything is read, so that what was read still holds when it is written. */
  private transaction<T>(work: () => T): T {
    return this.safely(() => {
      this.database.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        this.database.exec("COMMIT");
        return result;
      } catch (error) {
        if (this.database.isTransaction) this.database.exec("ROLLBACK");
        throw error;
      }
    });
  }

  private safely<T>(work: () => T): T {
    return withStoreErrors(this.path, work);
  }
}
