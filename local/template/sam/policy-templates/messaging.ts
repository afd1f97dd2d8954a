/** SAM policy templates for queues, topics, buses, streams, mail, and starting functions and executions. */
import type { PolicyTemplates } from "./template.ts";

export const MESSAGING: PolicyTemplates = {
  EventBridgePutEventsPolicy: [{ actions: ["events:PutEvents"], resources: ["events:@:event-bus/${eventBusName}"] }],
  FirehoseCrudPolicy: [
    {
      actions: [
        "firehose:CreateDeliveryStream",
        "firehose:DeleteDeliveryStream",
        "firehose:DescribeDeliveryStream",
        "firehose:PutRecord",
        "firehose:PutRecordBatch",
        "firehose:UpdateDestination",
      ],
      resources: ["firehose:@:deliverystream/${deliveryStreamName}"],
    },
  ],
  FirehoseWritePolicy: [
    {
      actions: ["firehose:PutRecord", "firehose:PutRecordBatch"],
      resources: ["firehose:@:deliverystream/${deliveryStreamName}"],
    },
  ],
  KinesisCrudPolicy: [
    {
      actions: [
        "kinesis:AddTagsToStream",
        "kinesis:CreateStream",
        "kinesis:DecreaseStreamRetentionPeriod",
        "kinesis:DeleteStream",
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetShardIterator",
        "kinesis:IncreaseStreamRetentionPeriod",
        "kinesis:ListTagsForStream",
        "kinesis:MergeShards",
        "kinesis:PutRecord",
        "kinesis:PutRecords",
        "kinesis:SplitShard",
        "kinesis:RemoveTagsFromStream",
      ],
      resources: ["kinesis:@:stream/${streamName}"],
    },
  ],
  KinesisStreamReadPolicy: [
    { actions: ["kinesis:ListStreams", "kinesis:DescribeLimits"], resources: ["kinesis:@:stream/*"] },
    {
      actions: [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
      ],
      resources: ["kinesis:@:stream/${streamName}"],
    },
  ],
  LambdaInvokePolicy: [{ actions: ["lambda:InvokeFunction"], resources: ["lambda:@:function:${functionName}*"] }],
  SESBulkTemplatedCrudPolicy: [
    {
      actions: [
        "ses:GetIdentityVerificationAttributes",
        "ses:SendEmail",
        "ses:SendRawEmail",
        "ses:SendTemplatedEmail",
        "ses:SendBulkTemplatedEmail",
        "ses:VerifyEmailIdentity",
      ],
      resources: ["ses:@:identity/${identityName}"],
    },
  ],
  SESBulkTemplatedCrudPolicy_v2: [
    {
      actions: ["ses:SendEmail", "ses:SendRawEmail", "ses:SendTemplatedEmail", "ses:SendBulkTemplatedEmail"],
      resources: ["ses:@:identity/${identityName}", "ses:@:template/${templateName}"],
    },
    { actions: ["ses:GetIdentityVerificationAttributes", "ses:VerifyEmailIdentity"], resources: ["*"] },
  ],
  SESCrudPolicy: [
    {
      actions: [
        "ses:GetIdentityVerificationAttributes",
        "ses:SendEmail",
        "ses:SendRawEmail",
        "ses:VerifyEmailIdentity",
      ],
      resources: ["ses:@:identity/${identityName}"],
    },
  ],
  SESEmailTemplateCrudPolicy: [
    {
      actions: [
        "ses:CreateTemplate",
        "ses:GetTemplate",
        "ses:ListTemplates",
        "ses:UpdateTemplate",
        "ses:DeleteTemplate",
        "ses:TestRenderTemplate",
      ],
      resources: ["*"],
    },
  ],
  SESSendBouncePolicy: [{ actions: ["ses:SendBounce"], resources: ["ses:@:identity/${identityName}"] }],
  SNSCrudPolicy: [
    {
      actions: [
        "sns:ListSubscriptionsByTopic",
        "sns:CreateTopic",
        "sns:SetTopicAttributes",
        "sns:Subscribe",
        "sns:Publish",
      ],
      resources: ["sns:@:${topicName}*"],
    },
  ],
  SNSPublishMessagePolicy: [{ actions: ["sns:Publish"], resources: ["sns:@:${topicName}"] }],
  SQSPollerPolicy: [
    {
      actions: [
        "sqs:ChangeMessageVisibility",
        "sqs:ChangeMessageVisibilityBatch",
        "sqs:DeleteMessage",
        "sqs:DeleteMessageBatch",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
      ],
      resources: ["sqs:@:${queueName}"],
    },
  ],
  SQSSendMessagePolicy: [{ actions: ["sqs:SendMessage*"], resources: ["sqs:@:${queueName}"] }],
  StepFunctionsCallbackPolicy: [
    {
      actions: ["states:SendTaskFailure", "states:SendTaskHeartbeat", "states:SendTaskSuccess"],
      resources: ["states:@:stateMachine:${stateMachineName}"],
    },
  ],
  StepFunctionsExecutionPolicy: [
    { actions: ["states:StartExecution"], resources: ["states:@:stateMachine:${stateMachineName}"] },
  ],
  StepFunctionsExecutionPolicy_v2: [
    {
      actions: ["states:StartExecution", "states:StartSyncExecution"],
      resources: ["states:@:stateMachine:${stateMachineName}"],
    },
  ],
};
