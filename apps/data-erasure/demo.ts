/** A user leaves: a list is uploaded, the approver looks at the report and presses the button, rows and objects are gone. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateEmailIdentityCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import type { Demo } from "#local/testing";

export const parameters = {
  ApproverEmail: "privacy@example.com",
  SenderEmail: "erasure@example.com",
  AlarmEmail: "team@example.com",
};

const sample = (name: string) => readFileSync(join(import.meta.dirname, "samples", name));

const demo: Demo = async (stage) => {
  const { app } = stage;
  const s3 = app.client(S3Client);
  const Bucket = app.resource("DataBucket");
  const put = (Key: string, Body: Uint8Array | string) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  const read = async (Key: string, from = Bucket) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: from, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const versions = async (Prefix: string) => {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
    return Versions.length + DeleteMarkers.length;
  };
  await app.client(SESv2Client).send(new CreateEmailIdentityCommand({ EmailIdentity: parameters.SenderEmail }));

  stage.input("a bucket of people's data", sample("visits.ndjson").toString().trimEnd().split("\n"));
  await put("rows/visits.ndjson", sample("visits.ndjson"));
  await put("rows/visits-2029.ndjson.gz", gzipSync(sample("visits.ndjson")));
  await put("rows/complaints.csv", sample("complaints.csv"));
  await put("files/1001-portrait.jpg", "a picture");
  await put("files/1001-portrait.jpg", "a better picture");
  await put("files/1002-portrait.jpg", "somebody else");
  stage.progress("every version is indexed: rows in Postgres, owners of whole objects in DynamoDB");
  await app.settle();

  stage.input("a list of who leaves", sample("leavers.csv").toString().trimEnd().split("\n"));
  await s3.send(
    new PutObjectCommand({
      Bucket: app.resource("PapersBucket"),
      Key: "uploads/leavers.csv",
      Body: sample("leavers.csv"),
      Metadata: { "requested-by": "support@example.com" },
    }),
  );
  const mail = await app.eventually(() => app.outbox.find(({ source }) => source === "ses"), 3_000);
  stage.result(`mail to ${mail.to.join(", ")}: ${mail.subject}`, mail.text?.split("\n\n") ?? []);

  const link = /\S+\/approvals\/\S+/.exec(mail.text ?? "")?.[0] ?? "";
  const page = await (await fetch(link)).text();
  stage.file("approval.html", page);
  stage.step("the approver opens the link, which changes nothing, and presses Approve");
  const report = /name="report" value="(\w+)"/.exec(page)?.[1] ?? "";
  await fetch(`${link}/approve`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ report }).toString(),
  });
  await app.settle();
  await stage.path();

  const visits = (await read("rows/visits.ndjson")).toString();
  const old = gunzipSync(await read("rows/visits-2029.ndjson.gz")).toString();
  const complaints = (await read("rows/complaints.csv")).toString();
  stage.result("rows/visits.ndjson: other rows keep their numbers", visits.trimEnd().split("\n"));
  stage.result("rows/complaints.csv", complaints.split("\n"));
  for (const { subject = "", text = "" } of app.outbox.filter(({ source }) => source !== "ses"))
    stage.result(`notice: ${subject}`, text.split("\n")[0] ?? "");
  const requestId = /approvals\/(\w+)\//.exec(link)?.[1] ?? "";
  const audit = (await read(`${requestId}/closed.json`, app.resource("AuditBucket"))).toString();
  stage.result("what is kept of it", JSON.stringify(JSON.parse(audit), undefined, 2).split("\n"));

  stage.check("no row of user 1001 is left", ![visits, old, complaints].some((text) => text.includes("1001")));
  stage.check("the rows of the others are", visits.includes("1002") && visits.includes("1003") && old.includes("1003"));
  stage.check("the picture is gone with both versions", (await versions("files/1001-portrait.jpg")) === 0);
  stage.check("no old version is left of what was rewritten", (await versions("rows/visits.ndjson")) === 1);
  stage.check("the audit trail names nobody", !audit.includes("1001") && audit.includes("COMPLETED"));

  stage.progress("the vacuum takes the blank rows out");
  await app.invoke("VacuumObjects", {});
  await app.settle();
  stage.result(
    "rows/visits.ndjson after the vacuum",
    (await read("rows/visits.ndjson")).toString().trimEnd().split("\n"),
  );
  stage.check("no blank row is left", !(await read("rows/visits.ndjson")).toString().includes("{}"));
};

export default demo;
