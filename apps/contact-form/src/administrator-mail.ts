/** Sends a notice to the administrator. */
import { SendEmailCommand } from "@aws-sdk/client-sesv2";
import { ses } from "#shared/clients/ses";
import { AppError } from "#shared/errors";
import type { Notice } from "./notice.ts";

/** SES will not take it however often it is asked: the address is not verified, or sending is switched off. */
export class MailRefused extends AppError {}

const HOPELESS = new Set([
  "AccountSuspendedException",
  "BadRequestException",
  "MailFromDomainNotVerifiedException",
  "MessageRejected",
  "NotFoundException",
  "SendingPausedException",
]);

/** Throws MailRefused. */
export async function sendNotice(administrator: string, { subject, text, replyTo }: Notice): Promise<void> {
  const content = (Data: string) => ({ Data, Charset: "UTF-8" });
  try {
    await ses.send(
      new SendEmailCommand({
        FromEmailAddress: administrator,
        Destination: { ToAddresses: [administrator] },
        ReplyToAddresses: [replyTo],
        Content: { Simple: { Subject: content(subject), Body: { Text: content(text) } } },
      }),
    );
  } catch (error) {
    if (error instanceof Error && HOPELESS.has(error.name))
      throw new MailRefused(`SES refused the mail: ${error.name}`, {}, { cause: error });
    throw error;
  }
}
