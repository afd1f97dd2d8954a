import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { testCloud } from "../testing.ts";
import { createStacks } from "./stacks.ts";

const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Parameters:
  Greeting: { Type: AWS::SSM::Parameter::Value<String>, Default: /app/greeting }
  Delay: { Type: Number, Default: 0 }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !Ref Delay } }
  Hello:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: esbuild, BuildProperties: { EntryPoints: [hello.ts], Format: esm } }
    Properties:
      CodeUri: .
      Handler: hello.handler
      Runtime: nodejs24.x
      AutoPublishAlias: live
      Environment:
        Variables:
          GREETING: !Ref Greeting
          SECRET: "{{resolve:secretsmanager:app/secret:SecretString:word}}"
          PLAIN: !Sub "{{resolve:ssm:/app/greeting}} \${Queue.QueueName}"
      Events:
        Get: { Type: HttpApi, Properties: { Path: "/hello/{name}", Method: get } }
Outputs:
  Url: { Value: !Sub "https://\${ServerlessHttpApi}.execute-api.\${AWS::Region}.amazonaws.com/hello" }
  Alias: { Value: !Ref HelloAliaslive }`;

const code = (word: string) =>
  `export const handler = async (event) => ({ statusCode: 200, body: \`${word} \${event.pathParameters.name}: \${process.env.GREETING}\` });`;

async function onCloud(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "stack-"));
  writeFileSync(join(folder, "template.yaml"), TEMPLATE);
  writeFileSync(join(folder, "hello.ts"), code("first"));
  try {
    await test(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("a SAM template on the services of the local cloud", () => {
  it("is deployed, updated in place with its new code, and deleted", () =>
    onCloud(async (folder) => {
      await using cloud = await testCloud();
      await cloud
        .client(SSMClient)
        .send(new PutParameterCommand({ Name: "/app/greeting", Type: "String", Value: "good day" }));
      await cloud
        .client(SecretsManagerClient)
        .send(new CreateSecretCommand({ Name: "app/secret", SecretString: '{"word":"hush"}' }));
      const stacks = createStacks(cloud, cloud.providerOf);
      const file = join(folder, "template.yaml");

      const first = await stacks.deploy({ name: "shop", file });
      expect(first).toMatchObject({
        status: "CREATE_COMPLETE",
        warnings: [],
        parameters: { Greeting: "/app/greeting" },
      });
      expect(first.outputs["Url"]).toMatch(new RegExp(`^${cloud.endpoint}/_apis/[a-z0-9]+/hello$`));
      const answer = await fetch(`${first.outputs["Url"]}/Ada`);
      expect([answer.status, await answer.text()]).toEqual([200, "first Ada: good day"]);
      const lambda = cloud.client(LambdaClient);
      const FunctionName = first.resources["Hello"]?.physicalId;
      const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const queueName = first.resources["Queue"]?.attributes["QueueName"];
      expect(Environment?.Variables).toMatchObject({ SECRET: "hush", PLAIN: `good day ${String(queueName)}` });

      const QueueUrl = first.resources["Queue"]?.physicalId;
      const sqs = cloud.client(SQSClient);
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "kept" }));
      writeFileSync(join(folder, "hello.ts"), code("second"));
      const second = await stacks.deploy({ name: "shop", file, parameters: { Delay: "5" } });
      expect(second.resources["Queue"]?.physicalId).toBe(QueueUrl);
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["DelaySeconds", "ApproximateNumberOfMessages"] }),
      );
      expect(Attributes).toEqual({ DelaySeconds: "5", ApproximateNumberOfMessages: "1" });
      // The new code is a new version, and the alias points at it.
      expect(await (await fetch(`${second.outputs["Url"]}/Bea`)).text()).toBe("second Bea: good day");

      await stacks.delete("shop");
      expect(stacks.list()).toEqual([]);
      await expect(sqs.send(new GetQueueAttributesCommand({ QueueUrl }))).rejects.toMatchObject({
        name: "QueueDoesNotExist",
      });
      await expect(lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).rejects.toMatchObject({
        name: "ResourceNotFoundException",
      });
      expect(cloud.logged).toEqual([]);
    }));

  it("is refused when a parameter of the Parameter Store is not there", () =>
    onCloud(async (folder) => {
      await using cloud = await testCloud();
      const stacks = createStacks(cloud, cloud.providerOf);
      await expect(stacks.deploy({ name: "shop", file: join(folder, "template.yaml") })).rejects.toThrow(
        "Unable to fetch parameters [/app/greeting] from parameter store for this account. (at Parameters.Greeting)",
      );
    }));

  it("is undone with a reason when a service refuses a property", () =>
    onCloud(async (folder) => {
      await using cloud = await testCloud();
      const stacks = createStacks(cloud, cloud.providerOf);
      const body =
        "Resources: { Fine: { Type: AWS::SQS::Queue }, Queue: { Type: AWS::SQS::Queue, DependsOn: Fine, Properties: { DelaySeconds: 5000 } } }";
      await expect(stacks.deploy({ name: "shop", body, folder })).rejects.toThrow(
        /^Stack shop could not be created: Queue \(AWS::SQS::Queue\): .*DelaySeconds.* \(at Resources\.Queue\)$/,
      );
      expect(stacks.describe("shop")).toMatchObject({ status: "ROLLBACK_COMPLETE", resources: {} });
    }));
});
