import {
  CreateStackCommand,
  DeleteStackCommand,
  ListExportsCommand,
  ListImportsCommand,
} from "@aws-sdk/client-cloudformation";
import { describe, expect, it } from "vitest";
import { failsWith, inWorld, templateOf, thing } from "./testing/world.ts";

describe("exports", () => {
  it("are listed with who imports them, and hold their stack", () =>
    inWorld(async ({ client, settled }) => {
      const outputs = { Outputs: { A: { Value: { Ref: "A" }, Export: { Name: "the-a" } } } };
      await client.send(new CreateStackCommand({ StackName: "shop", TemplateBody: templateOf(thing("A"), outputs) }));
      const { StackId } = await settled();
      expect((await client.send(new ListExportsCommand({}))).Exports).toEqual([
        { ExportingStackId: StackId, Name: "the-a", Value: "A-1" },
      ]);
      await expect(client.send(new ListImportsCommand({ ExportName: "the-a" }))).rejects.toEqual(
        failsWith("ValidationError", "Export 'the-a' is not imported by any stack."),
      );
      const user = templateOf(thing("B", { Value: { "Fn::ImportValue": "the-a" } }));
      await client.send(new CreateStackCommand({ StackName: "user", TemplateBody: user }));
      await settled("user");
      expect((await client.send(new ListImportsCommand({ ExportName: "the-a" }))).Imports).toEqual(["user"]);
      await expect(client.send(new DeleteStackCommand({ StackName: "shop" }))).rejects.toEqual(
        failsWith("ValidationError", "Export the-a cannot be deleted as it is in use by user"),
      );
      expect((await settled()).StackStatus).toBe("CREATE_COMPLETE");
    }));
});
