import { describe, expect, it } from "vitest";
import { testCloud, type TestCloud } from "../testing.ts";
import { createStacks, StackFailed, type Stacks } from "./stacks.ts";
import { fakeProviders, type Fakes } from "./testing/fake-providers.ts";

interface World {
  readonly cloud: TestCloud;
  readonly stacks: Stacks;
  readonly fakes: Fakes;
  deploy(resources: string, rest?: string): ReturnType<Stacks["deploy"]>;
}

async function inWorld(test: (world: World) => Promise<void>): Promise<void> {
  await using cloud = await testCloud();
  const fakes = fakeProviders();
  const stacks = createStacks(cloud, fakes.providerOf);
  const deploy = (resources: string, rest = "") =>
    stacks.deploy({ name: "shop", body: `Resources:\n${resources}\n${rest}` });
  await test({ cloud, stacks, fakes, deploy });
}

const statuses = (stacks: Stacks): string[] =>
  stacks.events("shop").map((event) => `${event.logicalId} ${event.status}`);

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

  it("of a stack that is not there is no error", () => inWorld(({ stacks }) => stacks.delete("nothing")));
});

describe("outputs and exports", () => {
  const exporting = (value: string) => ({
    name: "base",
    body: `Resources: { A: { Type: Fake::A } }\nOutputs: { Out: { Value: ${value}, Export: { Name: !Sub "\${AWS::StackName}-out" } } }`,
  });
  const importing = {
    name: "user",
    body: "Resources: { B: { Type: Fake::A, Properties: { Value: !ImportValue base-out } } }",
  };

  it("are values of the stack, with addresses of APIs made local", () =>
    inWorld(async ({ deploy, cloud, fakes }) => {
      const stack = await deploy(
        "  A: { Type: Fake::A, Properties: { Value: !Sub 'https://\${AWS::StackName}.execute-api.\${AWS::Region}.amazonaws.com/prod/x' } }",
        "Outputs:\n  Url: { Value: !Sub 'https://abc1.lambda-url.\${AWS::Region}.on.aws/' }\n  Off: { Condition: Never, Value: 1 }\n  Number: { Value: 5 }\nConditions: { Never: !Equals [1, 2] }",
      );
      expect(stack.outputs).toEqual({ Url: `${cloud.endpoint}/_urls/abc1/`, Number: "5" });
      expect(fakes.existing.get("A-1")).toEqual({ Value: `${cloud.endpoint}/_apis/shop/prod/x` });
    }));

  it("are imported by other stacks and then cannot be taken away or changed", () =>
    inWorld(async ({ stacks, fakes }) => {
      await stacks.deploy(exporting("!Ref A"));
      await stacks.deploy(importing);
      expect(fakes.existing.get("B-2")).toEqual({ Value: "A-1" });
      await expect(stacks.delete("base")).rejects.toThrow("Export base-out cannot be deleted as it is in use by user");
      await expect(stacks.deploy(exporting("other"))).rejects.toThrow(
        "Export base-out cannot be updated as it is in use by user",
      );
      await stacks.delete("user");
      await stacks.delete("base");
      expect(fakes.existing.size).toBe(0);
    }));

  it("must be exported by somebody", () =>
    inWorld(async ({ stacks }) => {
      await expect(stacks.deploy(importing)).rejects.toThrow(
        "No export named base-out found. (at Resources.B.Properties.Value)",
      );
    }));

  it("are exported by one stack only", () =>
    inWorld(async ({ stacks }) => {
      const body = "Resources: { A: { Type: Fake::A } }\nOutputs: { Out: { Value: x, Export: { Name: fixed } } }";
      await stacks.deploy({ name: "one", body });
      await expect(stacks.deploy({ name: "two", body })).rejects.toThrow(
        "Export with name fixed is already exported by stack one",
      );
    }));
});

describe("parameters", () => {
  const body =
    "Parameters: { Secret: { Type: String, NoEcho: true }, Size: { Type: Number, Default: 3 } }\nResources: { A: { Type: Fake::A, Properties: { Value: !Ref Secret, Other: !Ref Size } } }";

  it("with NoEcho are masked", () =>
    inWorld(async ({ stacks, fakes }) => {
      const stack = await stacks.deploy({ name: "shop", body, parameters: { Secret: "hush" } });
      expect(stack.parameters).toEqual({ Secret: "****", Size: "3" });
      expect(fakes.existing.get("A-1")).toEqual({ Value: "hush", Other: "3" });
    }));

  it("can keep the value they have", () =>
    inWorld(async ({ stacks, fakes }) => {
      await stacks.deploy({ name: "shop", body, parameters: { Secret: "hush" } });
      await stacks.deploy({ name: "shop", body, keepParameters: ["Secret"], parameters: { Size: "4" } });
      expect(fakes.existing.get("A-1")).toEqual({ Value: "hush", Other: "4" });
    }));
});

describe("capabilities", () => {
  const body = "Resources: { A: { Type: AWS::IAM::Role, Properties: { RoleName: x } } }";
  it.each([
    [[], "Requires capabilities : [CAPABILITY_NAMED_IAM]"],
    [["CAPABILITY_IAM"], "Requires capabilities : [CAPABILITY_NAMED_IAM]"],
  ])("%j do not do for a named role", (capabilities, message) =>
    inWorld(async ({ stacks }) => {
      await expect(stacks.deploy({ name: "shop", body, capabilities })).rejects.toThrow(message);
    }),
  );
});

it("names are checked", () =>
  inWorld(async ({ stacks }) => {
    await expect(stacks.deploy({ name: "1-shop", body: "{}" })).rejects.toThrow(
      "Value '1-shop' at 'stackName' failed to satisfy constraint",
    );
  }));
