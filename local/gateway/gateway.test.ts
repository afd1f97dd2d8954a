import { connect } from "node:net";
import * as Monitoring from "@aws-sdk/client-cloudwatch";
import * as Lambda from "@aws-sdk/client-lambda";
import * as S3 from "@aws-sdk/client-s3";
import * as SNS from "@aws-sdk/client-sns";
import * as SQS from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalCloud, startCloud } from "../cloud.ts";
import { ServiceError } from "../core/errors.ts";
import type { Service } from "../core/service.ts";
import { SERVICES } from "../services/index.ts";
import { clientConfig } from "../testing.ts";

/** Services that answer what they were asked, so that only the protocols are under test. */
const seen: Record<string, unknown> = {};
const echo: Record<string, Service> = {
  s3: {
    sdk: S3,
    permissions: () => [],
    handlers: {
      PutObject: (input) => {
        seen["PutObject"] = input;
        return { ETag: '"abc"', VersionId: "v1" };
      },
      GetObject: (input) => {
        if (input.Key === "missing")
          throw new ServiceError("NoSuchKey", "The specified key does not exist.", {
            status: 404,
            detail: { Key: "missing" },
          });
        if (input.IfNoneMatch) throw new ServiceError("NotModified", "Not Modified", { status: 304 });
        const body = Buffer.from("0123456789");
        const range = input.Range ? { ContentRange: "bytes 2-4/10" } : {};
        return {
          Body: (input.Range ? body.subarray(2, 5) : body) as never,
          Metadata: { "x-name": "Grüße" },
          LastModified: new Date(0),
          ...range,
        };
      },
      ListObjectsV2: (input) => ({
        Name: input.Bucket,
        Prefix: input.Prefix,
        KeyCount: 1,
        IsTruncated: false,
        Contents: [{ Key: "a&<b>", Size: 3, LastModified: new Date(0) }],
      }),
      DeleteObjects: (input) => ({ Deleted: input.Delete?.Objects?.map(({ Key }) => ({ Key })) }),
      HeadObject: () => {
        throw new ServiceError("NotFound", "Not Found", { status: 404 });
      },
    },
  } satisfies Service<typeof S3> as unknown as Service,
  sqs: {
    sdk: SQS,
    permissions: () => [],
    handlers: {
      SendMessage: (input) => {
        seen["SendMessage"] = input;
        return { MessageId: "m1", MD5OfMessageBody: "5d41402abc4b2a76b9719d911017c592" };
      },
      DeleteQueue: () => {
        throw new ServiceError("QueueDoesNotExist", "The specified queue does not exist.");
      },
    },
  } satisfies Service<typeof SQS> as unknown as Service,
  sns: {
    sdk: SNS,
    permissions: () => [],
    handlers: {
      Publish: (input) => {
        seen["Publish"] = input;
        return { MessageId: "n1" };
      },
      Subscribe: () => {
        throw new ServiceError("NotFoundException", "Topic does not exist", { status: 404 });
      },
    },
  } satisfies Service<typeof SNS> as unknown as Service,
  lambda: {
    sdk: Lambda,
    permissions: () => [],
    handlers: {
      Invoke: (input) => ({ StatusCode: 200, Payload: input.Payload as never, FunctionError: "Unhandled" }),
      GetFunction: () => {
        throw new Error("a defect");
      },
    },
  } satisfies Service<typeof Lambda> as unknown as Service,
  cloudwatch: {
    sdk: Monitoring,
    permissions: () => [],
    handlers: {
      GetMetricStatistics: (input) => ({
        Label: input.MetricName,
        Datapoints: [{ Timestamp: input.StartTime, Sum: 1.5 }],
      }),
    },
  } satisfies Service<typeof Monitoring> as unknown as Service,
};

let cloud: LocalCloud;
const logged: string[] = [];
beforeAll(async () => {
  const services = SERVICES.filter(({ id }) => id in echo).map((entry) => ({
    ...entry,
    load: async () => ({ create: () => echo[entry.id] as Service }),
  }));
  const log = { info: () => {}, warn: () => {}, error: (message: string) => void logged.push(message) };
  cloud = await startCloud({ virtual: true, startAt: Date.UTC(2031, 4, 1), services, log });
});
afterAll(() => cloud.stop());

