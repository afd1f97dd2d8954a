import { expect, it, describe } from "vitest";
import { inWorld } from "./testing/stack-world.ts";

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
        "  A: { Type: Fake::A, Properties: { Value: !Sub 'https://${AWS::StackName}.execute-api.${AWS::Region}.amazonaws.com/prod/x' } }",
        "Outputs:\n  Url: { Value: !Sub 'https://abc1.lambda-url.${AWS::Region}.on.aws/' }\n  Off: { Condition: Never, Value: 1 }\n  Number: { Value: 5 }\nConditions: { Never: !Equals [1, 2] }",
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
