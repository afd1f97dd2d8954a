import { isDeepStrictEqual } from "node:util";
import * as DynamoDB from "@aws-sdk/client-dynamodb";
import * as SQS from "@aws-sdk/client-sqs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SERVICES } from "../../services/index.ts";
import { ServiceSchema } from "../service-schema.ts";
import { oddInput } from "../testing/odd-inputs.ts";
import { jsonRpc, type Schema } from "./codecs.ts";
import { readJson } from "./json-documents.ts";
import { fromJson } from "./json-shapes.ts";

const schemas = {
  dynamodb: schemaOf("dynamodb", DynamoDB),
  sqs: schemaOf("sqs", SQS),
};

function schemaOf(id: string, sdk: unknown): ServiceSchema {
  const entry = SERVICES.find((service) => service.id === id);
  if (!entry) throw new Error(`no service ${id}`);
  return new ServiceSchema(entry, sdk);
}

function inputOf(service: keyof typeof schemas, operation: string): Schema {
  const found = schemas[service].operations.get(operation);
  if (!found) throw new Error(`no operation ${operation}`);
  return found.input;
}

const read = (service: keyof typeof schemas, operation: string, document: unknown): unknown =>
  readJson(
    "rpc",
    service,
    inputOf(service, operation),
    Buffer.from(typeof document === "string" ? document : JSON.stringify(document)),
  );

function errorName(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.name : "no error";
  }
}

describe("values of the wrong type", () => {
  const message = { QueueUrl: "q", MessageBody: "b" };
  it.each<[what: string, document: object, says: string]>([
    ["a number for text", { ...message, MessageBody: 5 }, "NUMBER_VALUE can not be converted to a String"],
    ["a decimal for text", { ...message, MessageBody: 1.5 }, "DECIMAL_VALUE can not be converted to a String"],
    ["a truth for text", { ...message, MessageBody: true }, "TRUE_VALUE can not be converted to a String"],
    ["an untruth for text", { ...message, MessageBody: false }, "FALSE_VALUE can not be converted to a String"],
    ["a list for text", { ...message, MessageBody: [] }, "Start of list found where not expected"],
    ["a structure for text", { ...message, MessageBody: {} }, "Start of structure or map found where not expected."],
    ["text for a number", { ...message, DelaySeconds: "5" }, "STRING_VALUE can not be converted to an Integer"],
    ["a truth for a number", { ...message, DelaySeconds: true }, "TRUE_VALUE can not be converted to an Integer"],
    ["text for a map", { ...message, MessageAttributes: "x" }, "Expected map or null"],
    ["a list for a map", { ...message, MessageAttributes: [] }, "Start of list found where not expected"],
    ["text for a structure", { ...message, MessageAttributes: { a: "x" } }, "Expected null"],
    ["a list for a structure", { ...message, MessageAttributes: { a: [] } }, "Start of list found where not expected"],
    [
      "a number for bytes",
      { ...message, MessageAttributes: { a: { DataType: "Binary", BinaryValue: 5 } } },
      "NUMBER_VALUE can not be converted to a Blob",
    ],
    [
      "text that is not base64 for bytes",
      { ...message, MessageAttributes: { a: { DataType: "Binary", BinaryValue: "abcde" } } },
      "Base64 encoded length is expected a multiple of 4 bytes but found: 5",
    ],
    ["a list as the document", [], "Start of list found where not expected"],
  ])("%s is refused", (_, document, says) =>
    expect(() => read("sqs", "SendMessage", document)).toThrow(
      expect.objectContaining({ name: "SerializationException", message: says, status: 400 }),
    ),
  );

  it("text for a list is refused", () =>
    expect(() => read("sqs", "ReceiveMessage", { QueueUrl: "q", AttributeNames: "All" })).toThrow(
      "Expected list or null",
    ));

  const item = (value: unknown) => ({ TableName: "t", Item: value });
  it.each<[what: string, operation: string, document: object, says: string]>([
    ["a number for text", "PutItem", { TableName: 5 }, "NUMBER_VALUE cannot be converted to String"],
    ["a list for text", "PutItem", { TableName: [] }, "Unrecognized collection type class java.lang.String"],
    ["a structure for text", "PutItem", { TableName: {} }, "Start of structure or map found where not expected"],
    ["text for a number", "Scan", { Limit: "5" }, "STRING_VALUE cannot be converted to Integer"],
    ["text for a truth", "Scan", { ConsistentRead: "true" }, "Unexpected token received from parser"],
    ["a number for a truth", "Scan", { ConsistentRead: 1 }, "NUMBER_VALUE cannot be converted to Boolean"],
    ["text for a map", "PutItem", item("x"), "Unexpected field type"],
    [
      "a list for a map",
      "PutItem",
      item([]),
      "Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>",
    ],
    ["text for an attribute value", "PutItem", item({ a: "x" }), "Unexpected value type in payload"],
    [
      "a list for an attribute value",
      "PutItem",
      item({ a: [] }),
      "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue",
    ],
    ["a number as N", "PutItem", item({ a: { N: 5 } }), "NUMBER_VALUE cannot be converted to String"],
    ["a number for bytes", "PutItem", item({ a: { B: 5 } }), "only base-64-encoded strings are convertible to bytes"],
    ["broken base64", "PutItem", item({ a: { B: "=+/=" } }), "Invalid last non-pad Base64 character dectected"],
    ["text for a list of lists", "BatchWriteItem", { RequestItems: { t: "x" } }, "class sun.reflect.generics"],
    ["text deep within", "PutItem", item({ a: { L: [{ M: { b: "x" } }] } }), "Unexpected value type in payload"],
  ])("DynamoDB says it in its own words of %s", (_, operation, document, says) =>
    expect(() => read("dynamodb", operation, document)).toThrow(says),
  );

  it.each([
    ["text that is no JSON", "{"],
    ["nothing at all", "null"],
    ["two documents", "{}{}"],
    ["a number beyond any", '{"Limit":1e999}'],
  ])("%s is refused", (_, text) =>
    expect(() => read("dynamodb", "Scan", text)).toThrow(expect.objectContaining({ name: "SerializationException" })),
  );

  it("bytes that are no UTF-8 are refused", () =>
    expect(() => readJson("rpc", "sqs", inputOf("sqs", "SendMessage"), Buffer.from([0x7b, 0xff, 0x7d]))).toThrow(
      "UTF-8",
    ));
});

