/** Deliveries to a function, played by a service of our own that fails as often as it is told. */
import * as lambda from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { ServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Service, ServiceEntry } from "../../../core/service.ts";
import { testCloud } from "../../../testing.ts";
import { SERVICES } from "../../index.ts";

async function topicWithFunction(failures: ServiceError[]) {
  const invocations: { at: number; event: unknown; input: lambda.InvokeCommandInput }[] = [];
  const service: Service<typeof lambda> = {
    sdk: lambda,
    permissions: () => [],
    handlers: {
      Invoke: (input) => {
        // SNS passes bytes, one of the kinds that the SDK's type allows.
        const event: unknown = JSON.parse(Buffer.from(input.Payload as Uint8Array).toString());
        invocations.push({ at: cloud.clock.now() - start, event, input });
        const failure = failures.shift();
        if (failure) throw failure;
        return { StatusCode: 202 };
      },
    },
  };
  const fake: ServiceEntry = {
    id: "lambda",
    signingName: "lambda",
    protocol: "rest-json",
    resources: [],
    load: async () => ({ create: () => service as Service }),
  };
  const cloud = await testCloud({ services: [...SERVICES.filter(({ id }) => id === "sns" || id === "sqs"), fake] });
  const start = cloud.clock.now();
  const { TopicArn } = await cloud.call("sns", "CreateTopic", { Name: "t" }, ACCOUNT);
  const Endpoint = cloud.arn("lambda", "function:f");
  const subscribed = await cloud.call("sns", "Subscribe", { TopicArn, Protocol: "lambda", Endpoint }, ACCOUNT);
  const publish = async (Message: string) => {
    const { MessageId } = await cloud.call("sns", "Publish", { TopicArn, Message }, ACCOUNT);
    await cloud.clock.settle();
    return MessageId;
  };
  return { cloud, TopicArn, ...subscribed, publish, invocations };
}

const throttled = () => new ServiceError("TooManyRequestsException", "Rate Exceeded.", { status: 429 });

describe("a function", () => {
  it("is invoked asynchronously with one record, as AWS makes it", async () => {
    const { cloud, TopicArn, SubscriptionArn, publish, invocations } = await topicWithFunction([]);
    await using _ = cloud;
    const MessageId = await publish("hello");
    expect(invocations).toHaveLength(1);
    expect(invocations[0]?.input).toMatchObject({
      FunctionName: cloud.arn("lambda", "function:f"),
      InvocationType: "Event",
    });
    expect(invocations[0]?.event).toEqual({
      Records: [
        {
          EventSource: "aws:sns",
          EventVersion: "1.0",
          EventSubscriptionArn: SubscriptionArn,
          Sns: {
            Type: "Notification",
            MessageId,
            TopicArn,
            Subject: null,
            Message: "hello",
            Timestamp: "2030-01-07T12:00:00.000Z",
            SignatureVersion: "1",
            Signature: expect.any(String),
            SigningCertUrl: expect.any(String),
            UnsubscribeUrl: expect.any(String),
            MessageAttributes: {},
          },
        },
      ],
    });
  });

  it("that throttles gets the message again: at once three times, then after a second", async () => {
    const { cloud, publish, invocations } = await topicWithFunction([
      throttled(),
      throttled(),
      throttled(),
      throttled(),
    ]);
    await using _ = cloud;
    await publish("again");
    expect(invocations.map(({ at }) => at)).toEqual([0, 0, 0, 0, 1_000]);
  });

  it("that is gone gets nothing again, and the loss is logged", async () => {
    const gone = new ServiceError("ResourceNotFoundException", "Function not found", { status: 404 });
    const { cloud, publish, invocations } = await topicWithFunction([gone]);
    await using _ = cloud;
    await publish("lost");
    expect(invocations).toHaveLength(1);
    expect(cloud.logged).toEqual([expect.stringContaining("ResourceNotFoundException")]);
  });
});
