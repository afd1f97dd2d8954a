/** A record of a DynamoDB stream as a function gets it ("Using AWS Lambda with Amazon DynamoDB": example event). */
import type { _Record as StreamRecord } from "@aws-sdk/client-dynamodb-streams";

export interface DynamoDbRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventVersion: string;
  readonly eventSource: "aws:dynamodb";
  readonly awsRegion: string;
  readonly dynamodb: Readonly<Record<string, unknown>> & {
    readonly SequenceNumber: string;
    /** Epoch seconds. */
    readonly ApproximateCreationDateTime: number;
  };
  readonly eventSourceARN: string;
}

export function dynamoDbRecord(record: StreamRecord, streamArn: string): DynamoDbRecord {
  const { ApproximateCreationDateTime: createdAt, ...change } = record.dynamodb ?? {};
  const identity = record.userIdentity && {
    userIdentity: { type: record.userIdentity.Type, principalId: record.userIdentity.PrincipalId },
  };
  return {
    eventID: record.eventID ?? "",
    eventName: record.eventName ?? "",
    eventVersion: record.eventVersion ?? "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: record.awsRegion ?? streamArn.split(":")[3] ?? "",
    dynamodb: {
      ApproximateCreationDateTime: Math.floor((createdAt?.getTime() ?? 0) / 1000),
      // The rest is what GetRecords answers; only bytes have another form in JSON.
      ...(plain(change) as Record<string, unknown>),
      SequenceNumber: change.SequenceNumber ?? "",
    },
    ...identity,
    eventSourceARN: streamArn,
  };
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}
