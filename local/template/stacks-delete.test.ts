import { describe, expect, it } from "vitest";
import { inWorld } from "./testing/stack-world.ts";

describe("deletion", () => {
  it("goes the other way round", () =>
    inWorld(async ({ fakes, deploy, stacks }) => {
      const { id } = await deploy(
        "  B: { Type: Fake::A, DependsOn: A }\n  A: { Type: Fake::A }\n  C: { Type: Fake::A, DependsOn: B, DeletionPolicy: Retain }",
      );
      await stacks.delete("shop");
      expect(fakes.calls.slice(3)).toEqual(["delete B-2", "delete A-1"]);
      expect([...fakes.existing.keys()]).toEqual(["C-3"]);
      expect(stacks.describe("shop")).toBeUndefined();
      expect(stacks.list()).toEqual([]);
      expect(stacks.describe(id)?.status).toBe("DELETE_COMPLETE");
      expect(stacks.events(id).at(-1)).toMatchObject({ logicalId: "shop", status: "DELETE_COMPLETE" });
    }));

  it("keeps what cannot be deleted, and what that stands on", () =>
    inWorld(async ({ fakes, deploy, stacks }) => {
      await deploy("  A: { Type: Fake::A }\n  B: { Type: Fake::A, DependsOn: A }\n  C: { Type: Fake::A }");
      fakes.before = (call) => {
        if (call.startsWith("delete B")) throw new Error("The bucket you tried to delete is not empty");
      };
      await expect(stacks.delete("shop")).rejects.toThrow(
        "Stack shop could not be deleted: B: The bucket you tried to delete is not empty",
      );
      expect(stacks.describe("shop")).toMatchObject({
        status: "DELETE_FAILED",
        statusReason: "The following resource(s) failed to delete: [B]. ",
        resources: { B: { status: "DELETE_FAILED", statusReason: "The bucket you tried to delete is not empty" } },
      });
      expect(Object.keys(stacks.describe("shop")?.resources ?? {})).toEqual(["A", "B"]);
      fakes.before = () => {};
      await stacks.delete("shop");
      expect(fakes.existing.size).toBe(0);
    }));

  it("of a stack that is not there is no error", () =>
    inWorld(async ({ stacks }) => {
      await expect(stacks.delete("nothing")).resolves.toBeUndefined();
    }));
});
