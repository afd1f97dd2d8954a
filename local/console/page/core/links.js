/** Where in the console a thing is shown. */

/**
 * The address of a view.
 * @param {...string} parts
 */
export const to = (...parts) => `#/${parts.map(encodeURIComponent).join("/")}`;

/** @typedef {{ view: string, one: string, many: string, of: (id: string) => string | undefined }} Kind */

/** @param {string} id */
const lastPart = (id) => id.slice(Math.max(id.lastIndexOf("/"), id.lastIndexOf(":")) + 1);

/** CloudFormation types that have a view, in the order in which an app shows them. @type {Record<string, Kind>} */
const KINDS = {
  "AWS::Lambda::Function": { view: "functions", one: "function", many: "functions", of: (id) => to("functions", id) },
  "AWS::StepFunctions::StateMachine": {
    view: "machines",
    one: "state machine",
    many: "state machines",
    of: (id) => to("machines", id),
  },
  "AWS::S3::Bucket": { view: "buckets", one: "bucket", many: "buckets", of: (id) => to("buckets", id) },
  "AWS::SQS::Queue": { view: "queues", one: "queue", many: "queues", of: (id) => to("queues", lastPart(id)) },
  "AWS::DynamoDB::Table": { view: "tables", one: "table", many: "tables", of: (id) => to("tables", id) },
  "AWS::Events::EventBus": { view: "events", one: "event bus", many: "event buses", of: () => to("events") },
  "AWS::Events::Rule": { view: "events", one: "rule", many: "rules", of: () => to("events") },
  "AWS::Scheduler::Schedule": { view: "events", one: "schedule", many: "schedules", of: () => to("events") },
  "AWS::SNS::Topic": { view: "events", one: "topic", many: "topics", of: () => to("events") },
  "AWS::CloudWatch::Alarm": { view: "alarms", one: "alarm", many: "alarms", of: (id) => to("alarms", id) },
  "AWS::CloudWatch::CompositeAlarm": { view: "alarms", one: "alarm", many: "alarms", of: (id) => to("alarms", id) },
  "AWS::Logs::LogGroup": { view: "logs", one: "log group", many: "log groups", of: (id) => to("logs", id) },
  "AWS::ApiGatewayV2::Api": { view: "", one: "API", many: "APIs", of: () => undefined },
  "AWS::ApiGateway::RestApi": { view: "", one: "API", many: "APIs", of: () => undefined },
};

export const KIND_ORDER = Object.keys(KINDS);

/** @param {string} type */
export const kindOf = (type) => KINDS[type];

/**
 * @param {string} type
 * @param {string} physicalId
 */
export const resourceLink = (type, physicalId) => KINDS[type]?.of(physicalId);

/**
 * The view of what an ARN names; undefined when there is none.
 * @param {string | undefined} arn
 */
export function arnLink(arn) {
  const [, , service, , , ...rest] = (arn ?? "").split(":");
  const resource = rest.join(":");
  switch (service) {
    case "lambda":
      return resource.startsWith("function:") ? to("functions", rest[1] ?? "") : undefined;
    case "states":
      if (resource.startsWith("stateMachine:")) return to("machines", (arn ?? "").split(":").slice(0, 7).join(":"));
      return resource.startsWith("execution:") ? to("execution", arn ?? "") : undefined;
    case "sqs":
      return to("queues", resource);
    case "s3":
      return to("buckets", resource.split("/")[0] ?? "");
    case "dynamodb":
      return resource.startsWith("table/") ? to("tables", resource.split("/")[1] ?? "") : undefined;
    case "logs":
      return resource.startsWith("log-group:") ? to("logs", rest[1] ?? "") : undefined;
    case "sns":
    case "events":
      return to("events");
    default:
      return undefined;
  }
}

/** An ARN without what is the same for all: `sqs:orders`. @param {string | undefined} arn */
export function shortArn(arn) {
  const [, , service, , , ...rest] = (arn ?? "").split(":");
  return service
    ? `${service} ${rest.join(":").replace(/^(function|stateMachine|table|event-bus|rule)[:/]/, "")}`
    : (arn ?? "–");
}