describe("what is let through", () => {
  it("null is as good as absent, in lists and maps too", () =>
    expect(read("dynamodb", "PutItem", { TableName: null, Item: { a: { L: [null, { S: "x" }] }, b: null } })).toEqual({
      Item: { a: { L: [{ S: "x" }] } },
    }));

  it("unknown members are left out, of unions too", () =>
    expect(read("dynamodb", "PutItem", { TableName: "t", Nope: [[]], Item: { a: { X: "1" } } })).toEqual({
      TableName: "t",
      Item: { a: {} },
    }));

  it("of a key that is there twice the last value counts", () =>
    expect(read("dynamodb", "PutItem", '{"TableName":"a","TableName":"b"}')).toEqual({ TableName: "b" }));

  it("__proto__ is a key like any other", () => {
    const input = read("dynamodb", "PutItem", '{"__proto__":{"TableName":"x"},"Item":{"__proto__":{"S":"kept"}}}');
    expect(JSON.stringify(input)).toBe('{"Item":{"__proto__":{"S":"kept"}}}');
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["TableName"]).toBeUndefined();
  });

  it("an empty body is an empty document", () => expect(read("sqs", "ListQueues", "")).toEqual({}));

  it("a hundred thousand brackets are ignored where nothing is expected", () => {
    const brackets = "[".repeat(100_000) + "]".repeat(100_000);
    expect(read("sqs", "SendMessage", `{"Nope":${brackets},"MessageBody":"b"}`)).toEqual({ MessageBody: "b" });
  });

  it("and refused where they are", () => {
    const deep = `${'{"L":['.repeat(100_000)}${"]}".repeat(100_000)}`;
    expect(() => read("dynamodb", "PutItem", `{"Item":{"a":${deep}}}`)).toThrow("nested too deeply");
  });

  it("whatever fits the schema is read as the SDK's own codec reads it", async () => {
    const operations = ["PutItem", "Query", "TransactWriteItems", "CreateTable", "BatchWriteItem"];
    for (const operation of operations) {
      const input = inputOf("dynamodb", operation);
      await fc.assert(
        fc.asyncProperty(oddInput(input, { words: [], wrongTypes: 0, forJson: true }), async (document) => {
          // The codec loses this key, and hardly a large document is without it.
          const body = Buffer.from(JSON.stringify(document).replaceAll("__proto__", "proto"));
          const ours = readJson("rpc", "dynamodb", input, body);
          const theirs = await jsonRpc.read(input, body);
          // The matcher tells what differs, but is slow to find two large documents equal: that is done before.
          expect(isDeepStrictEqual(ours, theirs) ? theirs : ours).toEqual(theirs);
        }),
        { numRuns: 60 },
      );
    }
  });

  it("anything else is refused by a SerializationException and nothing else", () => {
    for (const operation of ["PutItem", "UpdateTable", "BatchGetItem"]) {
      const input = inputOf("dynamodb", operation);
      fc.assert(
        fc.property(oddInput(input, { words: [], wrongTypes: 0.3, forJson: true }), (document) => {
          const reading = () => readJson("rpc", "dynamodb", input, Buffer.from(JSON.stringify(document)));
          expect([undefined, "SerializationException"]).toContain(errorName(reading));
        }),
        { numRuns: 200 },
      );
    }
  });
});

describe("inputs of Step Functions tasks", () => {
  it("take bytes from text or JSON, and dates from text", () => {
    const binary = { a: { DataType: "Binary", BinaryValue: "plain" } };
    expect(fromJson(inputOf("sqs", "SendMessage"), { MessageAttributes: binary })).toEqual({
      MessageAttributes: { a: { DataType: "Binary", BinaryValue: Buffer.from("plain") } },
    });
  });

  it("refuse other types", () =>
    expect(() => fromJson(inputOf("sqs", "SendMessage"), { DelaySeconds: "5" })).toThrow(
      "STRING_VALUE can not be converted to an Integer",
    ));
});