describe("restXml", () => {
  const s3 = () => new S3.S3Client({ ...clientConfig(cloud) });

  it("carries odd keys, metadata and a streamed, chunk-signed body", async () => {
    const answer = await s3().send(
      new S3.PutObjectCommand({
        Bucket: "b",
        Key: "a b/ü+%/x",
        Body: "hello",
        Metadata: { who: "me" },
        ContentType: "text/plain",
      }),
    );
    expect(answer).toMatchObject({ ETag: '"abc"', VersionId: "v1" });
    expect(seen["PutObject"]).toMatchObject({
      Bucket: "b",
      Key: "a b/ü+%/x",
      Metadata: { who: "me" },
      ContentType: "text/plain",
    });
    expect(String((seen["PutObject"] as { Body: Buffer }).Body)).toBe("hello");
  });

  it("answers bodies, ranges with 206, and dates", async () => {
    const whole = await s3().send(new S3.GetObjectCommand({ Bucket: "b", Key: "k" }));
    expect(await whole.Body?.transformToString()).toBe("0123456789");
    expect(whole.LastModified).toEqual(new Date(0));
    const part = await s3().send(new S3.GetObjectCommand({ Bucket: "b", Key: "k", Range: "bytes=2-4" }));
    expect([await part.Body?.transformToString(), part.$metadata.httpStatusCode]).toEqual(["234", 206]);
  });

  it("escapes listings", async () => {
    const listing = await s3().send(new S3.ListObjectsV2Command({ Bucket: "b", Prefix: "p" }));
    expect(listing).toMatchObject({ Name: "b", Prefix: "p", Contents: [{ Key: "a&<b>", Size: 3 }] });
  });

  it("reads XML bodies", async () => {
    const answer = await s3().send(
      new S3.DeleteObjectsCommand({ Bucket: "b", Delete: { Objects: [{ Key: "x" }, { Key: "y<" }] } }),
    );
    expect(answer.Deleted).toEqual([{ Key: "x" }, { Key: "y<" }]);
  });

  it("answers errors with code, message and details, and HEAD errors without a body", async () => {
    await expect(s3().send(new S3.GetObjectCommand({ Bucket: "b", Key: "missing" }))).rejects.toMatchObject({
      name: "NoSuchKey",
      Key: "missing",
      $metadata: { httpStatusCode: 404 },
    });
    await expect(s3().send(new S3.HeadObjectCommand({ Bucket: "b", Key: "k" }))).rejects.toMatchObject({
      name: "NotFound",
    });
    await expect(s3().send(new S3.GetObjectCommand({ Bucket: "b", Key: "k", IfNoneMatch: "x" }))).rejects.toMatchObject(
      { $metadata: { httpStatusCode: 304 } },
    );
  });

  it("refuses XML that is none", async () => {
    const answer = await fetch(`${cloud.endpoint}/b?delete`, { method: "POST", body: "<Delete><Obj" });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("<Code>MalformedXML</Code>");
  });
});

describe("awsJson", () => {
  const sqs = () => new SQS.SQSClient(clientConfig(cloud));

  it("carries structures, binary and maps", async () => {
    await sqs().send(
      new SQS.SendMessageCommand({
        QueueUrl: "q",
        MessageBody: "hello",
        MessageAttributes: { a: { DataType: "Binary", BinaryValue: Buffer.from([1, 2]) } },
      }),
    );
    const attribute = (seen["SendMessage"] as SQS.SendMessageCommandInput).MessageAttributes?.["a"];
    expect([...(attribute?.BinaryValue ?? [])]).toEqual([1, 2]);
  });

  it("names errors as the SDK does", async () => {
    await expect(sqs().send(new SQS.DeleteQueueCommand({ QueueUrl: "q" }))).rejects.toBeInstanceOf(
      SQS.QueueDoesNotExist,
    );
  });

  it.each([
    ["broken JSON", '{"QueueUrl":'],
    ["a list", "[]"],
    ["a number", "5"],
  ])("refuses %s", async (_name, body) => {
    const answer = await fetch(cloud.endpoint, {
      method: "POST",
      headers: { "x-amz-target": "AmazonSQS.SendMessage", "content-type": "application/x-amz-json-1.0" },
      body,
    });
    expect([answer.status, await answer.json()]).toMatchObject([400, { __type: "SerializationException" }]);
  });
});

describe("awsQuery", () => {
  const sns = () => new SNS.SNSClient(clientConfig(cloud));

  it("carries nested maps and text with markup", async () => {
    const answer = await sns().send(
      new SNS.PublishCommand({
        TopicArn: "t",
        Message: "a<b>&\n",
        MessageAttributes: { k: { DataType: "String", StringValue: "v" }, l: { DataType: "Number", StringValue: "2" } },
      }),
    );
    expect(answer.MessageId).toBe("n1");
    expect(seen["Publish"]).toEqual({
      TopicArn: "t",
      Message: "a<b>&\n",
      MessageAttributes: { k: { DataType: "String", StringValue: "v" }, l: { DataType: "Number", StringValue: "2" } },
    });
  });

  it("names errors by their query code", async () => {
    await expect(sns().send(new SNS.SubscribeCommand({ TopicArn: "t", Protocol: "sqs" }))).rejects.toBeInstanceOf(
      SNS.NotFoundException,
    );
  });
});

