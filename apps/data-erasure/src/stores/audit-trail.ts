/** What was asked, decided and done, for as long as one has to show it: without an id or a key of anybody. */
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { s3 } from "#shared/clients/s3";
import { env } from "#shared/environment";

const bucket = env.text("AUDIT_BUCKET");

/** Named by what it is about: written twice it is the same entry, in a second version. */
export async function writeAudit(
  requestId: string,
  event: string,
  entry: Readonly<Record<string, unknown>>,
): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: `${requestId}/${event}.json`,
      Body: JSON.stringify({ requestId, event, at: new Date().toISOString(), ...entry }),
      ContentType: "application/json",
    }),
  );
}
