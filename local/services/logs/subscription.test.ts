import { gunzipSync } from "node:zlib";
import * as Logs from "@aws-sdk/client-cloudwatch-logs";
import * as Lambda from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import type { PolicyDocument } from "../../core/principal.ts";
import { testCloud } from "../../testing.ts";
import { SERVICES } from "../index.ts";

const arn = "arn:aws:lambda:us-east-1:123456789012:function:shipper";
const source = "arn:aws:logs:us-east-1:123456789012:log-group:g:*";

/** A cloud whose Lambda only writes down what it is called with. */
async function withRecorder(allowed: string) {
  const payloads: string[] = [];
  const resourcePolicy: PolicyDocument = {
    Statement: {
      Effect: "Allow",
      Principal: { Service: "logs.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource: arn,
      Condition: { ArnLike: { "aws:SourceArn": allowed } },
    },
  };
  const lambda = () => ({
    sdk: Lambda,
    permissions: () => [{ action: "lambda:InvokeFunction", resource: arn }],
    resourcePolicy: () => resourcePolicy,
    handlers: {
      Invoke: (input: Lambda.InvokeCommandInput) => {
        if (input.InvocationType === "Event") payloads.push(Buffer.from(Object.values(input.Payload ?? {})).toString());
        return { StatusCode: input.InvocationType === "DryRun" ? 204 : 202 };
      },
    },
  });
  const services = SERVICES.map((entry) =>
    entry.id === "lambda" ? { ...entry, load: async () => ({ create: lambda }) } : entry,
  );
  const cloud = await testCloud({ services });
  const logs = cloud.client(Logs.CloudWatchLogsClient);
  await logs.send(new Logs.CreateLogGroupCommand({ logGroupName: "g" }));
  await logs.send(new Logs.CreateLogStreamCommand({ logGroupName: "g", logStreamName: "s" }));
  const subscribe = (destinationArn = arn) =>
    logs.send(
      new Logs.PutSubscriptionFilterCommand({
        logGroupName: "g",
        filterName: "f",
        filterPattern: "ERROR",
        destinationArn,
      }),
    );
  return { cloud, logs, payloads, subscribe };
}

describe("a subscription", () => {
  it("gets the events that fit, packed as Lambda gets them", async () => {
    const { cloud, logs, payloads, subscribe } = await withRecorder(source);
    await using _ = cloud;
    await subscribe();
    const timestamp = cloud.clock.now();
    const logEvents = ["ERROR a", "fine", "ERROR b"].map((message) => ({ timestamp, message }));
    await logs.send(new Logs.PutLogEventsCommand({ logGroupName: "g", logStreamName: "s", logEvents }));
    await logs.send(
      new Logs.PutLogEventsCommand({
        logGroupName: "g",
        logStreamName: "s",
        logEvents: [{ timestamp, message: "fine" }],
      }),
    );
    await cloud.clock.settle();
    expect(payloads).toHaveLength(1);
    const packed = JSON.parse(payloads[0] ?? "null") as { awslogs: { data: string } };
    expect(JSON.parse(gunzipSync(Buffer.from(packed.awslogs.data, "base64")).toString())).toEqual({
      messageType: "DATA_MESSAGE",
      owner: "123456789012",
      logGroup: "g",
      logStream: "s",
      subscriptionFilters: ["f"],
      logEvents: ["ERROR a", "ERROR b"].map((message) => ({
        id: expect.stringMatching(/^\d{56}$/),
        timestamp,
        message,
      })),
    });
  });

  it("is refused when Logs may not call the function, or when it is none", async () => {
    const { cloud, subscribe } = await withRecorder("arn:aws:logs:us-east-1:123456789012:log-group:other:*");
    await using _ = cloud;
    await expect(subscribe()).rejects.toThrow(
      "Make sure you have given CloudWatch Logs permission to execute your function.",
    );
    await expect(subscribe("arn:aws:kinesis:us-east-1:123456789012:stream/x")).rejects.toThrow(
      "Only Lambda functions are supported",
    );
  });
});
