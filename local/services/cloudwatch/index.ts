/** Amazon CloudWatch: metrics, alarms and dashboards. */
import * as sdk from "@aws-sdk/client-cloudwatch";
import type { Cloud } from "../../core/cloud.ts";
import type { Permission, PolicyDocument } from "../../core/principal.ts";
import type { Service } from "../../core/service.ts";
import { alarmHandlers } from "./alarms/operations.ts";
import { AlarmStore } from "./alarms/store.ts";
import { dashboardHandlers } from "./dashboards.ts";
import { putMetricData } from "./metrics/put-metric-data.ts";
import { readMetricHandlers } from "./metrics/read-metrics.ts";
import { MetricStore } from "./metrics/series.ts";
import { cloudwatchResources } from "./resources.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  const metrics = new MetricStore(cloud);
  const alarms = new AlarmStore(cloud, metrics);
  return {
    sdk,
    handlers: {
      PutMetricData: putMetricData(cloud, metrics),
      ...readMetricHandlers(cloud, metrics),
      ...alarmHandlers(alarms),
      ...dashboardHandlers(cloud),
    },
    permissions: (operation, input) => permissions(cloud, operation, input),
    resourcePolicy: () => SERVICES_REPORT,
    resources: cloudwatchResources(cloud, alarms),
    resume: () => alarms.resume(),
    stop: () => alarms.stop(),
  };
}

// AWS's own services report their metrics without anybody's leave; a policy nobody sees stands for that.
const SERVICES_REPORT: PolicyDocument = {
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Principal: {
      Service: ["lambda", "states", "events", "scheduler", "sqs", "sns", "s3", "dynamodb", "apigateway", "logs"].map(
        (name) => `${name}.amazonaws.com`,
      ),
    },
    Action: "cloudwatch:PutMetricData",
    Resource: "*",
  },
};

/** Operations on alarms that name them, and the member with the names. */
const ON_ALARMS: Readonly<Record<string, string>> = {
  PutMetricAlarm: "AlarmName",
  PutCompositeAlarm: "AlarmName",
  SetAlarmState: "AlarmName",
  DescribeAlarmHistory: "AlarmName",
  DescribeAlarms: "AlarmNames",
  DeleteAlarms: "AlarmNames",
  EnableAlarmActions: "AlarmNames",
  DisableAlarmActions: "AlarmNames",
};

function permissions(cloud: Cloud, operation: string, input: Readonly<Record<string, unknown>>): readonly Permission[] {
  const action = `cloudwatch:${operation}`;
  if (operation === "PutMetricData") {
    // Metrics have no ARN: policies narrow by the namespace (condition key cloudwatch:namespace).
    return [{ action, resource: "*", context: { "cloudwatch:namespace": String(input["Namespace"] ?? "") } }];
  }
  const member = ON_ALARMS[operation];
  if (member !== undefined) {
    const value = input[member];
    const names = Array.isArray(value) ? value.map(String) : typeof value === "string" ? [value] : ["*"];
    return names.map((name) => ({ action, resource: cloud.arn("cloudwatch", `alarm:${name}`) }));
  }
  const arn = input["ResourceARN"];
  if (typeof arn === "string") return [{ action, resource: arn }];
  const dashboard = input["DashboardName"];
  if (typeof dashboard === "string")
    return [{ action, resource: `arn:aws:cloudwatch::${cloud.accountId}:dashboard/${dashboard}` }];
  return [{ action, resource: "*" }];
}
