import {
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStackResourcesCommand,
  ListStackResourcesCommand,
} from "@aws-sdk/client-cloudformation";
import { describe, expect, it } from "vitest";
import { failsWith, inWorld, templateOf, thing } from "../testing/world.ts";

describe("resources", () => {
  it("are found by logical and by physical id", () =>
    inWorld(async ({ client, settled }) => {
      await client.send(
        new CreateStackCommand({ StackName: "shop", TemplateBody: templateOf({ ...thing("A"), ...thing("B") }) }),
      );
      await settled();
      const one = await client.send(new DescribeStackResourceCommand({ StackName: "shop", LogicalResourceId: "B" }));
      expect(one.StackResourceDetail).toMatchObject({
        PhysicalResourceId: "B-2",
        ResourceType: "Fake::Thing",
        Metadata: "{}",
      });
      const owner = await client.send(
        new DescribeStackResourcesCommand({ PhysicalResourceId: "A-1", LogicalResourceId: "A" }),
      );
      expect(owner.StackResources).toMatchObject([{ StackName: "shop", LogicalResourceId: "A" }]);
      await expect(
        client.send(new DescribeStackResourceCommand({ StackName: "shop", LogicalResourceId: "C" })),
      ).rejects.toEqual(failsWith("ValidationError", "Resource C does not exist for stack shop"));
      await expect(client.send(new DescribeStackResourcesCommand({ PhysicalResourceId: "C" }))).rejects.toEqual(
        failsWith("ValidationError", "Stack for C does not exist"),
      );
    }));

  it("are listed by the hundred", () =>
    inWorld(async ({ client, settled }) => {
      const ids = Array.from({ length: 101 }, (_, index) => `T${String(index).padStart(3, "0")}`);
      const TemplateBody = templateOf(Object.assign({}, ...ids.map((id) => thing(id))));
      await client.send(new CreateStackCommand({ StackName: "shop", TemplateBody }));
      await settled();
      const first = await client.send(new ListStackResourcesCommand({ StackName: "shop" }));
      expect(first.StackResourceSummaries).toHaveLength(100);
      const NextToken = first.NextToken ?? "";
      const second = await client.send(new ListStackResourcesCommand({ StackName: "shop", NextToken }));
      expect(second.StackResourceSummaries?.map((one) => one.LogicalResourceId)).toEqual(["T100"]);
      expect(second.NextToken).toBeUndefined();
      await expect(client.send(new ListStackResourcesCommand({ StackName: "shop", NextToken: "bad" }))).rejects.toEqual(
        failsWith("ValidationError", "NextToken is not valid: bad"),
      );
      const events: string[] = [];
      let token: string | undefined;
      do {
        const page = await client.send(new DescribeStackEventsCommand({ StackName: "shop", NextToken: token }));
        events.push(...(page.StackEvents ?? []).map((event) => event.EventId ?? ""));
        token = page.NextToken;
      } while (token !== undefined);
      expect(new Set(events).size).toBe(2 + 2 * 101);
      expect(events).toHaveLength(2 + 2 * 101);
    }));
});
