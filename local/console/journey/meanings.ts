/** Which calls hand something on, to whom, and by which ids it is known afterwards. */
import type { Meaning, Target } from "./hop.ts";
import { idsIn } from "./ids.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What a call hands on; undefined for all others. Inputs and outputs are those of the SDK. */
export function meaningOf(service: string, operation: string, input: unknown): Meaning | undefined {
  const name = `${service}:${operation}`;
  return Object.hasOwn(MEANINGS, name) ? MEANINGS[name]?.(fieldsOf(input)) : undefined;
}

const object = (input: Fields): Meaning => {
  const key = text(input["Key"]);
  return {
    target: { kind: "object", name: text(input["Bucket"]), key },
    content: "",
    says: key,
    // A mail, an upload: what reads it later names its key.
    produced: () => [...idsIn(key)],
  };
};

const message = (input: Fields): Meaning => ({
  target: { kind: "queue", name: lastOf(text(input["QueueUrl"]), "/") },
  content: text(input["MessageBody"]),
  produced: (output) => ids(fieldsOf(output)["MessageId"]),
});

const mail = (input: Fields): Meaning => ({
  target: { kind: "mail", name: "" },
  content: "",
  says: to(input),
  produced: (output) => ids(fieldsOf(output)["MessageId"]),
  ended: (output) => ({ kind: "mail", name: text(fieldsOf(output)["MessageId"]) }),
});

const execution = (input: Fields): Meaning => {
  const machine: Target = { kind: "machine", name: text(input["stateMachineArn"]) };
  return {
    target: machine,
    content: text(input["input"]),
    produced: (output) => ids(fieldsOf(output)["executionArn"]),
    ended: (output) => {
      const arn = text(fieldsOf(output)["executionArn"]);
      // Express executions leave nothing behind that could be looked at.
      return arn.includes(":execution:") ? { kind: "execution", name: arn } : machine;
    },
  };
};

const MEANINGS: Readonly<Record<string, (input: Fields) => Meaning>> = {
  "s3:PutObject": object,
  "s3:CopyObject": object,
  "s3:CompleteMultipartUpload": object,
  "s3:DeleteObject": object,
  "sqs:SendMessage": message,
  "sqs:SendMessageBatch": (input) => {
    const entries = listOf(input["Entries"]);
    return {
      target: { kind: "queue", name: lastOf(text(input["QueueUrl"]), "/") },
      content: joined(entries.map((entry) => entry["MessageBody"])),
      says: counted(entries.length, "message"),
      produced: (output) => listOf(fieldsOf(output)["Successful"]).flatMap((each) => ids(each["MessageId"])),
    };
  },
  "sns:Publish": (input) => ({
    target: { kind: "topic", name: lastOf(text(input["TopicArn"]), ":") || text(input["PhoneNumber"]) },
    content: text(input["Message"]),
    says: text(input["Subject"]),
    produced: (output) => ids(fieldsOf(output)["MessageId"]),
  }),
  "sns:PublishBatch": (input) => {
    const entries = listOf(input["PublishBatchRequestEntries"]);
    return {
      target: { kind: "topic", name: lastOf(text(input["TopicArn"]), ":") },
      content: joined(entries.map((entry) => entry["Message"])),
      says: counted(entries.length, "message"),
      produced: (output) => listOf(fieldsOf(output)["Successful"]).flatMap((each) => ids(each["MessageId"])),
    };
  },
  "events:PutEvents": (input) => {
    const entries = listOf(input["Entries"]);
    const [first = {}] = entries;
    return {
      target: { kind: "bus", name: lastOf(text(first["EventBusName"]) || "default", "/") },
      content: joined(entries.map((entry) => entry["Detail"])),
      says:
        entries.length === 1
          ? `${text(first["Source"])} · ${text(first["DetailType"])}`
          : counted(entries.length, "event"),
      produced: (output) => listOf(fieldsOf(output)["Entries"]).flatMap((each) => ids(each["EventId"])),
    };
  },
  "lambda:Invoke": (input) => {
    const payload = textOf(input["Payload"]);
    const request = requestIn(payload);
    return {
      target: { kind: "function", name: functionName(text(input["FunctionName"])) },
      content: payload,
      ...(request !== undefined && { says: request }),
    };
  },
  "states:StartExecution": execution,
  "states:StartSyncExecution": execution,
  "ses:SendEmail": mail,
  "ses:SendRawEmail": mail,
  "ses:SendTemplatedEmail": mail,
  "sesv2:SendEmail": mail,
};

/** Name of a table, bucket or queue that a call without a meaning of its own is about. */
export function subjectOf(input: unknown): Target {
  const fields = fieldsOf(input);
  const table = text(fields["TableName"]) || tableWithin(fields);
  if (table !== "") return { kind: "table", name: lastOf(table, "/") };
  const bucket = text(fields["Bucket"]);
  if (bucket !== "") return { kind: "object", name: bucket, key: text(fields["Key"]) };
  const queue = text(fields["QueueUrl"]);
  return queue === "" ? { kind: "other", name: "" } : { kind: "queue", name: lastOf(queue, "/") };
}

/** The first table of a transaction or batch. */
function tableWithin({ TransactItems, RequestItems }: Fields): string {
  const [first = {}] = listOf(TransactItems);
  const [action] = Object.values(first);
  return text(fieldsOf(action)["TableName"]) || (Object.keys(fieldsOf(RequestItems))[0] ?? "");
}

/** `POST /orders`, of what API Gateway and function URLs hand to a function. */
export function requestIn(payload: string): string | undefined {
  if (!payload.startsWith("{") || !payload.includes("requestContext")) return undefined;
  try {
    const event = fieldsOf(JSON.parse(payload));
    const { http } = fieldsOf(event["requestContext"]);
    const method = text(event["httpMethod"]) || text(fieldsOf(http)["method"]);
    const path = text(event["path"]) || text(event["rawPath"]);
    return method === "" ? undefined : `${method} ${path}`;
  } catch {
    return undefined;
  }
}

/** Of a name or an ARN, without a version or alias. */
export const functionName = (reference: string): string =>
  reference.includes(":function:") ? (reference.split(":")[6] ?? reference) : (reference.split(":")[0] ?? reference);

const fieldsOf = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const textOf = (value: unknown): string =>
  value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString()
    : typeof value === "string"
      ? value
      : "";
const ids = (value: unknown): string[] => (typeof value === "string" && value !== "" ? [value] : []);
const joined = (values: readonly unknown[]): string => values.map(text).join("\n");
const lastOf = (value: string, separator: string): string => value.slice(value.lastIndexOf(separator) + 1);
const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;
const to = (input: Fields): string => {
  const addresses = fieldsOf(input["Destination"])["ToAddresses"] ?? input["Destinations"];
  return Array.isArray(addresses) ? addresses.map(text).join(", ") : "";
};
