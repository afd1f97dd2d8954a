import { CreateStackCommand, DeleteStackCommand, UpdateStackCommand } from "@aws-sdk/client-cloudformation";
import { describe, expect, it } from "vitest";
import { closedGate, failsWith, inWorld, templateOf, thing } from "../testing/world.ts";

describe("an update", () => {
  const body = templateOf(
    { ...thing("A", { Value: { Ref: "Size" } }), ...thing("B") },
    { Parameters: { Size: { Type: "String" } }, Outputs: { A: { Value: { Ref: "A" } } } },
  );
  const create = new CreateStackCommand({
    StackName: "shop",
    TemplateBody: body,
    Parameters: [{ ParameterKey: "Size", ParameterValue: "1" }],
    Tags: [{ Key: "team", Value: "blue" }],
  });
  const kept = [{ ParameterKey: "Size", UsePreviousValue: true }];

  it("changes what differs and keeps tags", () =>
    inWorld(async ({ client, fakes, settled }) => {
      await client.send(create);
      await settled();
      const before = fakes.calls.length;
      await client.send(
        new UpdateStackCommand({
          StackName: "shop",
          UsePreviousTemplate: true,
          Parameters: [{ ParameterKey: "Size", ParameterValue: "2" }],
        }),
      );
      expect(await settled()).toMatchObject({ StackStatus: "UPDATE_COMPLETE", Tags: [{ Key: "team", Value: "blue" }] });
      expect(fakes.calls.slice(before)).toEqual(["update A-1"]);
    }));

  it.each([
    ["nothing", { UsePreviousTemplate: true, Parameters: kept }, "No updates are to be performed."],
    [
      "only a description",
      { TemplateBody: body.replace("{", '{"Description":"new",'), Parameters: kept },
      "No updates are to be performed.",
    ],
    [
      "a parameter that was not there",
      { TemplateBody: body, Parameters: [{ ParameterKey: "X", UsePreviousValue: true }] },
      /parameter key X\./,
    ],
    ["two templates", { TemplateBody: body, UsePreviousTemplate: true, Parameters: kept }, /^Only one of/],
    ["another stack", { StackName: "other", TemplateBody: body }, "Stack [other] does not exist"],
  ])("is refused with %s", (_what, input, message) =>
    inWorld(async ({ client, settled }) => {
      await client.send(create);
      await settled();
      await expect(client.send(new UpdateStackCommand({ StackName: "shop", ...input }))).rejects.toEqual(
        failsWith("ValidationError", message),
      );
    }),
  );

  it.each([
    ["an output", { TemplateBody: body.replace('"Outputs":{', '"Outputs":{"More":{"Value":"x"},'), Parameters: kept }],
    ["a tag", { UsePreviousTemplate: true, Parameters: kept, Tags: [{ Key: "team", Value: "red" }] }],
  ])("may be of %s alone", (_what, input) =>
    inWorld(async ({ client, settled, fakes }) => {
      await client.send(create);
      await settled();
      const before = fakes.calls.length;
      await client.send(new UpdateStackCommand({ StackName: "shop", ...input }));
      expect((await settled()).StackStatus).toBe("UPDATE_COMPLETE");
      expect(fakes.calls.slice(before)).toEqual([]);
    }),
  );

  it("is refused while another operation is under way", () =>
    inWorld(async ({ client, fakes, settled }) => {
      const gate = closedGate();
      fakes.before = gate.wait;
      await client.send(create);
      const again = client.send(new UpdateStackCommand({ StackName: "shop", TemplateBody: body, Parameters: kept }));
      await expect(again).rejects.toEqual(
        failsWith("ValidationError", /is in CREATE_IN_PROGRESS state and can not be updated/),
      );
      const gone = client.send(new DeleteStackCommand({ StackName: "shop" }));
      await expect(gone).rejects.toEqual(
        failsWith("ValidationError", /cannot be deleted while in status CREATE_IN_PROGRESS/),
      );
      gate.open();
      expect((await settled()).StackStatus).toBe("CREATE_COMPLETE");
    }));
});
