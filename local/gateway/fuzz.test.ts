/** Whatever is sent to whatever operation: an answer in the protocol's form, never a 500, and the cloud stays up. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT } from "../core/principal.ts";
import type { ServiceEntry } from "../core/service.ts";
import { SERVICES } from "../services/index.ts";
import { testCloud, type TestCloud } from "../testing.ts";
import { type OddRequest, oddRequest } from "./testing/odd-requests.ts";
import { rawRequest, type RawAnswer } from "./testing/raw-request.ts";

const REQUESTS_PER_OPERATION = 20;
/** These wait for somebody else, as they should. */
const WAITING = new Set(["GetActivityTask"]);
const ROLE = "arn:aws:iam::123456789012:role/smoke";
const MACHINE = '{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}';

let cloud: TestCloud;
const words: Record<string, readonly string[]> = {};
beforeAll(async () => {
  cloud = await testCloud();
  const trust = { Effect: "Allow", Principal: { Service: ["states.amazonaws.com"] }, Action: "sts:AssumeRole" };
  const document = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  await cloud.call("iam", "CreateRole", { RoleName: "smoke", AssumeRolePolicyDocument: document }, ACCOUNT);
  const { QueueUrl = "" } = await cloud.call("sqs", "CreateQueue", { QueueName: "smoke" }, ACCOUNT);
  const { TopicArn = "" } = await cloud.call("sns", "CreateTopic", { Name: "smoke" }, ACCOUNT);
  await cloud.call("s3", "CreateBucket", { Bucket: "smoke" }, ACCOUNT);
  await cloud.call("s3", "PutObject", { Bucket: "smoke", Key: "smoke", Body: "x" as never }, ACCOUNT);
  await cloud.call("logs", "CreateLogGroup", { logGroupName: "smoke" }, ACCOUNT);
  await cloud.call("logs", "CreateLogStream", { logGroupName: "smoke", logStreamName: "smoke" }, ACCOUNT);
  await cloud.call("events", "PutRule", { Name: "smoke", EventPattern: '{"source":["a"]}' }, ACCOUNT);
  await cloud.call("ssm", "PutParameter", { Name: "smoke", Value: "1", Type: "String" }, ACCOUNT);
  await cloud.call("secretsmanager", "CreateSecret", { Name: "smoke", SecretString: "1" }, ACCOUNT);
  const machine = { name: "smoke", roleArn: ROLE, definition: MACHINE };
  const { stateMachineArn = "" } = await cloud.call("states", "CreateStateMachine", machine, ACCOUNT);
  await cloud.call(
    "dynamodb",
    "CreateTable",
    {
      TableName: "smoke",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "a", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "a", AttributeType: "S" }],
    },
    ACCOUNT,
  );
  await cloud.clock.advance(60_000);
  const rest = await cloud.call("apigateway", "CreateRestApi", { name: "smoke" }, ACCOUNT);
  const { items = [] } = await cloud.call("apigateway", "GetResources", { restApiId: rest.id }, ACCOUNT);
  const http = await cloud.call("apigatewayv2", "CreateApi", { Name: "smoke", ProtocolType: "HTTP" }, ACCOUNT);
  words["apigateway"] = [rest.id ?? "", items[0]?.id ?? "", "GET", "AWS_PROXY"];
  words["apigatewayv2"] = [http.ApiId ?? "", "GET /", "AWS_PROXY"];
  words["sqs"] = [QueueUrl, "smoke", "All"];
  words["sns"] = [TopicArn, "smoke", "sqs", "arn:aws:sqs:us-east-1:123456789012:smoke"];
  words["states"] = [stateMachineArn, ROLE, MACHINE, "smoke"];
  words["dynamodb"] = ["smoke", "a", "S", "attribute_exists(a)", "SET a = :v"];
  words["iam"] = ["smoke", ROLE, document];
});
afterAll(() => cloud.stop());

/** What is wrong with an answer, judged by its protocol; undefined when nothing is. */
function fault(entry: ServiceEntry, request: OddRequest, answer: RawAnswer): string | undefined {
  const says = `${answer.status} ${answer.body.slice(0, 200)}`;
  if (answer.status >= 500 && answer.status !== 501) return says;
  if (answer.status < 400 || request.method === "HEAD") return undefined;
  return isError(entry, answer.body) ? undefined : says;
}

function isError({ id, protocol }: ServiceEntry, body: string): boolean {
  if (id === "s3") return body === "" || /^<\?xml .*<Code>\w+<\/Code>/s.test(body);
  if (protocol === "query") return /^<ErrorResponse .*<Code>[\w.]+<\/Code>/s.test(body);
  const error: unknown = JSON.parse(body);
  return typeof error === "object" && error !== null && "__type" in error && /^\w+$/.test(String(error.__type));
}

describe.each(SERVICES.map((entry) => [entry.id, entry] as const))("%s", (id, entry) => {
  it("answers whatever it is sent", { timeout: 240_000 }, async () => {
    const schema = await cloud.gateway.schema(id);
    const handlers = cloud.dispatcher.loaded.get(id)?.handlers ?? {};
    const operations = Object.keys(handlers)
      .filter((name) => !WAITING.has(name))
      .flatMap((name) => schema.operations.get(name) ?? []);
    expect(operations.length).toBeGreaterThan(0);
    for (const operation of operations) {
      await fc.assert(
        fc.asyncProperty(oddRequest({ entry, schema, operation, words: words[id] ?? ["smoke"] }), async (request) => {
          const { method, path, headers, body } = request;
          const answer = await rawRequest(cloud.endpoint, method, path, { headers, body });
          expect(fault(entry, request, answer), `${operation.name} ${JSON.stringify(request)}`).toBeUndefined();
        }),
        { numRuns: REQUESTS_PER_OPERATION },
      );
    }
    expect((await rawRequest(cloud.endpoint, "GET", "/")).status).toBeGreaterThan(0);
  });
});
