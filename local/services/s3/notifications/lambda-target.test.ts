/** Functions as targets, with a function service that only writes down what it is asked. */
import * as Lambda from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import type { PolicyDocument } from "../../../core/principal.ts";
import type { Service } from "../../../core/service.ts";
import { testCloud } from "../../../testing.ts";
import { SERVICES } from "../../index.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:resize";

function recordingLambda(sourceArn: string) {
  const asked: { type: string | undefined; payload: unknown; by: unknown }[] = [];
  const policy: PolicyDocument = {
    Version: "2012-10-17",
    Statement: {
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource: FUNCTION,
      Condition: { ArnLike: { "AWS:SourceArn": sourceArn } },
    },
  };
  const service: Service<typeof Lambda> = {
    sdk: Lambda,
    permissions: () => [{ action: "lambda:InvokeFunction", resource: FUNCTION }],
    resourcePolicy: () => policy,
    handlers: {
      Invoke: (input, call) => {
        const text = Buffer.from((input.Payload as Uint8Array | undefined) ?? []).toString();
        asked.push({ type: input.InvocationType, payload: text && JSON.parse(text), by: call.principal });
        return { StatusCode: 202 };
      },
    },
  };
  const services = SERVICES.map((entry) =>
    entry.id === "lambda" ? { ...entry, load: async () => ({ create: () => service as Service }) } : entry,
  );
  return { asked, services };
}

async function configured(sourceArn: string) {
  const { asked, services } = recordingLambda(sourceArn);
  const cloud = await testCloud({ services });
  const s3 = cloud.client(S3Client);
  const Bucket = "pictures";
  await s3.send(new CreateBucketCommand({ Bucket }));
  const entry = { LambdaFunctionArn: FUNCTION, Events: ["s3:ObjectCreated:*" as const] };
  const configure = () =>
    s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        NotificationConfiguration: { LambdaFunctionConfigurations: [entry] },
      }),
    );
  return { asked, cloud, s3, configure, Bucket };
}

describe("a function", () => {
  it("is invoked asynchronously, after it was asked whether S3 may", async () => {
    const { asked, cloud, s3, configure, Bucket } = await configured("arn:aws:s3:::pictures");
    await configure();
    await s3.send(new PutObjectCommand({ Bucket, Key: "a.png", Body: "x" }));
    await cloud.clock.settle();
    expect(asked).toMatchObject([
      { type: "DryRun" },
      {
        type: "Event",
        payload: { Records: [{ eventName: "ObjectCreated:Put", s3: { object: { key: "a.png" } } }] },
        by: { kind: "service", service: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::pictures" },
      },
    ]);
    await cloud.stop();
  });

  it("that is open to another bucket only is refused", async () => {
    const { asked, cloud, configure } = await configured("arn:aws:s3:::others");
    await expect(configure()).rejects.toMatchObject({
      name: "InvalidArgument",
      ArgumentValue1: `Not authorized to invoke function [${FUNCTION}]`,
    });
    expect(asked).toEqual([]);
    await cloud.stop();
  });
});
