/** The SDK client modules by service id: the types behind `cloud.call`. Types only, nothing is loaded. */
export interface Sdk {
  apigateway: typeof import("@aws-sdk/client-api-gateway");
  apigatewayv2: typeof import("@aws-sdk/client-apigatewayv2");
  athena: typeof import("@aws-sdk/client-athena");
  cloudformation: typeof import("@aws-sdk/client-cloudformation");
  cloudwatch: typeof import("@aws-sdk/client-cloudwatch");
  comprehend: typeof import("@aws-sdk/client-comprehend");
  dynamodb: typeof import("@aws-sdk/client-dynamodb");
  dynamodbstreams: typeof import("@aws-sdk/client-dynamodb-streams");
  events: typeof import("@aws-sdk/client-eventbridge");
  glue: typeof import("@aws-sdk/client-glue");
  iam: typeof import("@aws-sdk/client-iam");
  lambda: typeof import("@aws-sdk/client-lambda");
  logs: typeof import("@aws-sdk/client-cloudwatch-logs");
  rds: typeof import("@aws-sdk/client-rds");
  rdsdata: typeof import("@aws-sdk/client-rds-data");
  rekognition: typeof import("@aws-sdk/client-rekognition");
  s3: typeof import("@aws-sdk/client-s3");
  scheduler: typeof import("@aws-sdk/client-scheduler");
  secretsmanager: typeof import("@aws-sdk/client-secrets-manager");
  ses: typeof import("@aws-sdk/client-ses");
  sesv2: typeof import("@aws-sdk/client-sesv2");
  sns: typeof import("@aws-sdk/client-sns");
  sqs: typeof import("@aws-sdk/client-sqs");
  ssm: typeof import("@aws-sdk/client-ssm");
  states: typeof import("@aws-sdk/client-sfn");
  sts: typeof import("@aws-sdk/client-sts");
  textract: typeof import("@aws-sdk/client-textract");
  translate: typeof import("@aws-sdk/client-translate");
  xray: typeof import("@aws-sdk/client-xray");
}

export type ServiceId = keyof Sdk;
