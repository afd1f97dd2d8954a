/** What services are called: in task errors, in the JSON of task parameters and results, and here. */

/** Java SDK names, which `aws-sdk` integrations put before their errors. */
const SDK_PREFIX: Readonly<Record<string, string>> = {
  apigateway: "ApiGateway",
  apigatewayv2: "ApiGatewayV2",
  cloudwatch: "CloudWatch",
  cloudwatchlogs: "CloudWatchLogs",
  dynamodb: "DynamoDb",
  eventbridge: "EventBridge",
  iam: "Iam",
  lambda: "Lambda",
  rds: "Rds",
  rekognition: "Rekognition",
  s3: "S3",
  scheduler: "Scheduler",
  secretsmanager: "SecretsManager",
  ses: "Ses",
  sesv2: "SesV2",
  sfn: "Sfn",
  sns: "Sns",
  sqs: "Sqs",
  ssm: "Ssm",
  sts: "Sts",
};

export const sdkPrefix = (service: string): string =>
  SDK_PREFIX[service] ?? service.charAt(0).toUpperCase() + service.slice(1);

/** How optimized integrations name the service: before errors, in the text of a cause, and in the generic error. */
export interface OptimizedNames {
  readonly prefix: string;
  readonly inCause: string;
  readonly generic: string;
}

export const OPTIMIZED_NAMES: Readonly<Record<string, OptimizedNames>> = {
  dynamodb: { prefix: "DynamoDB", inCause: "AmazonDynamoDBv2", generic: "AmazonDynamoDBException" },
  events: { prefix: "EventBridge", inCause: "AmazonEventBridge", generic: "AmazonEventBridgeException" },
  lambda: { prefix: "Lambda", inCause: "AWSLambda", generic: "AWSLambdaException" },
  sns: { prefix: "SNS", inCause: "AmazonSNS", generic: "AmazonSNSException" },
  sqs: { prefix: "SQS", inCause: "AmazonSQS", generic: "AmazonSQSException" },
  states: { prefix: "StepFunctions", inCause: "AWSStepFunctions", generic: "AWSStepFunctionsException" },
};

/** Services whose members begin with a small letter in the API; tasks write them all with a capital one. */
const SMALL_LETTERS = new Set(["apigateway", "batch", "cloudwatchlogs", "codebuild", "ecs", "logs", "sfn", "states"]);

export const hasSmallLetters = (service: string): boolean => SMALL_LETTERS.has(service);

/** Changes the first letter of every member's name. */
export function renamed(value: unknown, to: "small" | "capital"): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => renamed(item, to));
  if (typeof value !== "object" || value === null || value instanceof Date || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [changed(key, to), renamed(member, to)]));
}

const changed = (name: string, to: "small" | "capital"): string =>
  (to === "small" ? name.charAt(0).toLowerCase() : name.charAt(0).toUpperCase()) + name.slice(1);
