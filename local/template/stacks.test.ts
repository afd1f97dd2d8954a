import { describe, expect, it } from "vitest";
import { StackFailed } from "./stacks.ts";
import { inWorld, statuses } from "./testing/stack-world.ts";

describe("a new stack", () => {
  it("makes resources after what they refer to", () =>
    inWorld(async ({ fakes, deploy }) => {
      const stack = await deploy(`
  Last: { Type: Fake::A, Properties: { Value: !GetAtt Middle.Arn } }
  Middle: { Type: Fake::A, Properties: { Value: !Sub "to-\${First}-\${Aside.Endpoint.Address}" } }
  First: { Type: Fake::A, DependsOn: Aside }
  Aside: { Type: Fake::A }`);
      expect(fakes.calls).toEqual(["create Aside", "create First", "create Middle", "create Last"]);
      expect(fakes.existing.get("Middle-3")).toEqual({ Value: "to-First-2-Aside-1.local" });
      expect(fakes.existing.get("Last-4")).toEqual({ Value: "arn:fake:Middle-3" });
      expect(stack).toMatchObject({ status: "CREATE_COMPLETE", resources: { Last: { physicalId: "Last-4" } } });
    }));

  it("makes independent resources at the same time", () =>
    inWorld(async ({ fakes, deploy }) => {
      let running = 0;
      let most = 0;
      fakes.before = async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
      };
      await deploy(
        "  A: { Type: Fake::A }\n  B: { Type: Fake::A }\n  C: { Type: Fake::A, Properties: { Value: !Ref B } }",
      );
      expect(most).toBe(2);
      expect(fakes.calls.at(-1)).toBe("create C");
    }));

  it("names a circle and nothing that merely hangs on it", () =>
    inWorld(async ({ fakes, deploy, stacks }) => {
      const deployment = deploy(`
  A: { Type: Fake::A, Properties: { Value: !Ref B } }
  B: { Type: Fake::A, Properties: { Value: !GetAtt C.Arn } }
  C: { Type: Fake::A, DependsOn: A }
  Before: { Type: Fake::A }
  After: { Type: Fake::A, DependsOn: [A, Before] }`);
      await expect(deployment).rejects.toThrow("Circular dependency between resources: [A, B, C]");
      expect(fakes.calls).toEqual([]);
      expect(stacks.describe("shop")).toBeUndefined();
    }));

  it("tells its story in events", () =>
    inWorld(async ({ deploy, stacks, cloud }) => {
      await deploy("  A: { Type: Fake::A }");
      expect(statuses(stacks)).toEqual([
        "shop CREATE_IN_PROGRESS",
        "A CREATE_IN_PROGRESS",
        "A CREATE_COMPLETE",
        "shop CREATE_COMPLETE",
      ]);
      expect(stacks.events("shop")[0]).toMatchObject({
        at: cloud.clock.now(),
        reason: "User Initiated",
        type: "AWS::CloudFormation::Stack",
      });
    }));

  it("is undone when a resource fails, naming the resource and the reason", () =>
    inWorld(async ({ fakes, deploy, stacks }) => {
      fakes.before = (call) => {
        if (call === "create B") throw new Error("no room");
      };
      const deployment = deploy(
        "  A: { Type: Fake::A }\n  B: { Type: Fake::A, Properties: { Value: !Ref A } }\n  C: { Type: Fake::A, DependsOn: B }",
      );
      await expect(deployment).rejects.toThrow(
        "Stack shop could not be created: B (Fake::A): no room (at Resources.B)",
      );
      await expect(deployment).rejects.toBeInstanceOf(StackFailed);
      expect(fakes.calls).toEqual(["create A", "create B", "delete A-1"]);
      expect(fakes.existing.size).toBe(0);
      expect(stacks.describe("shop")).toMatchObject({
        status: "ROLLBACK_COMPLETE",
        statusReason: "The following resource(s) failed to create: [B]. B (Fake::A): no room (at Resources.B)",
        resources: {},
      });
      expect(statuses(stacks)).toContain("B CREATE_FAILED");
    }));

  it("can be made again after its creation was undone", () =>
    inWorld(async ({ fakes, deploy }) => {
      fakes.before = () => {
        throw new Error("no room");
      };
      await expect(deploy("  A: { Type: Fake::A }")).rejects.toThrow("no room");
      fakes.before = () => {};
      expect((await deploy("  A: { Type: Fake::A }")).status).toBe("CREATE_COMPLETE");
    }));

  it("names the property when a function fails", () =>
    inWorld(async ({ deploy }) => {
      await expect(
        deploy("  A: { Type: Fake::A }\n  B: { Type: Fake::A, Properties: { Nested: { Inner: !GetAtt A.Nothing } } }"),
      ).rejects.toThrow(
        "B (Fake::A): Template error: resource A does not support attribute type Nothing in Fn::GetAtt (at Resources.B.Properties.Nested.Inner)",
      );
    }));

  it("leaves out resources whose condition does not hold", () =>
    inWorld(async ({ fakes, deploy }) => {
      await deploy(
        "  A: { Type: Fake::A, Condition: Never }\n  B: { Type: Fake::A, DependsOn: A, Properties: { Value: !If [Never, !Ref A, none], Other: !If [Never, 1, !Ref AWS::NoValue] } }",
        "Conditions: { Never: !Equals [a, b] }",
      );
      expect(fakes.calls).toEqual(["create B"]);
      expect(fakes.existing.get("B-1")).toEqual({ Value: "none" });
    }));

  it("refuses a reference to a resource whose condition does not hold", () =>
    inWorld(async ({ deploy }) => {
      await expect(
        deploy(
          "  A: { Type: Fake::A, Condition: Never }\n  B: { Type: Fake::A, Properties: { Value: !Ref A } }",
          "Conditions: { Never: !Equals [a, b] }",
        ),
      ).rejects.toThrow(
        "Template format error: Unresolved resource dependencies [A] in the Resources block of the template (at Resources.B.Properties.Value)",
      );
    }));
});

