/** What SES checks before it takes a receipt rule: its name, its recipients, and that each action reaches its target. */
import type { ReceiptAction, ReceiptRule } from "@aws-sdk/client-ses";
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import type { Principal } from "../../../core/principal.ts";
import { asRule } from "./rules.ts";

const MOST_RECIPIENTS = 100;
const MOST_ACTIONS = 10;
const NAME = /^[A-Za-z0-9]([\w.-]{0,62}[A-Za-z0-9])?$/;

export function checkName(kind: "Rule" | "Rule set", name: string | undefined): string {
  if (name !== undefined && NAME.test(name)) return name;
  throw new ServiceError("InvalidParameterValue", `${kind} name is not valid: ${name}`);
}

/** Throws the error that SES answers. The bucket gets the object that tells that SES may write. */
export async function checkRule(cloud: Cloud, ruleSet: string, rule: ReceiptRule | undefined): Promise<ReceiptRule> {
  const name = checkName("Rule", rule?.Name);
  const recipients = rule?.Recipients ?? [];
  if (recipients.length > MOST_RECIPIENTS)
    throw new ServiceError("LimitExceededException", `Too many recipients in rule: ${name}`);
  const odd = recipients.find((recipient) => !/^([^\s@]+@)?\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(recipient));
  if (odd !== undefined) throw new ServiceError("InvalidParameterValue", `Invalid recipient: ${odd}`);
  const actions = rule?.Actions ?? [];
  if (actions.length > MOST_ACTIONS)
    throw new ServiceError("LimitExceededException", `Too many actions in rule: ${name}`);
  const as = asRule(cloud, ruleSet, name);
  for (const action of actions) await checkAction(cloud, action, as);
  return { Enabled: false, TlsPolicy: "Optional", ScanEnabled: false, ...rule, Name: name };
}

async function checkAction(cloud: Cloud, action: ReceiptAction, as: Principal): Promise<void> {
  const [kind, ...others] = Object.entries(action).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (kind === undefined || others.length > 0)
    throw new ServiceError("InvalidParameterValue", "Each action must have exactly one kind");
  const { S3Action: s3, LambdaAction: lambda } = action;
  if (s3) {
    if (s3.KmsKeyArn !== undefined || s3.IamRoleArn !== undefined)
      throw unsupported("S3Action.KmsKeyArn and S3Action.IamRoleArn");
    await or("InvalidS3ConfigurationException", `Could not write to bucket: ${s3.BucketName}`, () =>
      cloud.call(
        "s3",
        "PutObject",
        {
          Bucket: s3.BucketName,
          Key: `${s3.ObjectKeyPrefix ?? ""}AMAZON_SES_SETUP_NOTIFICATION`,
          Body: setupNotification(s3.BucketName ?? ""),
        },
        as,
      ),
    );
  } else if (lambda) {
    await or("InvalidLambdaFunctionException", `Could not invoke Lambda function: ${lambda.FunctionArn}`, () =>
      cloud.call("lambda", "Invoke", { FunctionName: lambda.FunctionArn, InvocationType: "DryRun" }, as),
    );
  } else if (!action.SNSAction && !action.StopAction && !action.BounceAction) throw unsupported(kind);
  const topic = (action.SNSAction ?? s3 ?? lambda ?? action.StopAction ?? action.BounceAction)?.TopicArn;
  if (topic !== undefined) {
    await or("InvalidSnsTopicException", `Could not publish to SNS topic: ${topic}`, () =>
      cloud.call(
        "sns",
        "Publish",
        { TopicArn: topic, Message: "Successfully validated SNS topic for Amazon SES." },
        as,
      ),
    );
  }
}

async function or(name: string, message: string, attempt: () => Promise<unknown>): Promise<void> {
  try {
    await attempt();
  } catch (error) {
    // The reason is the cloud's own addition: SES does not say it.
    throw new ServiceError(name, `${message} (${error instanceof Error ? error.message : String(error)})`);
  }
}

const unsupported = (what: string): ServiceError =>
  new ServiceError("NotImplemented", `${what} of receipt rules is not there in the local cloud`, { status: 501 });

/** A mail, so that whatever works on the bucket's objects has something of the usual form to pass over. */
const setupNotification = (bucket: string): string =>
  [
    "From: no-reply-aws@amazon.com",
    "To: undisclosed-recipients:;",
    "Subject: Amazon SES Setup Notification",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=UTF-8",
    "",
    `Amazon SES may write mails into the bucket ${bucket}: it was named in a receipt rule. This object can be removed.`,
    "",
  ].join("\r\n");
