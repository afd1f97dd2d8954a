/** SAM policy templates for S3, DynamoDB and Athena. */
import type { PolicyTemplates } from "./template.ts";

export const STORAGE: PolicyTemplates = {
  AthenaQueryPolicy: [
    {
      actions: [
        "athena:ListWorkGroups",
        "athena:GetExecutionEngine",
        "athena:GetExecutionEngines",
        "athena:GetNamespace",
        "athena:GetCatalogs",
        "athena:GetNamespaces",
        "athena:GetTables",
        "athena:GetTable",
      ],
      resources: ["*"],
    },
    {
      actions: [
        "athena:StartQueryExecution",
        "athena:GetQueryResults",
        "athena:DeleteNamedQuery",
        "athena:GetNamedQuery",
        "athena:ListQueryExecutions",
        "athena:StopQueryExecution",
        "athena:GetQueryResultsStream",
        "athena:ListNamedQueries",
        "athena:CreateNamedQuery",
        "athena:GetQueryExecution",
        "athena:BatchGetNamedQuery",
        "athena:BatchGetQueryExecution",
        "athena:GetWorkGroup",
      ],
      resources: ["athena:@:workgroup/${workgroupName}"],
    },
  ],
  DynamoDBBackupFullAccessPolicy: [
    {
      actions: ["dynamodb:CreateBackup", "dynamodb:DescribeContinuousBackups"],
      resources: ["dynamodb:@:table/${tableName}"],
    },
    {
      actions: ["dynamodb:DeleteBackup", "dynamodb:DescribeBackup", "dynamodb:ListBackups"],
      resources: ["dynamodb:@:table/${tableName}/backup/*"],
    },
  ],
  DynamoDBCrudPolicy: [
    {
      actions: [
        "dynamodb:GetItem",
        "dynamodb:DeleteItem",
        "dynamodb:PutItem",
        "dynamodb:Scan",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:BatchGetItem",
        "dynamodb:DescribeTable",
        "dynamodb:ConditionCheckItem",
      ],
      resources: ["dynamodb:@:table/${tableName}", "dynamodb:@:table/${tableName}/index/*"],
    },
  ],
  DynamoDBReadPolicy: [
    {
      actions: [
        "dynamodb:GetItem",
        "dynamodb:Scan",
        "dynamodb:Query",
        "dynamodb:BatchGetItem",
        "dynamodb:DescribeTable",
      ],
      resources: ["dynamodb:@:table/${tableName}", "dynamodb:@:table/${tableName}/index/*"],
    },
  ],
  DynamoDBReconfigurePolicy: [{ actions: ["dynamodb:UpdateTable"], resources: ["dynamodb:@:table/${tableName}"] }],
  DynamoDBRestoreFromBackupPolicy: [
    { actions: ["dynamodb:RestoreTableFromBackup"], resources: ["dynamodb:@:table/${tableName}/backup/*"] },
    {
      actions: [
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:BatchWriteItem",
      ],
      resources: ["dynamodb:@:table/${tableName}"],
    },
  ],
  DynamoDBStreamReadPolicy: [
    {
      actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
      resources: ["dynamodb:@:table/${tableName}/stream/${streamName}"],
    },
    { actions: ["dynamodb:ListStreams"], resources: ["dynamodb:@:table/${tableName}/stream/*"] },
  ],
  DynamoDBWritePolicy: [
    {
      actions: ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem"],
      resources: ["dynamodb:@:table/${tableName}", "dynamodb:@:table/${tableName}/index/*"],
    },
  ],
  S3CrudPolicy: [
    {
      actions: [
        "s3:GetObject",
        "s3:ListBucket",
        "s3:GetBucketLocation",
        "s3:GetObjectVersion",
        "s3:PutObject",
        "s3:PutObjectAcl",
        "s3:GetLifecycleConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:DeleteObject",
      ],
      resources: ["s3:::${bucketName}", "s3:::${bucketName}/*"],
    },
  ],
  S3FullAccessPolicy: [
    {
      actions: [
        "s3:GetObject",
        "s3:GetObjectAcl",
        "s3:GetObjectVersion",
        "s3:PutObject",
        "s3:PutObjectAcl",
        "s3:DeleteObject",
        "s3:DeleteObjectTagging",
        "s3:DeleteObjectVersionTagging",
        "s3:GetObjectTagging",
        "s3:GetObjectVersionTagging",
        "s3:PutObjectTagging",
        "s3:PutObjectVersionTagging",
      ],
      resources: ["s3:::${bucketName}/*"],
    },
    {
      actions: [
        "s3:ListBucket",
        "s3:GetBucketLocation",
        "s3:GetLifecycleConfiguration",
        "s3:PutLifecycleConfiguration",
      ],
      resources: ["s3:::${bucketName}"],
    },
  ],
  S3ReadPolicy: [
    {
      actions: [
        "s3:GetObject",
        "s3:ListBucket",
        "s3:GetBucketLocation",
        "s3:GetObjectVersion",
        "s3:GetLifecycleConfiguration",
      ],
      resources: ["s3:::${bucketName}", "s3:::${bucketName}/*"],
    },
  ],
  S3WritePolicy: [
    {
      actions: ["s3:PutObject", "s3:PutObjectAcl", "s3:PutLifecycleConfiguration"],
      resources: ["s3:::${bucketName}", "s3:::${bucketName}/*"],
    },
  ],
};