describe("restJson and CBOR", () => {
  it("carries raw payloads, headers and the status code", async () => {
    const answer = await new Lambda.LambdaClient(clientConfig(cloud)).send(
      new Lambda.InvokeCommand({ FunctionName: "f", Payload: '{"a":1}' }),
    );
    expect([answer.StatusCode, answer.FunctionError, Buffer.from(answer.Payload ?? []).toString()]).toEqual([
      200,
      "Unhandled",
      '{"a":1}',
    ]);
  });

  it("carries dates and numbers", async () => {
    const at = new Date(Date.UTC(2031, 0, 1));
    const answer = await new Monitoring.CloudWatchClient(clientConfig(cloud)).send(
      new Monitoring.GetMetricStatisticsCommand({
        Namespace: "n",
        MetricName: "m",
        StartTime: at,
        EndTime: at,
        Period: 60,
      }),
    );
    expect(answer).toMatchObject({ Label: "m", Datapoints: [{ Timestamp: at, Sum: 1.5 }] });
  });
});

describe("what is not there", () => {
  it("is answered NotImplemented in the caller's protocol and listed", async () => {
    await expect(
      new SQS.SQSClient({ ...clientConfig(cloud), maxAttempts: 1 }).send(new SQS.ListQueuesCommand({})),
    ).rejects.toMatchObject({ name: "NotImplemented", $metadata: { httpStatusCode: 501 } });
    await expect(
      new S3.S3Client({ ...clientConfig(cloud), maxAttempts: 1 }).send(new S3.GetBucketPolicyCommand({ Bucket: "b" })),
    ).rejects.toMatchObject({ name: "NotImplemented" });
    expect([...cloud.dispatcher.missing]).toEqual(expect.arrayContaining(["sqs:ListQueues", "s3:GetBucketPolicy"]));
  });

  it("says so for a whole service", async () => {
    const answer = await fetch(cloud.endpoint, {
      method: "POST",
      headers: { "x-amz-target": "Kendra.Query" },
      body: "{}",
    });
    expect([answer.status, await answer.text()]).toEqual([501, expect.stringContaining("has no service for Kendra")]);
  });
});

describe("trouble", () => {
  it("a defect in a handler is an InternalFailure without a stack, and is logged", async () => {
    await expect(
      new Lambda.LambdaClient({ ...clientConfig(cloud), maxAttempts: 1 }).send(
        new Lambda.GetFunctionCommand({ FunctionName: "f" }),
      ),
    ).rejects.toMatchObject({ name: "InternalFailure", $metadata: { httpStatusCode: 500 } });
    expect(logged.at(-1)).toContain("/functions/f");
  });

  it("bytes that are not HTTP end the connection, not the cloud", async () => {
    const { port } = new URL(cloud.endpoint);
    await new Promise<void>((resolve, reject) => {
      const socket = connect(Number(port), "127.0.0.1", () => socket.write("\x00\x01\x02 garbage\r\n\r\n"));
      socket
        .on("close", () => resolve())
        .on("error", reject)
        .resume();
    });
    expect((await fetch(`${cloud.endpoint}/_apis/none/x`)).status).toBeGreaterThanOrEqual(400);
  });

  it("an expired presigned URL is refused by the cloud's clock", async () => {
    const query =
      "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK%2F20310430%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20310430T230000Z&X-Amz-Expires=60&X-Amz-Signature=0";
    const late = await fetch(`${cloud.endpoint}/b/k?${query}`);
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining("Request has expired")]);
    const inTime = await fetch(`${cloud.endpoint}/b/k?${query.replace("Expires=60", "Expires=7200")}`);
    expect(inTime.status).toBe(200);
  });

  it("answers carry the cloud's time", async () => {
    const answer = await fetch(`${cloud.endpoint}/b/k`);
    expect(answer.headers.get("date")).toBe("Thu, 01 May 2031 00:00:00 GMT");
  });

  it("a body of 200 MB is refused by a service that takes no such thing", async () => {
    const answer = await fetch(cloud.endpoint, {
      method: "POST",
      headers: { "x-amz-target": "AmazonSQS.SendMessage" },
      body: Buffer.alloc(200 * 1024 * 1024, " "),
    });
    expect(answer.status).toBe(413);
  });
});
