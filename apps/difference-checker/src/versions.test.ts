import { describe, expect, it } from "vitest";
import { numberVersions, pairOf, surplus, type Version } from "./versions.ts";

const NOW = new Date("2030-01-07T12:00:00Z");
const version = (versionId: string, more: Partial<Version> = {}): Version => ({
  versionId,
  size: 1,
  isDeleteMarker: false,
  storedAt: NOW.toISOString(),
  ...more,
});
/** As S3 lists them: the newest first. */
const numbered = (...ids: string[]) => numberVersions(ids.map((id) => version(id)).reverse());
const ids = (versions: readonly Version[]) => versions.map(({ versionId }) => versionId);

describe("numbering", () => {
  it("begins with 1 at the oldest and leaves out delete markers", () => {
    const found = numberVersions([version("c"), version("x", { isDeleteMarker: true }), version("b"), version("null")]);
    expect(found.map(({ versionId, number }) => [versionId, number])).toEqual([
      ["null", 1],
      ["b", 2],
      ["c", 3],
    ]);
  });
});

describe("the pair to compare", () => {
  const versions = numbered("a", "b", "c");
  it("is the named version and the one before it, not the newest two", () =>
    expect(pairOf(versions, "b")).toMatchObject({ current: { versionId: "b" }, previous: { versionId: "a" } }));
  it("has no previous for the first", () => expect(pairOf(versions, "a")).toEqual({ current: versions[0] }));
  it("is none when the version is gone", () => expect(pairOf(versions, "z")).toBeUndefined());
});

describe("retention", () => {
  const all = () => true;
  it("removes nothing while there are no more than are kept", () =>
    expect(surplus(numbered("a", "b", "c"), 3, all, NOW)).toEqual([]));
  it("removes the first when the fourth of three is stored", () =>
    expect(ids(surplus(numbered("a", "b", "c", "d"), 3, all, NOW))).toEqual(["a"]));
  it("removes all that are too many at once", () =>
    expect(ids(surplus(numbered("a", "b", "c", "d", "e"), 1, all, NOW))).toEqual(["a", "b", "c", "d"]));
  it("keeps a version while it or its successor waits for comparison", () =>
    expect(ids(surplus(numbered("a", "b", "c", "d"), 1, (id) => id !== "c", NOW))).toEqual(["a"]));
  it("does not wait for a notification that can no longer come", () => {
    const old = numberVersions(["d", "c", "b", "a"].map((id) => version(id, { storedAt: "2030-01-01T00:00:00Z" })));
    expect(ids(surplus(old, 1, () => false, NOW))).toEqual(["a", "b", "c"]);
  });
});
