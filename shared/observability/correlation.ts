/** Finds the identifier by which one can follow an event through the functions that it passes. */

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value deep inside, by own properties only; undefined where the way ends. */
function at(value: unknown, ...way: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of way) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found;
}

/** Callers may choose the identifier: it has to look like one, so that it cannot carry anything else into the logs. */
const identifier = /^[\w.:/=+@;-]{1,256}$/;

function first(...candidates: readonly unknown[]): string | undefined {
  return candidates.find(
    (candidate): candidate is string => typeof candidate === "string" && identifier.test(candidate),
  );
}

/**
 * The correlation id of an event: what the sender passed on as `correlationId` (message attribute, header, field), else the
 * identifier that the event source gave it. For a batch use {@link correlationOfRecord} on each record. Never throws.
 */
export function correlationOf(event: unknown): string | undefined {
  if (!isFields(event)) return undefined;
  if (Array.isArray(event.Records))
    return event.Records.length === 1 ? correlationOfRecord(event.Records[0]) : undefined;
  if (isFields(event.requestContext)) return correlationOfRequest(event);
  if (typeof event["detail-type"] === "string")
    return first(at(event, "detail", "correlationId"), at(event, "detail", "metadata", "correlationId"), event.id);
  return first(
    event.correlationId,
    event.executionId,
    event.executionArn,
    at(event, "Execution", "Id"), // the context object of a state machine, handed over as it is
    event.invocationId, // Firehose
    event.RequestId, // CloudFormation
  );
}

/** API Gateway (REST and HTTP), function URL, load balancer; a WebSocket has a connection. */
function correlationOfRequest(event: Fields): string | undefined {
  const given = isFields(event.headers)
    ? Object.entries(event.headers).find(([name]) => name.toLowerCase() === "x-correlation-id")?.[1]
    : undefined;
  return first(given, at(event, "requestContext", "requestId"), at(event, "headers", "x-amzn-trace-id"));
}

/** The same for one record of SQS, SNS, S3, DynamoDB Streams, Kinesis or SES. */
export function correlationOfRecord(record: unknown): string | undefined {
  if (!isFields(record)) return undefined;
  switch (record.eventSource ?? record.EventSource) {
    case "aws:sqs":
      return first(at(record, "messageAttributes", "correlationId", "stringValue"), record.messageId);
    case "aws:sns":
      return first(at(record, "Sns", "MessageAttributes", "correlationId", "Value"), at(record, "Sns", "MessageId"));
    case "aws:s3":
      return first(at(record, "responseElements", "x-amz-request-id"));
    case "aws:ses":
      return first(at(record, "ses", "mail", "messageId"));
    default:
      return first(record.eventID); // DynamoDB Streams, Kinesis
  }
}
