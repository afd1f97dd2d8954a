import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ListStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { describe, expect, it } from "vitest";
import { failsWith, inWorld, templateOf, thing } from "../testing/world.ts";

describe("a stack that is deleted", () => {
  it("is found by its id only, with its resources", () =>
    inWorld(async ({ client, settled }) => {
      const { StackId: id = "" } = await client.send(
        new CreateStackCommand({ StackName: "shop", TemplateBody: templateOf(thing("A")) }),
      );
      await settled();
      await client.send(new DeleteStackCommand({ StackName: "shop" }));
      expect(await settled(id)).toMatchObject({ StackStatus: "DELETE_COMPLETE", DeletionTime: expect.any(Date) });
      await expect(client.send(new DescribeStacksCommand({ StackName: "shop" }))).rejects.toEqual(
        failsWith("ValidationError", "Stack with id shop does not exist"),
      );
      await expect(client.send(new DescribeStackEventsCommand({ StackName: "shop" }))).rejects.toEqual(
        failsWith("ValidationError", "Stack [shop] does not exist"),
      );
      const { StackResources } = await client.send(new DescribeStackResourcesCommand({ StackName: id }));
      expect(StackResources).toMatchObject([{ LogicalResourceId: "A", ResourceStatus: "DELETE_COMPLETE" }]);
      expect((await client.send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
      const listed = await client.send(new ListStacksCommand({ StackStatusFilter: ["DELETE_COMPLETE"] }));
      expect(listed.StackSummaries?.map((one) => one.StackId)).toEqual([id]);
    }));

  it("keeps what cannot be deleted until it is told to leave it", () =>
    inWorld(async ({ client, fakes, settled }) => {
      const { StackId: id = "" } = await client.send(
        new CreateStackCommand({ StackName: "shop", TemplateBody: templateOf({ ...thing("A"), ...thing("B") }) }),
      );
      await settled();
      const retain = new DeleteStackCommand({ StackName: "shop", RetainResources: ["A"] });
      await expect(client.send(retain)).rejects.toEqual(
        failsWith("ValidationError", /only when the stack is in the DELETE_FAILED/),
      );
      fakes.before = (call) => {
        if (call === "delete A-1") throw new Error("not empty");
      };
      await client.send(new DeleteStackCommand({ StackName: "shop" }));
      expect(await settled()).toMatchObject({
        StackStatus: "DELETE_FAILED",
        StackStatusReason: expect.stringContaining("[A]"),
      });
      await client.send(retain);
      expect((await settled(id)).StackStatus).toBe("DELETE_COMPLETE");
      expect([...fakes.existing.keys()]).toEqual(["A-1"]);
    }));

  it("need not exist", () =>
    inWorld(async ({ client }) => {
      await expect(client.send(new DeleteStackCommand({ StackName: "nothing" }))).resolves.toBeDefined();
    }));
});
