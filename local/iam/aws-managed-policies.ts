/** The AWS managed policies that SAM and its event sources attach, by name (AWS Managed Policy Reference Guide). */
import type { StoredManagedPolicy } from "./roles.ts";

const LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];
const NETWORK_INTERFACES = [
  "ec2:CreateNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];
const XRAY = [
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:GetSamplingStatisticSummaries",
];

/** Name after `arn:aws:iam::aws:policy/`, and what it allows on every resource. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "service-role/AWSLambdaBasicExecutionRole": LOGS,
  "service-role/AWSLambdaSQSQueueExecutionRole": [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    ...LOGS,
  ],
  "service-role/AWSLambdaDynamoDBExecutionRole": [
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    ...LOGS,
  ],
  "service-role/AWSLambdaKinesisExecutionRole": [
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:ListStreams",
    "kinesis:SubscribeToShard",
    ...LOGS,
  ],
  "service-role/AWSLambdaVPCAccessExecutionRole": [...LOGS, ...NETWORK_INTERFACES],
  "service-role/AWSLambdaRole": ["lambda:InvokeFunction"],
  "service-role/AmazonAPIGatewayPushToCloudWatchLogs": [
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
    "logs:GetLogEvents",
    "logs:FilterLogEvents",
  ],
  AWSXRayDaemonWriteAccess: XRAY,
  AWSXrayWriteOnlyAccess: XRAY,
  CloudWatchLambdaInsightsExecutionRolePolicy: LOGS,
  AWSLambdaExecute: ["logs:*", "s3:GetObject", "s3:PutObject"],
  AdministratorAccess: ["*"],
  AmazonS3ReadOnlyAccess: ["s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"],
};

const RESOURCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AWSLambdaExecute: {
    "logs:*": "arn:aws:logs:*:*:*",
    "s3:GetObject": "arn:aws:s3:::*",
    "s3:PutObject": "arn:aws:s3:::*",
  },
  CloudWatchLambdaInsightsExecutionRolePolicy: {
    "logs:CreateLogGroup": "*",
    "logs:CreateLogStream": "arn:aws:logs:*:*:log-group:/aws/lambda-insights:*",
    "logs:PutLogEvents": "arn:aws:logs:*:*:log-group:/aws/lambda-insights:*",
  },
};

/** By ARN. All of them are in their first version here: their history is AWS's own affair. */
export const AWS_MANAGED_POLICIES: ReadonlyMap<string, StoredManagedPolicy> = new Map(
  Object.entries(ALLOWED).map(([fullName, actions], index) => {
    const arn = `arn:aws:iam::aws:policy/${fullName}`;
    const slash = fullName.lastIndexOf("/") + 1;
    const document = JSON.stringify({ Version: "2012-10-17", Statement: statements(fullName, actions) });
    const policy: StoredManagedPolicy = {
      name: fullName.slice(slash),
      path: `/${fullName.slice(0, slash)}`,
      arn,
      id: `ANPALOCAL${String(index).padStart(12, "0")}`,
      createdAt: 0,
      updatedAt: 0,
      versions: [{ id: "v1", document, createdAt: 0 }],
      defaultVersion: "v1",
      tags: {},
    };
    return [arn, policy];
  }),
);

function statements(name: string, actions: readonly string[]) {
  const resources = RESOURCES[name];
  if (resources === undefined) return [{ Effect: "Allow", Action: actions, Resource: "*" }];
  return actions.map((action) => ({ Effect: "Allow", Action: action, Resource: resources[action] }));
}
