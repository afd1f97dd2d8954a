import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { correlationOf, correlationOfRecord } from "./correlation.ts";

describe("the correlation id", () => {
  it.each([
    ["a REST API", { httpMethod: "GET", headers: {}, requestContext: { requestId: "rest-1" } }, "rest-1"],
    [
      "an HTTP API",
      { version: "2.0", headers: { "X-Correlation-Id": "mine" }, requestContext: { requestId: "http-1", http: {} } },
      "mine",
    ],
    ["a load balancer", { headers: { "x-amzn-trace-id": "Root=1-a-b" }, requestContext: { elb: {} } }, "Root=1-a-b"],
    ["EventBridge", { id: "e-1", "detail-type": "Object Created", detail: {} }, "e-1"],
    ["EventBridge with an id passed on", { id: "e-1", "detail-type": "x", detail: { correlationId: "mine" } }, "mine"],
    ["EventBridge with metadata", { id: "e-1", "detail-type": "x", detail: { metadata: { correlationId: "m" } } }, "m"],
    ["SQS", { Records: [{ eventSource: "aws:sqs", messageId: "m-1" }] }, "m-1"],
    [
      "SQS with an attribute",
      {
        Records: [
          { eventSource: "aws:sqs", messageId: "m-1", messageAttributes: { correlationId: { stringValue: "mine" } } },
        ],
      },
      "mine",
    ],
    ["SNS", { Records: [{ EventSource: "aws:sns", Sns: { MessageId: "s-1" } }] }, "s-1"],
    [
      "SNS with an attribute",
      {
        Records: [
          {
            EventSource: "aws:sns",
            Sns: { MessageId: "s-1", MessageAttributes: { correlationId: { Value: "mine" } } },
          },
        ],
      },
      "mine",
    ],
    [
      "S3",
      { Records: [{ eventSource: "aws:s3", responseElements: { "x-amz-request-id": "C3D13FE58DE4C810" } }] },
      "C3D13FE58DE4C810",
    ],
    ["DynamoDB Streams", { Records: [{ eventSource: "aws:dynamodb", eventID: "d-1" }] }, "d-1"],
    ["Kinesis", { Records: [{ eventSource: "aws:kinesis", eventID: "shardId-0:4959" }] }, "shardId-0:4959"],
    ["SES", { Records: [{ eventSource: "aws:ses", ses: { mail: { messageId: "mail-1" } } }] }, "mail-1"],
    ["Firehose", { invocationId: "f-1", records: [] }, "f-1"],
    [
      "a task of a state machine",
      { executionId: "arn:aws:states:eu-west-1:123456789012:execution:m:e" },
      "arn:aws:states:eu-west-1:123456789012:execution:m:e",
    ],
    [
      "a context object",
      { Execution: { Id: "arn:aws:states:eu-west-1:123456789012:execution:m:e" } },
      "arn:aws:states:eu-west-1:123456789012:execution:m:e",
    ],
    ["a direct invocation", { correlationId: "mine" }, "mine"],
    ["an event without any", { order: 1 }, undefined],
    [
      "a batch, whose records have their own",
      {
        Records: [
          { eventSource: "aws:sqs", messageId: "1" },
          { eventSource: "aws:sqs", messageId: "2" },
        ],
      },
      undefined,
    ],
  ])("of %s", (_, event, expected) => {
    expect(correlationOf(event)).toBe(expected);
  });

  it.each(["a\nb", "", "x".repeat(257), '"}{', "<script>", 7, { toString: () => "x" }])(
    "is not what a caller sends as %j",
    (id) => {
      expect(correlationOf({ correlationId: id })).toBeUndefined();
      expect(correlationOf({ headers: { "x-correlation-id": id }, requestContext: { requestId: "r-1" } })).toBe("r-1");
    },
  );

  it("is not taken from a prototype", () => {
    expect(correlationOf(JSON.parse('{"Execution":{"__proto__":{"Id":"x"}}}'))).toBeUndefined();
    expect(correlationOf(Object.create({ Execution: 1 }))).toBeUndefined();
  });

  it("never throws, whatever the event", () => {
    fc.assert(
      fc.property(fc.anything(), (event) => {
        expect(["string", "undefined"]).toContain(typeof correlationOf(event));
        expect(["string", "undefined"]).toContain(typeof correlationOfRecord(event));
        expect(["string", "undefined"]).toContain(typeof correlationOf({ Records: [event], requestContext: event }));
      }),
    );
  });
});
