/** Uploads papers of two customers, overwrites one and deletes another, searches, and merges the small files of the index. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Demo, Stage } from "#local/testing";
import type { MissingPage } from "./src/report-missing.ts";
import type { FoundObject } from "./src/search/found-object.ts";
import type { SearchPage } from "./src/search-objects.ts";

interface Paper {
  readonly key: string;
  readonly metadata: Record<string, string>;
}

const papers = JSON.parse(readFileSync(join(import.meta.dirname, "samples/papers.json"), "utf8")) as Paper[]; // our own sample

const demo: Demo = async (stage) => {
  const s3 = stage.app.client(S3Client);
  const Bucket = stage.app.resource("SourceBucket");
  const put = ({ key, metadata }: Paper) =>
    s3.send(new PutObjectCommand({ Bucket, Key: key, Body: `contents of ${key}`, Metadata: metadata }));

  stage.input(
    `${papers.length} uploads, each with metadata of its uploader`,
    papers.map(({ key, metadata }) => `${key.padEnd(34)} ${stage.paint("dim", inWords(metadata))}`),
  );
  for (const paper of papers) {
    await put(paper);
    await stage.app.settle();
  }
  await stage.app.advance(86_400);
  const [first, second] = papers;
  if (first) await put({ ...first, metadata: { ...first.metadata, category: "credit-note" } });
  if (second) await s3.send(new DeleteObjectCommand({ Bucket, Key: second.key }));
  stage.step(`a day later ${first?.key ?? ""} is overwritten, ${second?.key ?? ""} deleted`);
  await stage.app.settle();
  await stage.path();

  const search = async (question: object) => (await stage.app.invoke("SearchObjects", question)) as SearchPage;
  const ask = async (title: string, question: object) => {
    const { objects, scannedBytes = 0 } = await search(question);
    stage.result(`${title}  ${stage.paint("dim", JSON.stringify(question))}`, [
      ...objects.map(line),
      stage.paint("dim", `${objects.length} found, ${scannedBytes} bytes read`),
    ]);
    return objects.map(({ key }) => key);
  };
  const ofCustomer = await ask("what customer c-1017 has", { customer: "c-1017" });
  const invoices = await ask("all invoices", { category: "invoice" });
  await ask("what came on one day", { from: "2030-01-08", to: "2030-01-08" });
  await ask("by a part of the name and other metadata", { nameContains: "plan", metadata: { project: "bridge" } });
  stage.check("the overwritten paper is no invoice any more", !invoices.includes(first?.key ?? ""));
  stage.check("the deleted paper is not found", !ofCustomer.includes(second?.key ?? ""));

  const missing = (await stage.app.invoke("ReportMissing", {})) as MissingPage;
  stage.result(
    "uploads that lack metadata",
    missing.objects.map(({ key, missing: names }) => `${key.padEnd(34)} ${stage.paint("red", names.join(", "))}`),
  );

  const before = await filesIn(stage, s3);
  await stage.app.advance(3 * 86_400);
  const after = await filesIn(stage, s3);
  stage.step(`after the nights' compactions the index has ${after} files instead of ${before}`);
  stage.check("the index has one file a day, and had more", after === 2 && before > after);
  const found = await search({ limit: 100 });
  stage.check("every paper is found once", found.objects.length === papers.length - 1);
};

export default demo;

async function filesIn(stage: Stage, s3: S3Client): Promise<number> {
  const input = { Bucket: stage.app.resource("IndexBucket"), Prefix: "objects/" };
  return (await s3.send(new ListObjectsV2Command(input))).KeyCount ?? 0;
}

const inWords = (metadata: Readonly<Record<string, string>>): string =>
  Object.entries(metadata)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");

const line = ({ key, customer = "-", category = "-", receivedOn = "-" }: FoundObject): string =>
  `${key.padEnd(34)} ${customer.padEnd(8)} ${category.padEnd(12)} received ${receivedOn}`;
