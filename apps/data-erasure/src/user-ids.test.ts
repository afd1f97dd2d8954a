import { describe, expect, it } from "vitest";
import { checkedUserIds, listedUserIds, ownerOf } from "./user-ids.ts";

const messageOf = (work: () => unknown): string => {
  try {
    return String(work());
  } catch (error) {
    return String(error);
  }
};

describe("a list of users", () => {
  it("is trimmed, without empty ones, each once", () =>
    expect(checkedUserIds([" b", "a", "", "\n", "a "])).toEqual(["a", "b"]));
  it.each([
    ["commas", "1001,1002", ["1001", "1002"]],
    ["lines and blanks", "1001 \r\n\r\n 1002\n", ["1001", "1002"]],
    ["a header and quotes", '\uFEFFuser_id\n"1001"\n', ["1001"]],
  ])("may be separated by %s", (_name, text, ids) => expect(listedUserIds(text)).toEqual(ids));
  it.each([["a b"], ["a\tb"], ["x".repeat(129)], ["a\u0000"], ['a"b']])(
    "does not take %j, and does not repeat it",
    (id) => {
      expect(() => checkedUserIds(["ok", id])).toThrow("userIds[1]: expected 1 to 128 characters");
      expect(messageOf(() => checkedUserIds([id]))).not.toContain(id);
    },
  );
  it("takes 10,000 users, and not one more", () => {
    const ids = Array.from({ length: 10_001 }, (_, index) => `${index}`);
    expect(checkedUserIds(ids.slice(1))).toHaveLength(10_000);
    expect(() => checkedUserIds(ids)).toThrow("more than 10000");
  });
});

describe("the owner of an object", () => {
  it.each([
    ["files/1001-portrait.jpg", "1001"],
    ["1001-a-b.csv", "1001"],
    ["x-y/1002-z", "1002"],
    ["files/portrait.jpg", undefined],
    ["files/-portrait.jpg", undefined],
    ["files/a b-portrait.jpg", undefined],
    ["__proto__-x", "__proto__"],
  ])("of %s is %s", (key, owner) => expect(ownerOf(key)).toBe(owner));
});
