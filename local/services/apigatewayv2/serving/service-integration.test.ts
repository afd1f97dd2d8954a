/** AWS services behind routes of HTTP APIs. */
import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../../../core/principal.ts";
import { testCloud } from "../../../testing.ts";
import { role } from "../../apigateway/testing/rest-api.ts";
import { importHttp, service } from "../testing/http-api.ts";

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

describe("EventBridge-PutEvents", () => {
  it("puts the body as an event and answers its id", async () => {
    await using cloud = await testCloud();
    await cloud.call("sqs", "CreateQueue", { QueueName: "q" }, ACCOUNT);
    const QueueUrl = `${cloud.endpoint}/${cloud.accountId}/q`;
    const queuePolicy = {
      Statement: [
        { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage", Resource: "*" },
      ],
    };
    await cloud.call(
      "sqs",
      "SetQueueAttributes",
      { QueueUrl, Attributes: { Policy: JSON.stringify(queuePolicy) } },
      ACCOUNT,
    );
    const { EventBusArn = "" } = await cloud.call("events", "CreateEventBus", { Name: "bus" }, ACCOUNT);
    await cloud.call(
      "events",
      "PutRule",
      { Name: "r", EventBusName: "bus", EventPattern: '{"source":["source.events"]}' },
      ACCOUNT,
    );
    await cloud.call(
      "events",
      "PutTargets",
      { Rule: "r", EventBusName: "bus", Targets: [{ Id: "q", Arn: cloud.arn("sqs", "q") }] },
      ACCOUNT,
    );
    const credentials = await role(cloud, "putter", [{ Action: "events:PutEvents", Resource: EventBusArn }]);
    const { url } = await importHttp(cloud, {
      "/jobs": {
        post: service("EventBridge-PutEvents", credentials, {
          Source: "source.events",
          DetailType: "api.event",
          Detail: "$request.body",
          EventBusName: EventBusArn,
        }),
      },
    });
    const answer = await post(`${url}/jobs`, { url: "http://x" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/json/);
    const content = (await answer.json()) as { FailedEntryCount: number; Entries: { EventId: string }[] };
    await cloud.clock.settle();
    const { Messages } = await cloud.call("sqs", "ReceiveMessage", { QueueUrl }, ACCOUNT);
    expect(JSON.parse(Messages?.[0]?.Body ?? "")).toMatchObject({
      id: content.Entries[0]?.EventId,
      source: "source.events",
      "detail-type": "api.event",
      detail: { url: "http://x" },
    });
    expect(content.FailedEntryCount).toBe(0);
  });

  it("needs its parameters, and no others", async () => {
    await using cloud = await testCloud();
    const paths = (parameters: object) => ({
      "/x": { post: service("EventBridge-PutEvents", "arn:aws:iam::123456789012:role/r", parameters) },
    });
    await expect(importHttp(cloud, paths({ Source: "a", DetailType: "b" }))).rejects.toThrow(/Detail is required/);
    await expect(importHttp(cloud, paths({ Source: "a", DetailType: "b", Detail: "c", More: "d" }))).rejects.toThrow(
      /More/,
    );
    await expect(
      importHttp(cloud, { "/x": { post: service("AppConfig-GetConfiguration", "arn:aws:iam::1:role/r", {}) } }),
    ).rejects.toThrow(/does not implement the integration subtype AppConfig/);
  });

  it("is a server error as a role that API Gateway may not assume", async () => {
    await using cloud = await testCloud();
    const credentials = await role(
      cloud,
      "foreign",
      [{ Action: "events:PutEvents", Resource: "*" }],
      "lambda.amazonaws.com",
    );
    const { url } = await importHttp(cloud, {
      "/x": {
        post: service("EventBridge-PutEvents", credentials, { Source: "a", DetailType: "b", Detail: "$request.body" }),
      },
    });
    expect((await post(`${url}/x`, {})).status).toBe(500);
    expect(cloud.logged.join()).toMatch(/does not have permission to assume the provided role/);
  });
});

describe("SQS-SendMessage", () => {
  it("sends what the parameters map", async () => {
    await using cloud = await testCloud();
    await cloud.call("sqs", "CreateQueue", { QueueName: "q" }, ACCOUNT);
    const QueueUrl = `${cloud.endpoint}/${cloud.accountId}/q`;
    const credentials = await role(cloud, "sender", [{ Action: "sqs:SendMessage", Resource: cloud.arn("sqs", "q") }]);
    const attributes = '{"team": {"DataType": "String", "StringValue": "${request.querystring.team}"}}';
    const { url } = await importHttp(cloud, {
      "/{id}": {
        post: service("SQS-SendMessage", credentials, {
          QueueUrl,
          MessageBody: "${request.path.id}: ${request.body.items[1].name}",
          MessageAttributes: attributes,
        }),
      },
    });
    const answer = await post(`${url}/7?team=blue`, { items: [{}, { name: "x & y" }] });
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("<SendMessageResult>")]);
    const { Messages } = await cloud.call(
      "sqs",
      "ReceiveMessage",
      { QueueUrl, MessageAttributeNames: ["All"] },
      ACCOUNT,
    );
    expect(Messages?.[0]).toMatchObject({ Body: "7: x & y", MessageAttributes: { team: { StringValue: "blue" } } });
  });
});

describe("Step Functions integrations", () => {
  async function machine(type: "STANDARD" | "EXPRESS") {
    const cloud = await testCloud();
    const definition = JSON.stringify({
      StartAt: "Wait",
      States: { Wait: { Type: "Wait", Seconds: 3, Next: "Done" }, Done: { Type: "Pass", End: true } },
    });
    const roleArn = await role(cloud, "machine", [], "states.amazonaws.com");
    const { stateMachineArn = "" } = await cloud.call(
      "states",
      "CreateStateMachine",
      { name: "m", definition, roleArn, type },
      ACCOUNT,
    );
    const credentials = await role(cloud, "starter", [
      { Action: ["states:StartExecution", "states:StartSyncExecution"], Resource: stateMachineArn },
    ]);
    return { cloud, stateMachineArn, credentials };
  }

  it("StartSyncExecution waits for the execution and answers all of it", async () => {
    const { cloud, stateMachineArn, credentials } = await machine("EXPRESS");
    await using _ = cloud;
    const { url } = await importHttp(cloud, {
      "/": {
        post: service("StepFunctions-StartSyncExecution", credentials, {
          StateMachineArn: stateMachineArn,
          Input: "$request.body",
        }),
      },
    });
    const answer = await post(`${url}/`, { message: "hi" });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      status: "SUCCEEDED",
      output: '{"message":"hi"}',
      startDate: Date.UTC(2030, 0, 7, 12) / 1000,
      stopDate: Date.UTC(2030, 0, 7, 12) / 1000 + 3,
    });
  });

  it("StartExecution answers at once; the same name twice is the service's own refusal", async () => {
    const { cloud, stateMachineArn, credentials } = await machine("STANDARD");
    await using _ = cloud;
    const { url } = await importHttp(cloud, {
      "/{name}": {
        post: service("StepFunctions-StartExecution", credentials, {
          StateMachineArn: stateMachineArn,
          Input: "$request.body",
          Name: "$request.path.name",
        }),
      },
    });
    const first = await post(`${url}/one`, { n: 1 });
    expect(await first.json()).toMatchObject({ executionArn: expect.stringMatching(/:m:one$/) });
    const second = await post(`${url}/one`, { n: 2 });
    expect([second.status, await second.json()]).toEqual([
      400,
      expect.objectContaining({ __type: expect.stringContaining("ExecutionAlreadyExists") }),
    ]);
  });
});
