/** Where reports are kept: a bucket of its own, so that the published pictures can be served without them. */
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { s3 } from "#shared/clients/s3";
import { type Report, reportKeyOf } from "../report.ts";

export async function saveReport(bucket: string, report: Report): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: reportKeyOf(report),
      Body: JSON.stringify(report, undefined, 2),
      ContentType: "application/json",
    }),
  );
}
