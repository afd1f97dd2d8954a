import { describe, expect, it } from "vitest";
import { createStacks } from "./stacks.ts";
import { inWorld, statuses } from "./testing/stack-world.ts";

describe("an update", () => {
  it("leaves unchanged resources alone and updates others in place", () =>
    inWorld(async ({ fakes, deploy }) => {
      await deploy(
        "  A: { Type: Fake::A, Properties: { Value: 1 } }\n  B: { Type: Fake::A, Properties: { Value: !Ref A } }",
      );
      fakes.calls.length = 0;
      const stack = await deploy(
        "  A: { Type: Fake::A, Properties: { Value: 2 } }\n  B: { Type: Fake::A, Properties: { Value: !Ref A } }",
      );
      expect(fakes.calls).toEqual(["update A-1"]);
      expect(stack).toMatchObject({
        status: "UPDATE_COMPLETE",
        resources: { A: { physicalId: "A-1", properties: { Value: 2 } } },
      });
    }));

  it("replaces what cannot change in place: new first, then what depends on it, the old last", () =>
    inWorld(async ({ fakes, deploy }) => {
      await deploy(
        "  A: { Type: Fake::A, Properties: { Name: x } }\n  B: { Type: Fake::A, Properties: { Value: !Ref A } }",
      );
      fakes.calls.length = 0;
      await deploy(
        "  A: { Type: Fake::A, Properties: { Name: y } }\n  B: { Type: Fake::A, Properties: { Value: !Ref A } }",
      );
      expect(fakes.calls).toEqual(["create A", "update B-2", "delete A-1"]);
      expect(fakes.existing.get("B-2")).toEqual({ Value: "A-3" });
    }));

  it("replaces a resource whose type knows no update", () =>
    inWorld(async ({ fakes, deploy }) => {
      await deploy("  A: { Type: Fake::Fixed, Properties: { Value: 1 } }");
      await deploy("  A: { Type: Fake::Fixed, Properties: { Value: 2 } }");
      expect(fakes.calls).toEqual(["create A", "create A", "delete A-1"]);
    }));

  it("removes what has left the template, dependants first", () =>
    inWorld(async ({ fakes, deploy }) => {
      await deploy("  A: { Type: Fake::A }\n  B: { Type: Fake::A, DependsOn: A }\n  C: { Type: Fake::A }");
      fakes.calls.length = 0;
      const stack = await deploy("  C: { Type: Fake::A }");
      expect(fakes.calls).toEqual(["delete B-3", "delete A-1"]);
      expect(Object.keys(stack.resources)).toEqual(["C"]);
    }));

  it("keeps what DeletionPolicy and UpdateReplacePolicy say to keep", () =>
    inWorld(async ({ fakes, deploy, stacks }) => {
      await deploy(
        "  A: { Type: Fake::A, DeletionPolicy: Retain }\n  B: { Type: Fake::A, UpdateReplacePolicy: Retain, Properties: { Name: x } }",
      );
      await deploy("  B: { Type: Fake::A, UpdateReplacePolicy: Retain, Properties: { Name: y } }");
      expect([...fakes.existing.keys()]).toEqual(["A-1", "B-2", "B-3"]);
      expect(statuses(stacks).filter((status) => status.endsWith("SKIPPED"))).toEqual([
        "B DELETE_SKIPPED",
        "A DELETE_SKIPPED",
      ]);
    }));

  it("says that it makes no snapshot", () =>
    inWorld(async ({ fakes, deploy }) => {
      await deploy("  A: { Type: Fake::A, DeletionPolicy: Snapshot }\n  B: { Type: Fake::A }");
      const stack = await deploy("  B: { Type: Fake::A }");
      expect(stack.warnings).toEqual(["Resources.A.DeletionPolicy: the local cloud makes no snapshot of Fake::A"]);
      expect([...fakes.existing.keys()]).toEqual(["B-2"]);
    }));

  it("goes back to the former state when a resource fails", () =>
    inWorld(async ({ fakes, deploy, stacks }) => {
      const before = await deploy(
        "  A: { Type: Fake::A, Properties: { Value: 1 } }\n  B: { Type: Fake::A, Properties: { Name: x } }\n  C: { Type: Fake::A }",
        "Outputs: { Out: { Value: !Ref B } }",
      );
      fakes.calls.length = 0;
      fakes.before = (call) => {
        if (call === "create Z") throw new Error("no room");
      };
      const update = deploy(
        "  A: { Type: Fake::A, Properties: { Value: 2 } }\n  B: { Type: Fake::A, Properties: { Name: y } }\n  D: { Type: Fake::A, DependsOn: B }\n  Z: { Type: Fake::A, DependsOn: [A, B, D] }",
      );
      await expect(update).rejects.toThrow("Stack shop could not be updated: Z (Fake::A): no room (at Resources.Z)");
      expect(fakes.calls).toEqual([
        "update A-1",
        "create B",
        "create D",
        "create Z",
        "delete D-5",
        "delete B-4",
        "update A-1",
      ]);
      expect(Object.fromEntries(fakes.existing)).toEqual({ "A-1": { Value: 1 }, "B-2": { Name: "x" }, "C-3": {} });
      const after = stacks.describe("shop");
      expect(after).toMatchObject({ status: "UPDATE_ROLLBACK_COMPLETE", body: before.body, outputs: { Out: "B-2" } });
      expect(Object.values(after?.resources ?? {}).map(({ physicalId }) => physicalId)).toEqual(["A-1", "B-2", "C-3"]);
    }));

  it("is stuck when it cannot go back", () =>
    inWorld(async ({ fakes, deploy, stacks }) => {
      await deploy("  A: { Type: Fake::A, Properties: { Value: 1 } }");
      let updates = 0;
      fakes.before = (call) => {
        if (call === "create Z" || (call === "update A-1" && ++updates === 2)) throw new Error("no room");
      };
      await expect(
        deploy("  A: { Type: Fake::A, Properties: { Value: 2 } }\n  Z: { Type: Fake::A, DependsOn: A }"),
      ).rejects.toMatchObject({ stuck: ["A"] });
      expect(stacks.describe("shop")).toMatchObject({
        status: "UPDATE_ROLLBACK_FAILED",
        statusReason: "The following resource(s) failed to roll back: [A].",
      });
    }));

  it("cannot change a resource's type", () =>
    inWorld(async ({ deploy }) => {
      await deploy("  A: { Type: Fake::A }");
      await expect(deploy("  A: { Type: Fake::B }")).rejects.toThrow(
        "Update of resource type is not permitted. The new template modifies resource type of the following resources: [A]",
      );
    }));

  it("always looks again at code from a local folder", () =>
    inWorld(async ({ fakes, deploy }) => {
      const resources = "  A: { Type: Fake::A, Properties: { Code: { Local: { folder: /x } } } }";
      await deploy(resources);
      await deploy(resources);
      expect(fakes.calls).toEqual(["create A", "update A-1"]);
    }));

  it("waits for no other: a stack has one operation at a time", () =>
    inWorld(async ({ deploy }) => {
      const first = deploy("  A: { Type: Fake::A }");
      await expect(deploy("  A: { Type: Fake::A }")).rejects.toThrow("can not be updated.");
      await first;
    }));

  it("finds what an earlier process left in the data folder's map", () =>
    inWorld(async ({ cloud, fakes, deploy }) => {
      await deploy("  A: { Type: Fake::A, Properties: { Value: 1 } }");
      const later = createStacks(cloud, fakes.providerOf);
      await later.deploy({ name: "shop", body: "Resources: { A: { Type: Fake::A, Properties: { Value: 2 } } }" });
      expect(fakes.calls).toEqual(["create A", "update A-1"]);
    }));
});
