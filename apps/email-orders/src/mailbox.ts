/** The bucket in which SES puts the mails. */
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { s3 } from "#shared/clients/s3";
import { env } from "#shared/environment";
import { MailUnreadable } from "./letter.ts";

const bucket = env.text("MAIL_BUCKET");
const prefix = env.text("MAIL_PREFIX", "");

/** A stored mail. Throws MailUnreadable for one that is larger than `mostBytes`, without reading it. */
export async function storedMail(mailId: string, mostBytes: number): Promise<Uint8Array> {
  const { Body, ContentLength = 0 } = await s3.send(
    new GetObjectCommand({ Bucket: bucket, Key: `${prefix}${mailId}` }),
  );
  if (ContentLength > mostBytes) {
    if (Body && "destroy" in Body) Body.destroy();
    throw new MailUnreadable(`The mail is larger than ${mostBytes} bytes`);
  }
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}