describe("what the local cloud does not know", () => {
  it("is warned about and gets a placeholder when it is a resource type", () =>
    inWorld(async ({ deploy, cloud, fakes }) => {
      const stack = await deploy(
        "  Key: { Type: AWS::KMS::Key }\n  A: { Type: Fake::A, Properties: { Value: !GetAtt Key.Arn, Other: !Ref Key } }",
      );
      expect(stack.warnings).toEqual([
        "Resources.Key: the local cloud does not make resources of type AWS::KMS::Key; it gets a placeholder id",
      ]);
      expect(cloud.logged).toEqual([`shop: ${stack.warnings[0]}`]);
      const id = stack.resources["Key"]?.physicalId;
      expect(id).toMatch(/^shop-Key-[A-Z0-9]{12}$/);
      expect(fakes.existing.get("A-1")).toEqual({ Value: `arn:aws:kms:us-east-1:123456789012:key/${id}`, Other: id });
    }));

  it("is warned about by its path when it is a property", () =>
    inWorld(async ({ deploy }) => {
      const stack = await deploy(
        "  A: { Type: Fake::A, Properties: { Colour: red, Nested: { Outer: 1, Inner: { any: thing } }, List: [{ Key: 1 }, { Kee: 2 }] } }",
      );
      expect(stack.warnings).toEqual(
        ["Colour", "Nested.Outer", "List.1.Kee"].map(
          (name) =>
            `Resources.A.Properties.${name}: the local cloud does not know this property of Fake::A and passes it over`,
        ),
      );
    }));

  it("is refused when it is a nested stack", () =>
    inWorld(async ({ deploy }) => {
      await expect(deploy("  Inner: { Type: AWS::CloudFormation::Stack }")).rejects.toThrow(
        "nested stacks are not supported",
      );
    }));
});
