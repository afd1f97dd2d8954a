import { describe, expect, it } from "vitest";
import type { Cloud } from "../../../core/cloud.ts";
import { testCloud, type TestCloud } from "../../../testing.ts";
import { createStacks, type Stacks } from "../../stacks.ts";
import { isFields, type Fields } from "../../value.ts";

type Answer = (request: Fields) => Fields | undefined;

/** A cloud whose functions are this one: it answers a minute after it was asked. */
async function withFunction(
  answer: Answer,
  test: (stacks: Stacks, requests: Fields[], cloud: TestCloud) => Promise<void>,
) {
  await using cloud = await testCloud();
  const requests: Fields[] = [];
  const invoke = (input: { readonly Payload?: Uint8Array }) => {
    const request: unknown = JSON.parse(Buffer.from(input.Payload ?? []).toString());
    if (!isFields(request)) throw new Error("no request");
    requests.push(request);
    cloud.clock.after(60_000, async () => {
      const response = answer(request);
      if (response) await fetch(String(request["ResponseURL"]), { method: "PUT", body: JSON.stringify(response) });
    });
    return Promise.resolve({ StatusCode: 202 });
  };
  const call = (service: string, operation: string, input: never, as: never) =>
    service === "lambda" ? invoke(input) : cloud.call(service as "s3", operation as "GetObject", input, as);
  const faked: Cloud = Object.create(cloud, { call: { value: call } });
  await test(createStacks(faked, cloud.providerOf), requests, cloud);
}

const TOKEN = "arn:aws:lambda:us-east-1:123456789012:function:maker";
const body = (properties: string) => `
Resources:
  Thing: { Type: Custom::Thing, Properties: { ServiceToken: "${TOKEN}", ${properties} } }
Outputs:
  Id: { Value: !Ref Thing }
  Colour: { Value: !GetAtt Thing.Colour }`;

describe("a custom resource", () => {
  it("is asked for and answers with an id and attributes", () =>
    withFunction(
      () => ({ Status: "SUCCESS", PhysicalResourceId: "thing-1", Data: { Colour: "red" } }),
      async (stacks, requests, cloud) => {
        const before = cloud.clock.now();
        const stack = await stacks.deploy({ name: "shop", body: body("Size: 5, Deep: { On: true }") });
        expect(stack.outputs).toEqual({ Id: "thing-1", Colour: "red" });
        expect(requests).toHaveLength(1);
        expect(requests[0]).toMatchObject({
          RequestType: "Create",
          ResourceType: "Custom::Thing",
          LogicalResourceId: "Thing",
          StackId: stack.id,
          ResourceProperties: { ServiceToken: TOKEN, Size: "5", Deep: { On: "true" } },
        });
        expect(cloud.clock.now() - before).toBeGreaterThanOrEqual(60_000);
        await stacks.delete("shop");
        expect(requests[1]).toMatchObject({ RequestType: "Delete", PhysicalResourceId: "thing-1" });
      },
    ));

  it("that answers an update with another id has the old one deleted", () =>
    withFunction(
      ({ RequestType, ResourceProperties }) => ({
        Status: "SUCCESS",
        PhysicalResourceId: `thing-${isFields(ResourceProperties) ? String(ResourceProperties["Size"]) : ""}`,
        Data: { Colour: String(RequestType) },
      }),
      async (stacks, requests) => {
        await stacks.deploy({ name: "shop", body: body("Size: 1") });
        const stack = await stacks.deploy({ name: "shop", body: body("Size: 2") });
        expect(stack.outputs).toEqual({ Id: "thing-2", Colour: "Update" });
        expect(requests.map(({ RequestType, PhysicalResourceId }) => [RequestType, PhysicalResourceId])).toEqual([
          ["Create", undefined],
          ["Update", "thing-1"],
          ["Delete", "thing-1"],
        ]);
        expect(requests[1]?.["OldResourceProperties"]).toEqual({ ServiceToken: TOKEN, Size: "1" });
      },
    ));

  it("that fails says why, and the stack is undone", () =>
    withFunction(
      () => ({ Status: "FAILED", Reason: "no paint" }),
      async (stacks) => {
        await expect(stacks.deploy({ name: "shop", body: body("Size: 1") })).rejects.toThrow(
          "Thing (Custom::Thing): Received response status [FAILED] from custom resource. Message returned: no paint",
        );
        expect(stacks.describe("shop")?.status).toBe("ROLLBACK_COMPLETE");
      },
    ));

  it("that never answers fails after its timeout", () =>
    withFunction(
      () => undefined,
      async (stacks, _requests, cloud) => {
        const before = cloud.clock.now();
        await expect(stacks.deploy({ name: "shop", body: body("ServiceTimeout: 300") })).rejects.toThrow(
          "did not receive a response from your Custom Resource",
        );
        expect((cloud.clock.now() - before) / 1000).toBeCloseTo(300, -1);
      },
    ));

  it("must name a function", () =>
    withFunction(
      () => undefined,
      async (stacks) => {
        const noFunction = body("Size: 1").replace(TOKEN, "arn:aws:sns:us-east-1:123456789012:topic");
        await expect(stacks.deploy({ name: "shop", body: noFunction })).rejects.toThrow(
          "ServiceToken must be the ARN of a function",
        );
      },
    ));
});
