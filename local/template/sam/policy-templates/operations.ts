/** SAM policy templates for parameters, secrets, keys, metrics, logs and the management of other resources. */
import type { PolicyTemplates } from "./template.ts";

export const OPERATIONS: PolicyTemplates = {
  AWSSecretsManagerGetSecretValuePolicy: [{ actions: ["secretsmanager:GetSecretValue"], resources: ["${secretArn}"] }],
  AWSSecretsManagerRotationPolicy: [
    {
      actions: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      resources: ["secretsmanager:@:secret:*"],
      condition: {
        StringEquals: { "secretsmanager:resource/AllowRotationLambdaArn": "lambda:@:function:${functionName}" },
      },
    },
    { actions: ["secretsmanager:GetRandomPassword"], resources: ["*"] },
  ],
  CloudFormationDescribeStacksPolicy: [
    { actions: ["cloudformation:DescribeStacks"], resources: ["cloudformation:@:stack/*"] },
  ],
  CloudWatchDashboardPolicy: [
    {
      actions: [
        "cloudwatch:GetDashboard",
        "cloudwatch:ListDashboards",
        "cloudwatch:PutDashboard",
        "cloudwatch:ListMetrics",
      ],
      resources: ["*"],
    },
  ],
  CloudWatchDescribeAlarmHistoryPolicy: [{ actions: ["cloudwatch:DescribeAlarmHistory"], resources: ["*"] }],
  CloudWatchPutMetricPolicy: [{ actions: ["cloudwatch:PutMetricData"], resources: ["*"] }],
  EC2CopyImagePolicy: [{ actions: ["ec2:CopyImage"], resources: ["ec2:@:image/${imageId}"] }],
  EC2DescribePolicy: [{ actions: ["ec2:DescribeRegions", "ec2:DescribeInstances"], resources: ["*"] }],
  EcsRunTaskPolicy: [{ actions: ["ecs:RunTask"], resources: ["ecs:@:task-definition/${taskDefinition}"] }],
  ElasticMapReduceAddJobFlowStepsPolicy: [
    { actions: ["elasticmapreduce:AddJobFlowSteps"], resources: ["elasticmapreduce:@:cluster/${clusterId}"] },
  ],
  ElasticMapReduceCancelStepsPolicy: [
    { actions: ["elasticmapreduce:CancelSteps"], resources: ["elasticmapreduce:@:cluster/${clusterId}"] },
  ],
  ElasticMapReduceModifyInstanceFleetPolicy: [
    {
      actions: ["elasticmapreduce:ModifyInstanceFleet", "elasticmapreduce:ListInstanceFleets"],
      resources: ["elasticmapreduce:@:cluster/${clusterId}"],
    },
  ],
  ElasticMapReduceModifyInstanceGroupsPolicy: [
    {
      actions: ["elasticmapreduce:ModifyInstanceGroups", "elasticmapreduce:ListInstanceGroups"],
      resources: ["elasticmapreduce:@:cluster/${clusterId}"],
    },
  ],
  ElasticMapReduceSetTerminationProtectionPolicy: [
    { actions: ["elasticmapreduce:SetTerminationProtection"], resources: ["elasticmapreduce:@:cluster/${clusterId}"] },
  ],
  ElasticMapReduceTerminateJobFlowsPolicy: [
    { actions: ["elasticmapreduce:TerminateJobFlows"], resources: ["elasticmapreduce:@:cluster/${clusterId}"] },
  ],
  FilterLogEventsPolicy: [
    { actions: ["logs:FilterLogEvents"], resources: ["logs:@:log-group:${logGroupName}:log-stream:*"] },
  ],
  KMSDecryptPolicy: [{ actions: ["kms:Decrypt"], resources: ["kms:@:key/${keyId}"] }],
  KMSEncryptPolicy: [{ actions: ["kms:Encrypt"], resources: ["kms:@:key/${keyId}"] }],
  KMSEncryptPolicy_v2: [
    {
      actions: [
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:GenerateDataKeyPair",
        "kms:GenerateDataKeyPairWithoutPlaintext",
      ],
      resources: ["kms:@:key/${keyId}"],
    },
  ],
  OrganizationsListAccountsPolicy: [{ actions: ["organizations:ListAccounts"], resources: ["*"] }],
  SSMParameterReadPolicy: [
    { actions: ["ssm:DescribeParameters"], resources: ["*"] },
    {
      actions: ["ssm:GetParameters", "ssm:GetParameter", "ssm:GetParametersByPath"],
      resources: ["ssm:@:parameter/${parameterName}"],
    },
  ],
  SSMParameterWithSlashPrefixReadPolicy: [
    { actions: ["ssm:DescribeParameters"], resources: ["*"] },
    {
      actions: ["ssm:GetParameters", "ssm:GetParameter", "ssm:GetParametersByPath"],
      resources: ["ssm:@:parameter${parameterName}"],
    },
  ],
  VPCAccessPolicy: [
    {
      actions: [
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DetachNetworkInterface",
      ],
      resources: ["*"],
    },
  ],
};
