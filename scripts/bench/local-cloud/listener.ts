/** A function that says in its log which objects it was told of, and when. */
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { zipOf } from "../../../local/services/lambda/testing/zip.ts";
import type { Server } from "./server.ts";

export interface Heard {
  readonly keys: readonly string[];
  /** Epoch ms. */
  readonly at: number;
}

const NAME = "listener";

const code = `exports.handler = async ({ Records }) => {
  const at = Date.now();
  const events = Records.flatMap((record) => (record.body ? JSON.parse(record.body).Records ?? [] : [record]));
  console.log("heard " + JSON.stringify({ at, keys: events.map(({ s3 }) => s3.object.key) }));
};`;

/** Answers its ARN. */
export async function createListener(server: Server): Promise<string> {
  const iam = server.client(IAMClient);
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: NAME, AssumeRolePolicyDocument }));
  const PolicyArn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
  await iam.send(new AttachRolePolicyCommand({ RoleName: NAME, PolicyArn }));
  const take = {
    Effect: "Allow",
    Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    Resource: "*",
  };
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [take] });
  await iam.send(new PutRolePolicyCommand({ RoleName: NAME, PolicyName: "take", PolicyDocument }));
  const { FunctionArn = "" } = await server.client(LambdaClient).send(
    new CreateFunctionCommand({
      FunctionName: NAME,
      Role: Role?.Arn,
      Runtime: "nodejs24.x" as never, // newer than the pinned client's list
      Handler: "index.handler",
      Code: { ZipFile: zipOf({ "index.js": code }) },
    }),
  );
  return FunctionArn;
}

export async function heardBy(server: Server): Promise<readonly Heard[]> {
  const logs = server.client(CloudWatchLogsClient);
  const heard: Heard[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs.send(
      new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${NAME}`, filterPattern: "heard", nextToken }),
    );
    for (const { message = "" } of page.events ?? []) {
      const json = /heard (\{.*\})/.exec(message)?.[1];
      if (json !== undefined) heard.push(JSON.parse(json) as Heard);
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return heard;
}
