/** Carries out one action of a receipt rule. */
import type { ReceiptAction, ReceiptRule } from "@aws-sdk/client-ses";
import type { Cloud } from "../../../core/cloud.ts";
import type { Principal } from "../../../core/principal.ts";
import { addToOutbox } from "../../sns/outbox.ts";
import { describeMail, describeReceipt, type ReceivedMail } from "./received-mail.ts";

/** What becomes of the rules behind this action. */
export type Onward = "CONTINUE" | "STOP_RULE" | "STOP_RULE_SET";

export interface Occasion {
  readonly cloud: Cloud;
  readonly mail: ReceivedMail;
  readonly rule: ReceiptRule;
  /** Those of the mail's recipients that the rule speaks of. */
  readonly recipients: readonly string[];
  readonly as: Principal;
}

/** Notifications with the mail in them hold 150 kB at most (Publish to Amazon SNS topic action). */
const MOST_NOTIFIED_BYTES = 153_600;

export async function runAction(action: ReceiptAction, occasion: Occasion): Promise<Onward> {
  const { S3Action: s3, LambdaAction: lambda, SNSAction: sns, StopAction: stop, BounceAction: bounce } = action;
  const { cloud, mail, as } = occasion;
  if (s3) {
    const key = `${s3.ObjectKeyPrefix ?? ""}${mail.messageId}`;
    await cloud.call("s3", "PutObject", { Bucket: s3.BucketName, Key: key, Body: mail.content }, as);
    await notify(occasion, s3.TopicArn, {
      type: "S3",
      bucketName: s3.BucketName,
      objectKeyPrefix: s3.ObjectKeyPrefix ?? "",
      objectKey: key,
    });
  } else if (lambda) {
    const { FunctionArn, InvocationType = "Event", TopicArn } = lambda;
    const told = { type: "Lambda", functionArn: FunctionArn, invocationType: InvocationType };
    await notify(occasion, TopicArn, told);
    const answer = await cloud.call(
      "lambda",
      "Invoke",
      { FunctionName: FunctionArn, InvocationType, Payload: Buffer.from(JSON.stringify(lambdaEvent(occasion, told))) },
      as,
    );
    return InvocationType === "Event" ? "CONTINUE" : dispositionIn(answer.Payload);
  } else if (sns) {
    if (mail.content.length > MOST_NOTIFIED_BYTES) throw new Error("The mail is too large for a notification");
    const encoding = sns.Encoding === "Base64" ? "base64" : "utf8";
    const content = mail.content.toString(encoding);
    const told = { type: "SNS", topicArn: sns.TopicArn, encoding: sns.Encoding ?? "UTF-8" };
    await notify(occasion, sns.TopicArn, told, { content });
  } else if (bounce) {
    await notify(occasion, bounce.TopicArn, { type: "Bounce", ...bounce });
    // A mail without a return path is never bounced (RFC 5321, 4.5.5).
    if (mail.source !== "") {
      addToOutbox(cloud, {
        kind: "email",
        from: bounce.Sender ?? "",
        to: [mail.source],
        subject: "Delivery Status Notification (Failure)",
        text: `${bounce.SmtpReplyCode} ${bounce.StatusCode ?? ""} ${bounce.Message}`,
        source: "ses",
      });
    }
  } else if (stop) {
    await notify(occasion, stop.TopicArn, { type: "Stop" });
    return "STOP_RULE_SET";
  }
  return "CONTINUE";
}

const receiptOf = ({ mail, recipients, rule }: Occasion, action: object) =>
  describeReceipt(mail, recipients, rule.ScanEnabled === true, action);

const lambdaEvent = (occasion: Occasion, action: object) => ({
  Records: [
    {
      eventSource: "aws:ses",
      eventVersion: "1.0",
      ses: { mail: describeMail(occasion.mail), receipt: receiptOf(occasion, action) },
    },
  ],
});

async function notify(occasion: Occasion, TopicArn: string | undefined, action: object, more: object = {}) {
  if (TopicArn === undefined) return;
  const notification = {
    notificationType: "Received",
    receipt: receiptOf(occasion, action),
    mail: describeMail(occasion.mail),
    ...more,
  };
  const message = { TopicArn, Subject: "Amazon SES Email Receipt Notification", Message: JSON.stringify(notification) };
  await occasion.cloud.call("sns", "Publish", message, occasion.as);
}

/** What a function answers that was waited for: `{"disposition": "STOP_RULE"}`; anything else is CONTINUE. */
function dispositionIn(payload: Uint8Array | undefined): Onward {
  try {
    const { disposition }: { disposition?: unknown } = JSON.parse(Buffer.from(payload ?? []).toString());
    return disposition === "STOP_RULE" || disposition === "STOP_RULE_SET" ? disposition : "CONTINUE";
  } catch {
    return "CONTINUE";
  }
}
