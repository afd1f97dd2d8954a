import { describe, expect, it } from "vitest";
import { type Database, phaseOf, reasonToLeave, startedBy } from "./database.ts";

const database = (tags: Record<string, string>, more: Partial<Database> = {}): Database => ({
  kind: "instance",
  id: "orders",
  status: "available",
  tags,
  ...more,
});

describe("who is stopped again", () => {
  it("a database with exactly the tag", () =>
    expect(reasonToLeave(database({ "auto-restart-protection": "yes" }))).toBeUndefined());

  it.each([
    ["no tag", {}],
    ["another value", { "auto-restart-protection": "no" }],
    ["a value that begins like it", { "auto-restart-protection": "yesterday" }],
    ["another case", { "auto-restart-protection": "YES" }],
    ["a key that ends like it", { "no-auto-restart-protection": "yes" }],
    ["a value that is the key", { other: "auto-restart-protection=yes" }],
  ])("not one with %s", (_name, tags) =>
    expect(reasonToLeave(database(tags))).toBe("it is not tagged auto-restart-protection=yes"),
  );

  it("not one that is paused", () => {
    const tags = { "auto-restart-protection": "yes", "auto-restart-protection-paused": "yes" };
    expect(reasonToLeave(database(tags))).toBe("it is tagged auto-restart-protection-paused=yes");
  });

  it("not a member of a cluster", () => {
    expect(reasonToLeave(database({ "auto-restart-protection": "yes" }, { clusterId: "c" }))).toBe(
      "it stops with its cluster c",
    );
  });
});

describe("an event", () => {
  it.each([
    ["RDS-EVENT-0154", { kind: "instance", id: "a" }],
    ["RDS-EVENT-0153", { kind: "cluster", id: "a" }],
    ["RDS-EVENT-0088", undefined],
    ["RDS-EVENT-01540", undefined],
    ["toString", undefined],
  ])("%s", (EventID, expected) => expect(startedBy({ EventID, SourceIdentifier: "a" })).toEqual(expected));
});

describe("a status", () => {
  it.each([
    ["available", "available"],
    ["stopped", "stopped"],
    ["starting", "moving"],
    ["stopping", "moving"],
    ["backing-up", "moving"],
    ["a status of tomorrow", "moving"],
    ["storage-full", "lost"],
    ["deleted", "lost"],
    ["inaccessible-encryption-credentials", "lost"],
  ])("%s means %s", (status, phase) => expect(phaseOf(status)).toBe(phase));
});
