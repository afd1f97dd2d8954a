import { appendFileSync, mkdtempSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStorage } from "./index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "storage-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("state in a data folder", () => {
  it("is there again after a restart, deletions included", () => {
    const before = openStorage(folder);
    const things = before.map<{ at: Date; bytes: Uint8Array }>("test.things");
    things.set("kept", { at: new Date(5), bytes: Buffer.from("x") });
    things.set("gone", { at: new Date(6), bytes: Buffer.from("y") });
    things.delete("gone");
    const id = before.blobs.put(Buffer.from("body"));
    before.flush();

    const after = openStorage(folder);
    expect(after.map<{ at: Date }>("test.things").get("kept")?.at).toEqual(new Date(5));
    expect(after.map("test.things").size).toBe(1);
    expect(after.blobs.read(id, 1, 3).toString()).toBe("od");
    expect(after.blobs.put(Buffer.from("new"))).not.toBe(id);
  });

  it("keeps a change made in place only when set is called again", () => {
    const before = openStorage(folder);
    const things = before.map<{ count: number }>("test.things");
    const thing = { count: 1 };
    things.set("a", thing);
    before.flush();
    thing.count = 2;
    before.flush();
    expect(openStorage(folder).map<{ count: number }>("test.things").get("a")).toEqual({ count: 1 });
    things.set("a", thing);
    before.flush();
    expect(openStorage(folder).map<{ count: number }>("test.things").get("a")).toEqual({ count: 2 });
  });

  it("cuts off a record that was being written when the process was killed", () => {
    const before = openStorage(folder);
    before.map("test.things").set("a", 1);
    before.close();
    appendFileSync(join(folder, "journal"), Buffer.from([0, 0, 1, 0, 42]));
    const after = openStorage(folder);
    expect([...after.map("test.things").keys()]).toEqual(["a"]);
    after.map("test.things").set("b", 2);
    after.close();
    expect([...openStorage(folder).map("test.things").keys()]).toEqual(["a", "b"]);
  });

  it("is never there by half: changes of one flush are there together or not at all", () => {
    const before = openStorage(folder);
    before.map("test.things").set("a", 1);
    before.flush();
    const whole = statSync(join(folder, "journal")).size;
    before.map("test.things").set("a", 2);
    before.map("test.others").set("b", "x".repeat(10_000));
    before.close();
    truncateSync(join(folder, "journal"), whole + 5_000);
    const after = openStorage(folder);
    expect(after.map("test.things").get("a")).toBe(1);
    expect(after.map("test.others").size).toBe(0);
  });

  it("keeps the bytes that are no longer wanted until nothing on disk refers to them", () => {
    const storage = openStorage(folder);
    const id = storage.blobs.put(Buffer.from("body"));
    storage.blobs.delete(id);
    expect(openStorage(folder).blobs.read(id).toString()).toBe("body");
    storage.flush();
    expect(() => openStorage(folder).blobs.read(id)).toThrow(`There is no blob ${id}`);
  });

  it("takes nothing any more after it was closed", async () => {
    const before = openStorage(folder);
    before.map("test.things").set("a", 1);
    before.close();
    before.map("test.things").set("late", 2);
    await new Promise((resolve) => setImmediate(resolve));
    expect([...openStorage(folder).map("test.things").keys()]).toEqual(["a"]);
  });

  it("does not grow without bound when one key changes all the time", () => {
    const storage = openStorage(folder);
    const things = storage.map<string>("test.things");
    for (let index = 0; index < 200; index++) {
      things.set("same", `${index}${"x".repeat(1_000_000)}`);
      storage.flush();
    }
    storage.close();
    const after = openStorage(folder);
    expect(after.map<string>("test.things").get("same")?.slice(0, 3)).toBe("199");
  });
});

describe("state in memory", () => {
  it("is one map a name and shares nothing between clouds", () => {
    const storage = openStorage();
    storage.map("a").set("k", 1);
    expect(storage.map("a").get("k")).toBe(1);
    expect(storage.map("b").get("k")).toBeUndefined();
    expect(openStorage().map("a").get("k")).toBeUndefined();
  });

  it("refuses a blob that does not exist", () => {
    expect(() => openStorage().blobs.read("b9")).toThrow("There is no blob b9");
  });
});
