import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../../core/principal.ts";
import type { ResourceContext } from "../../core/service.ts";
import { testCloud, type TestCloud } from "../../testing.ts";

const context: ResourceContext = {
  stackName: "shop",
  stackId: "shop-id",
  logicalId: "News",
  tags: {},
  physicalName: () => "shop-News-ABC123",
  folder: undefined,
};

async function provider(cloud: TestCloud, type: string) {
  const found = await cloud.providerOf(type);
  if (!found) throw new Error(`no provider of ${type}`);
  return found;
}

const subscriptionsOf = async (cloud: TestCloud, TopicArn: string) => {
  const { Subscriptions = [] } = await cloud.call("sns", "ListSubscriptionsByTopic", { TopicArn }, ACCOUNT);
  return Subscriptions.map(({ Endpoint }) => Endpoint);
};

describe("AWS::SNS::Topic", () => {
  it("answers its ARN and name, with its inline subscriptions", async () => {
    await using cloud = await testCloud();
    const topics = await provider(cloud, "AWS::SNS::Topic");
    const mail = (Endpoint: string) => ({ Protocol: "email", Endpoint });
    const before = { DisplayName: "News", Subscription: [mail("a@example.com"), mail("b@example.com")] };
    const { physicalId, attributes } = await topics.create(before, context);
    expect(attributes).toEqual({ TopicArn: physicalId, TopicName: "shop-News-ABC123" });
    expect(await subscriptionsOf(cloud, physicalId)).toEqual(["a@example.com", "b@example.com"]);
    const after = { Subscription: [mail("b@example.com"), mail("c@example.com")] };
    await topics.update?.(physicalId, after, before, context);
    expect(await subscriptionsOf(cloud, physicalId)).toEqual(["b@example.com", "c@example.com"]);
    const { Attributes } = await cloud.call("sns", "GetTopicAttributes", { TopicArn: physicalId }, ACCOUNT);
    expect(Attributes?.["DisplayName"]).toBe("");
    expect(await topics.update?.(physicalId, { TopicName: "other" }, before, context)).toBe("replace");
  });
});

describe("AWS::SNS::Subscription", () => {
  it("has filter, scope and raw delivery of the template, and follows their changes", async () => {
    await using cloud = await testCloud();
    const { physicalId: TopicArn } = await (await provider(cloud, "AWS::SNS::Topic")).create({}, context);
    const subscriptions = await provider(cloud, "AWS::SNS::Subscription");
    const base = { TopicArn, Protocol: "sqs", Endpoint: cloud.arn("sqs", "q"), RawMessageDelivery: true };
    const before = { ...base, FilterPolicy: { a: { b: ["c"] } }, FilterPolicyScope: "MessageBody" };
    const { physicalId: SubscriptionArn } = await subscriptions.create(before, context);
    const read = async () =>
      (await cloud.call("sns", "GetSubscriptionAttributes", { SubscriptionArn }, ACCOUNT)).Attributes;
    expect(await read()).toMatchObject({ FilterPolicyScope: "MessageBody", RawMessageDelivery: "true" });
    await subscriptions.update?.(SubscriptionArn, { ...base, FilterPolicy: { a: ["c"] } }, before, context);
    expect(await read()).toMatchObject({ FilterPolicyScope: "MessageAttributes", FilterPolicy: '{"a":["c"]}' });
    await subscriptions.delete(SubscriptionArn, base, context);
    expect(await subscriptionsOf(cloud, TopicArn)).toEqual([]);
  });
});

describe("AWS::SNS::TopicPolicy", () => {
  it("sets the policy of its topics; without one the default is back", async () => {
    await using cloud = await testCloud();
    const { physicalId: TopicArn } = await (await provider(cloud, "AWS::SNS::Topic")).create({}, context);
    const policies = await provider(cloud, "AWS::SNS::TopicPolicy");
    const PolicyDocument = {
      Statement: {
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "sns:Publish",
        Resource: TopicArn,
      },
    };
    const properties = { Topics: [TopicArn], PolicyDocument };
    const read = async () =>
      (await cloud.call("sns", "GetTopicAttributes", { TopicArn }, ACCOUNT)).Attributes?.["Policy"];
    const { physicalId } = await policies.create(properties, context);
    expect(await read()).toBe(JSON.stringify(PolicyDocument));
    await policies.delete(physicalId, properties, context);
    expect(await read()).toContain("__default_policy_ID");
  });
});
