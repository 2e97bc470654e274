import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, describe, test } from "node:test";
import { Campaign } from "../campaign/experiments/campaign.ts";
import {
  alloys,
  createdEvents,
  reaction,
  testTools,
} from "../campaign/experiments/fixtures/small-campaign.ts";
import { encodeCampaign, decodeCampaign } from "../campaign/experiments/history/portable-file.ts";
import { replay } from "../campaign/experiments/history/replay.ts";
import { InputError, StoreError } from "../core/errors.ts";
import { openCampaignStore, type CampaignStore } from "./campaign-store.ts";
import { schemaVersion } from "./campaign-schema.ts";
import { killWhileTelling, tellAtOnce } from "./fixtures/killed-telling.ts";

const folder = mkdtempSync(join(tmpdir(), "ystar-store-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newPath = (): string => join(folder, `c${files++}.db`);
const isStoreError = (pattern: RegExp) => (error: unknown) =>
  error instanceof StoreError && pattern.test(error.message) && error.details.file !== undefined;

function withStore<T>(path: string, work: (store: CampaignStore) => T, options = {}): T {
  const store = openCampaignStore(path, { create: true, ...options });
  try {
    return work(store);
  } finally {
    store.close();
  }
}

const own = (k: number, id?: string) => ({
  values: { temperature: 20 + k, time: 1, solvent: "water", yield: k, purity: 95 },
  replicate: true,
  ...(id === undefined ? {} : { id }),
});

/** A database with the campaign "test" of one round and two results. */
async function filled(): Promise<string> {
  const path = newPath();
  const store = openCampaignStore(path, { create: true });
  const campaign = new Campaign(store.create("test", createdEvents()), testTools());
  await campaign.ask({ batchSize: 2, planner: "random" });
  await campaign.tell([{ target: "r1-1", values: { yield: 40, purity: 95 }, id: "lab-1" }, own(3)]);
  store.close();
  return path;
}

describe("campaigns in a database", () => {
  test("are there again after it was closed, several in one file", async () => {
    const path = await filled();
    withStore(path, (store) => store.create("other", createdEvents(alloys)));
    withStore(path, (store) => {
      assert.deepEqual(
        store.list().map(({ name, events }) => `${name} ${events}`),
        ["test 4", "other 1"],
      );
      assert.deepEqual([...replay(store.open("test").read()).measurements.keys()], ["r1-1", "m1"]);
      assert.deepEqual(replay(store.open("other").read()).problem, alloys);
      assert.throws(() => store.open(), InputError);
      assert.throws(
        () => store.open("othr"),
        (error: unknown) => error instanceof InputError && /"other"/.test(error.details.hint ?? ""),
      );
      assert.throws(() => store.create("other", createdEvents()), InputError);
    });
  });

  test("give the same state from the database, from memory and from an exported file", async () => {
    const path = await filled();
    const events = withStore(path, (store) => store.open().read());
    const text = await encodeCampaign(events);
    const other = newPath();
    const imported = await decodeCampaign(text, "c.json");
    withStore(other, (store) => store.create("test", imported));
    const again = withStore(other, (store) => store.open().read());
    assert.deepEqual(again, events);
    assert.deepEqual(replay(again), replay(events));
    assert.equal(await encodeCampaign(again), text);
  });

  test("cannot be changed or removed, whoever opens the file", async () => {
    const path = await filled();
    const database = new DatabaseSync(path);
    for (const statement of [
      "UPDATE events SET body = '{}' WHERE seq = 1",
      "DELETE FROM events WHERE seq = 3",
      "INSERT INTO events VALUES (1, 9, 'x', 'noted', '{}')",
      "UPDATE campaigns SET name = 'x'",
      "DELETE FROM campaigns",
    ]) {
      assert.throws(() => database.exec(statement), /never|appended/, statement);
    }
    database.close();
  });

  test("of schema version 1 become the present version, and nothing is lost", () => {
    const path = newPath();
    const old = new DatabaseSync(path);
    const sql = new URL("../../test/reference/campaigns-v1.sql", import.meta.url);
    old.exec(readFileSync(sql, "utf8"));
    old.close();
    withStore(path, (store) => {
      const state = replay(store.open("test").read());
      assert.deepEqual(
        state.history.events.map(({ id }) => id),
        ["e0", "e1", "lab-1", "e3", "e4"],
      );
      assert.deepEqual([...state.measurements.keys()], ["r1-1"]);
      assert.deepEqual(state.measurements.get("r1-1")?.outcomes, { yield: 40, purity: 95 });
      assert.deepEqual([...state.candidates.keys()], ["r1-1", "r1-2"]);
      assert.equal(state.history.events[3].by, "anna");
    });
    const database = new DatabaseSync(path);
    assert.equal(database.prepare("PRAGMA user_version").get()!["user_version"], schemaVersion);
    assert.throws(() => database.exec("DELETE FROM events"), /never removed/);
    database.close();
  });
});

describe("a database that cannot be used is refused with what is wrong", () => {
  test("missing, a folder, a text, cut off, of another program, of a newer ystar", async () => {
    const path = await filled();
    const open = (file: string) => () => openCampaignStore(file).close();
    assert.throws(open(newPath()), isStoreError(/There is no campaign database/));
    assert.throws(open(folder), isStoreError(/not a file/));

    const text = newPath();
    writeFileSync(text, "id,strength\n".repeat(200));
    assert.throws(open(text), isStoreError(/not a database of ystar/));

    const cut = newPath();
    copyFileSync(path, cut);
    truncateSync(cut, 8192);
    assert.throws(open(cut), isStoreError(/damaged/));

    const other = newPath();
    const database = new DatabaseSync(other);
    database.exec("CREATE TABLE songs (title TEXT)");
    database.close();
    assert.throws(open(other), isStoreError(/belongs to another program/));

    const newer = new DatabaseSync(path);
    newer.exec(`PRAGMA user_version = ${schemaVersion + 1}`);
    newer.close();
    assert.throws(open(path), isStoreError(/newer ystar/));
  });

  test("locked by another program", async () => {
    const path = await filled();
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const store = openCampaignStore(path, { timeout: 20 });
    const campaign = new Campaign(store.open(), testTools());
    await assert.rejects(campaign.tell([own(9)]), isStoreError(/locked by another program/));
    other.exec("ROLLBACK");
    other.close();
    await campaign.tell([own(9)]);
    assert.equal(campaign.state().measurements.size, 3);
    store.close();
  });

  test("a full disk: what was recorded before is safe, and it goes on when there is room", async () => {
    const path = await filled();
    const pages = Number(new DatabaseSync(path).prepare("PRAGMA page_count").get()!["page_count"]);
    const store = openCampaignStore(path, { mostPages: pages + 1 });
    const campaign = new Campaign(store.open(), testTools());
    let told = 0;
    const fill = async (): Promise<void> => {
      for (; told < 1000; told++) await campaign.tell([own(told, `full-${told}`)]);
    };
    await assert.rejects(fill(), isStoreError(/the disk is full/));
    assert.ok(told > 0);
    assert.equal(campaign.state().measurements.size, 2 + told);
    store.close();
    const roomy = openCampaignStore(path);
    const again = new Campaign(roomy.open(), testTools());
    await again.tell([own(told, `full-${told}`)]);
    assert.equal(again.state().measurements.size, 3 + told);
    roomy.close();
  });

  // Root may write what is write-protected: for it the rights of "nobody" are taken for a moment.
  const isRoot = process.getuid?.() === 0;
  const asOrdinaryUser = (work: () => void): void => {
    if (!isRoot) return work();
    process.seteuid!(65534);
    try {
      work();
    } finally {
      process.seteuid!(0);
    }
  };

  test("a read-only file: looking is possible, recording is refused", async () => {
    const path = join(mkdtempSync(join(folder, "archive-")), "old.db");
    copyFileSync(await filled(), path);
    chmodSync(path, 0o444);
    chmodSync(join(path, ".."), 0o555);
    chmodSync(folder, 0o755);
    asOrdinaryUser(() => {
      assert.throws(() => openCampaignStore(path), isStoreError(/cannot be written/));
      const store = openCampaignStore(path, { readOnly: true });
      assert.equal(replay(store.open().read()).measurements.size, 2);
      assert.throws(
        () => store.open().append([{ type: "resumed", at: "", by: "" }], 4),
        isStoreError(/cannot be written/),
      );
      store.close();
    });
    chmodSync(join(path, ".."), 0o755);
  });

  test("a real disk that is full", { skip: !isRoot }, async (t) => {
    const disk = join(folder, "disk");
    mkdirSync(disk);
    const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=120k", "tmpfs", disk]);
    if (mount.status !== 0) return t.skip("this machine does not let tests mount a small disk");
    try {
      const store = openCampaignStore(join(disk, "c.db"), { create: true });
      const campaign = new Campaign(store.create("test", createdEvents()), testTools());
      let told = 0;
      const fill = async (): Promise<void> => {
        for (; told < 1000; told++) await campaign.tell([own(told)]);
      };
      await assert.rejects(fill(), isStoreError(/the disk is full/));
      assert.ok(told > 0);
      assert.equal(campaign.state().measurements.size, told);
      store.close();
      withStore(join(disk, "c.db"), (again) => {
        assert.equal(replay(again.open().read()).measurements.size, told);
      });
    } finally {
      spawnSync("umount", [disk]);
    }
  });
});

describe("processes", () => {
  test("killed while telling, 8 times: nothing accepted is lost, nothing is doubled", async () => {
    const { accepted, lost, doubled, broken } = await killWhileTelling(newPath(), 8);
    assert.ok(accepted > 0);
    assert.deepEqual({ lost, doubled, broken }, { lost: 0, doubled: 0, broken: 0 });
  });

  test("telling at once lose nothing", async () => {
    const path = newPath();
    withStore(path, (store) => store.create("test", createdEvents(reaction)));
    await tellAtOnce(path, ["anna", "ben"], 25);
    const events = withStore(path, (store) => store.open().read());
    const expected = ["anna", "ben"].flatMap((name) =>
      Array.from({ length: 25 }, (_, k) => `${name}-${k}`),
    );
    assert.deepEqual(
      events
        .slice(1)
        .map(({ id }) => id)
        .sort(),
      expected.sort(),
    );
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, i) => i),
    );
    assert.equal(replay(events).measurements.size, 50);
  });
});
