/** AWS integrations of REST APIs: other services, as the integration's role. */
import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../../../core/principal.ts";
import { testCloud } from "../../../testing.ts";
import { deployRest, mapped, role } from "../testing/rest-api.ts";

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

describe("an AWS integration", () => {
  it("starts an execution as its role, with the template that SAM generates", async () => {
    await using cloud = await testCloud();
    const definition = JSON.stringify({ StartAt: "Done", States: { Done: { Type: "Pass", End: true } } });
    const machineRole = await role(cloud, "machine", [], "states.amazonaws.com");
    const { stateMachineArn = "" } = await cloud.call(
      "states",
      "CreateStateMachine",
      { name: "m", definition, roleArn: machineRole },
      ACCOUNT,
    );
    const credentials = await role(cloud, "starter", [{ Action: "states:StartExecution", Resource: stateMachineArn }]);
    const template = `{"input": "$util.escapeJavaScript($input.json('$')).replaceAll("\\\\'","'")", "stateMachineArn": "${stateMachineArn}"}`;
    const { url } = await deployRest(cloud, {
      "/orders": {
        post: mapped({
          type: "aws",
          uri: "arn:aws:apigateway:us-east-1:states:action/StartExecution",
          credentials,
          requestTemplates: { "application/json": template },
          responses: { "200": { statusCode: "200" }, "400": { statusCode: "400" } },
        }),
      },
    });
    const answer = await post(`${url}/orders`, { name: "O'Neil" });
    const { executionArn, startDate } = (await answer.json()) as { executionArn: string; startDate: number };
    expect(answer.status).toBe(200);
    expect(startDate).toBeCloseTo(cloud.clock.now() / 1000, 0);
    await cloud.clock.settle();
    const execution = await cloud.call("states", "DescribeExecution", { executionArn }, ACCOUNT);
    expect(JSON.parse(execution.input ?? "")).toEqual({ name: "O'Neil" });
    await cloud.call("states", "DeleteStateMachine", { stateMachineArn }, ACCOUNT);
    await cloud.clock.settle();
    const gone = await post(`${url}/orders`, {});
    expect(gone.status).toBe(400);
    expect(await gone.json()).toMatchObject({ __type: expect.stringContaining("StateMachineDoesNotExist") });
  });

  it("hands on what the service refuses to its role", async () => {
    await using cloud = await testCloud();
    const credentials = await role(cloud, "nothing", []);
    const { url } = await deployRest(cloud, {
      "/events": {
        post: mapped({
          type: "aws",
          uri: "arn:aws:apigateway:us-east-1:events:action/PutEvents",
          credentials,
          responses: {
            default: { statusCode: "200" },
            "4\\d{2}": {
              statusCode: "400",
              responseTemplates: { "application/json": `{"why": "$input.path('$.__type')"}` },
            },
          },
        }),
      },
    });
    const answer = await post(`${url}/events`, { Entries: [{ Source: "a", DetailType: "b", Detail: "{}" }] });
    expect([answer.status, await answer.json()]).toEqual([400, { why: "AccessDeniedException" }]);
  });

  it("does nothing as a role that does not trust API Gateway, or without one", async () => {
    await using cloud = await testCloud();
    const credentials = await role(
      cloud,
      "foreign",
      [{ Action: "events:PutEvents", Resource: "*" }],
      "lambda.amazonaws.com",
    );
    const uri = "arn:aws:apigateway:us-east-1:events:action/PutEvents";
    const responses = { default: { statusCode: "200" } };
    const { url } = await deployRest(cloud, {
      "/foreign": { post: mapped({ type: "aws", uri, credentials, responses }) },
      "/none": { post: mapped({ type: "aws", uri, responses }) },
    });
    expect((await post(`${url}/foreign`, {})).status).toBe(500);
    expect((await post(`${url}/none`, {})).status).toBe(500);
    expect(cloud.logged.join("\n")).toMatch(
      /does not have permission to assume the provided role.*\n.*has no credentials/,
    );
  });

  it("sends a message to a queue by its path, and answers JSON", async () => {
    await using cloud = await testCloud();
    await cloud.call("sqs", "CreateQueue", { QueueName: "q" }, ACCOUNT);
    const credentials = await role(cloud, "sender", [{ Action: "sqs:SendMessage", Resource: cloud.arn("sqs", "q") }]);
    const { url } = await deployRest(cloud, {
      "/{id}": {
        post: mapped({
          type: "aws",
          uri: `arn:aws:apigateway:us-east-1:sqs:path/${cloud.accountId}/q`,
          credentials,
          requestParameters: { "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'" },
          requestTemplates: {
            "application/json": `Action=SendMessage&MessageBody=$util.urlEncode($input.body)&MessageAttribute.1.Name=id&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=$input.params('id')`,
          },
          responses: {
            default: {
              statusCode: "202",
              responseTemplates: {
                "application/json": `{"id": "$input.path('$.SendMessageResponse.SendMessageResult.MessageId')"}`,
              },
            },
          },
        }),
      },
    });
    const answer = await post(`${url}/seven`, { text: "a&b=c ø" });
    expect(answer.status).toBe(202);
    const QueueUrl = `${cloud.endpoint}/${cloud.accountId}/q`;
    const { Messages } = await cloud.call(
      "sqs",
      "ReceiveMessage",
      { QueueUrl, MessageAttributeNames: ["All"] },
      ACCOUNT,
    );
    expect(await answer.json()).toEqual({ id: Messages?.[0]?.MessageId });
    expect(Messages?.[0]).toMatchObject({
      Body: '{"text":"a&b=c ø"}',
      MessageAttributes: { id: { StringValue: "seven" } },
    });
  });

  it("publishes to a topic by query parameters", async () => {
    await using cloud = await testCloud();
    const { TopicArn = "" } = await cloud.call("sns", "CreateTopic", { Name: "t" }, ACCOUNT);
    const credentials = await role(cloud, "publisher", [{ Action: "sns:Publish", Resource: TopicArn }]);
    const { url } = await deployRest(cloud, {
      "/x": {
        post: mapped({
          type: "aws",
          uri: "arn:aws:apigateway:us-east-1:sns:action/Publish",
          credentials,
          requestParameters: {
            "integration.request.querystring.TopicArn": `'${TopicArn}'`,
            "integration.request.querystring.Message": "method.request.body.text",
          },
          responses: { default: { statusCode: "200" } },
        }),
      },
    });
    const answer = (await (await post(`${url}/x`, { text: "hi" })).json()) as Record<string, unknown>;
    expect(answer).toMatchObject({ PublishResponse: { PublishResult: { MessageId: expect.stringMatching(/-/) } } });
  });

  it("reads and writes a table", async () => {
    await using cloud = await testCloud();
    const table = {
      TableName: "pets",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" as const }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" as const }],
      BillingMode: "PAY_PER_REQUEST" as const,
    };
    await cloud.call("dynamodb", "CreateTable", table, ACCOUNT);
    await cloud.clock.settle();
    const Action = ["dynamodb:PutItem", "dynamodb:GetItem"];
    const credentials = await role(cloud, "keeper", [{ Action, Resource: cloud.arn("dynamodb", "table/pets") }]);
    const key = `"TableName": "$stageVariables.table", "Key": {"id": {"S": "$input.params('id')"}}`;
    const { url } = await deployRest(
      cloud,
      {
        "/pets/{id}": {
          put: mapped({
            type: "aws",
            uri: "arn:aws:apigateway:us-east-1:dynamodb:action/PutItem",
            credentials,
            requestTemplates: {
              "application/json": `{"TableName": "$stageVariables.table", "Item": {"id": {"S": "$input.params('id')"}, "name": {"S": $input.json('$.name')}}}`,
            },
            responses: { default: { statusCode: "204" }, "4\\d\\d": { statusCode: "400" } },
          }),
          get: mapped({
            type: "aws",
            uri: "arn:aws:apigateway:us-east-1:dynamodb:action/GetItem",
            credentials,
            requestTemplates: { "application/json": `{${key}}` },
            responses: {
              default: {
                statusCode: "200",
                responseTemplates: {
                  "application/json": `#if($input.path('$.Item'))$input.json('$.Item.name.S')#else#set($context.responseOverride.status = 404){}#end`,
                },
              },
            },
          }),
        },
      },
      {},
      { table: "pets" },
    );
    const put = await fetch(`${url}/pets/1`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: '{"name":"Rex"}',
    });
    expect(put.status).toBe(204);
    expect(await (await fetch(`${url}/pets/1`)).json()).toBe("Rex");
    expect((await fetch(`${url}/pets/2`)).status).toBe(404);
  });

  it("lets through, or refuses, content types that nothing maps", async () => {
    await using cloud = await testCloud();
    const mock = (passthroughBehavior: string) =>
      mapped({
        type: "mock",
        passthroughBehavior,
        requestTemplates: { "application/json": '{"statusCode": 200}' },
        responses: { default: { statusCode: "200" } },
      });
    const { url } = await deployRest(cloud, {
      "/never": { post: mock("never") },
      "/templates": { post: mock("when_no_templates") },
    });
    for (const path of ["/never", "/templates"]) {
      const answer = await post(url + path, "a", { "content-type": "text/plain" });
      expect([answer.status, await answer.text()]).toEqual([415, '{"message":"Unsupported Media Type"}']);
      expect((await post(url + path, {})).status).toBe(200);
    }
  });
});
