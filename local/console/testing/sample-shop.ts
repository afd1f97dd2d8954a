/** Something of everything, for tests of the page. What a person could have typed is hostile. */
import type { ConsoleCloud } from "./console-cloud.ts";

/** Sets a mark on the page when it runs as script or markup anywhere. */
export const HOSTILE = `<img src=x onerror="window.owned=1"><script>window.owned=1</script>`;

export interface Shop {
  readonly machine: string;
  readonly mail: string;
  /** The views of all there is, by address. */
  readonly views: readonly string[];
}

const DEFINITION = {
  StartAt: "Check order",
  States: {
    "Check order": {
      Type: "Choice",
      Choices: [{ Variable: "$.total", NumericGreaterThan: 100, Next: "Ask a person" }],
      Default: "In parallel",
    },
    "Ask a person": { Type: "Wait", Seconds: 3600, Next: "In parallel" },
    "In parallel": {
      Type: "Parallel",
      Branches: [
        { StartAt: "Pack", States: { Pack: { Type: "Pass", End: true } } },
        {
          StartAt: "Charge card",
          States: {
            "Charge card": {
              Type: "Task",
              Resource: "arn:aws:states:::sqs:sendMessage",
              Parameters: { QueueUrl: "none", MessageBody: "1" },
              Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }],
              Catch: [{ ErrorEquals: ["States.ALL"], Next: "Note failure" }],
              End: true,
            },
            "Note failure": { Type: "Pass", End: true },
          },
        },
      ],
      Next: "Done",
    },
    Done: { Type: "Succeed" },
  },
};

export async function sampleShop(it: ConsoleCloud): Promise<Shop> {
  const { cloud, call } = it;
  await it.stacks.deploy({
    name: "shop",
    body: JSON.stringify({
      Description: HOSTILE,
      Resources: { Orders: { Type: "AWS::SQS::Queue" }, Odd: { Type: "AWS::Odd::Thing" } },
      Outputs: { Queue: { Value: { Ref: "Orders" } }, Hostile: { Value: "javascript:window.owned=1" } },
    }),
  });
  await call("s3", "CreateBucket", { Bucket: "files" });
  for (const Key of [HOSTILE, "notes/a.json", "javascript:window.owned=1"])
    await call("s3", "PutObject", {
      Bucket: "files",
      Key,
      Body: Buffer.from(`{"hostile":${JSON.stringify(HOSTILE)}}`),
      ContentType: "text/html",
      Metadata: { note: "<b>bold</b>" },
    });
  await call("sqs", "CreateQueue", { QueueName: "dead" });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: cloud.arn("sqs", "dead"), maxReceiveCount: 3 });
  await call("sqs", "CreateQueue", { QueueName: "orders", Attributes: { RedrivePolicy } });
  await it.post("/queue/send", { name: "dead", body: HOSTILE });
  await call("dynamodb", "CreateTable", {
    TableName: "people",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "name", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "name", KeyType: "HASH" }],
  });
  await cloud.clock.settle();
  await call("dynamodb", "PutItem", { TableName: "people", Item: { name: { S: HOSTILE }, note: { S: HOSTILE } } });
  await call("ses", "VerifyEmailIdentity", { EmailAddress: "shop@example.com" });
  await call("ses", "SendEmail", {
    Source: "shop@example.com",
    Destination: { ToAddresses: ["ada@example.com"] },
    Message: {
      Subject: { Data: HOSTILE },
      Body: { Html: { Data: `<h1>Thanks</h1>${HOSTILE}<script>parent.owned=1</script>` }, Text: { Data: HOSTILE } },
    },
  });
  await call("logs", "CreateLogGroup", { logGroupName: "/shop" });
  await call("logs", "CreateLogStream", { logGroupName: "/shop", logStreamName: "s" });
  const at = cloud.clock.now();
  await call("logs", "PutLogEvents", {
    logGroupName: "/shop",
    logStreamName: "s",
    logEvents: [
      { timestamp: at, message: HOSTILE },
      { timestamp: at, message: JSON.stringify({ level: "ERROR", message: HOSTILE, correlation_id: `id ${HOSTILE}` }) },
    ],
  });
  await call("cloudwatch", "PutMetricAlarm", {
    AlarmName: "busy",
    AlarmDescription: HOSTILE,
    Namespace: "AWS/SQS",
    MetricName: "ApproximateNumberOfMessagesVisible",
    Statistic: "Maximum",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: "GreaterThanThreshold",
  });
  await call("events", "PutRule", { Name: "nightly", ScheduleExpression: "rate(1 day)", Description: HOSTILE });
  await call("sns", "CreateTopic", { Name: "notices" });
  await call("iam", "CreateRole", {
    RoleName: "runs",
    AssumeRolePolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }],
    }),
  });
  const { stateMachineArn: machine = "" } = await call("states", "CreateStateMachine", {
    name: "fulfil",
    definition: JSON.stringify(DEFINITION),
    roleArn: `arn:aws:iam::${cloud.accountId}:role/runs`,
  });
  const { arn } = await it.post<{ arn: string }>("/machine/start", {
    arn: machine,
    name: "small",
    input: JSON.stringify({ total: 5, note: HOSTILE }),
  });
  await cloud.clock.settle();
  const { mails } = await it.get<{ mails: { id: string }[] }>("/mails");
  const mail = mails[0]?.id ?? "";
  const to = (...parts: string[]) => `/${parts.map(encodeURIComponent).join("/")}`;
  return {
    machine,
    mail,
    views: [
      "/",
      to("apps", "shop"),
      to("apps", "order-fulfillment", "readme"),
      "/functions",
      "/machines",
      to("machines", machine),
      to("execution", arn),
      to("execution", arn, "Charge card"),
      "/buckets",
      to("buckets", "files"),
      to("object", "files", HOSTILE),
      "/queues",
      to("queues", "dead"),
      "/tables",
      to("tables", "people"),
      "/events",
      "/mails",
      to("mails", mail),
      "/alarms",
      to("alarms", "busy"),
      "/logs",
      to("logs", "/shop"),
      "/follow",
      to("follow", "onerror"),
      to("follow", arn),
      "/calls",
    ],
  };
}
