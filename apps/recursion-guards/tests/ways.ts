/** The ways as their users see them: where a text goes in, where its result comes out, and what that is said to take. */
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import type { App } from "#local/testing";

export interface Way {
  readonly name: string;
  readonly bucket: string;
  readonly results: string;
  readonly functions: readonly string[];
  /** Invocations of all its functions for one upload. */
  readonly stated: number;
  /** The key under which `name` is uploaded. */
  readonly key: (name: string) => string;
  /** What the uploader has to say. */
  readonly metadata: Readonly<Record<string, string>>;
}

const plain = { key: (name: string) => name, metadata: {} };

export const WAYS: readonly Way[] = [
  {
    ...plain,
    name: "two buckets",
    bucket: "UploadsBucket",
    results: "ResultsBucket",
    functions: ["TidyIntoResults"],
    stated: 1,
  },
  {
    ...plain,
    name: "prefix",
    bucket: "PrefixBucket",
    results: "PrefixBucket",
    functions: ["TidyOriginals"],
    stated: 1,
    key: (name) => `original/${name}`,
  },
  {
    ...plain,
    name: "metadata",
    bucket: "MetadataBucket",
    results: "MetadataBucket",
    functions: ["TidyMarked"],
    stated: 2,
    // S3 makes the letters of names small.
    metadata: { Original: "true" },
  },
  {
    ...plain,
    name: "ledger",
    bucket: "LedgerBucket",
    results: "LedgerBucket",
    functions: ["RecordUpload", "TidyRecorded"],
    // Two for the upload, one for its result.
    stated: 3,
  },
  {
    ...plain,
    name: "marker",
    bucket: "MarkerBucket",
    results: "MarkerBucket",
    functions: ["TidyUnmarked"],
    stated: 2,
  },
  {
    ...plain,
    name: "rule",
    bucket: "RuleBucket",
    results: "RuleBucket",
    functions: ["TidyAnnounced"],
    stated: 1,
  },
];

export function wayNamed(name: string): Way {
  const way = WAYS.find((known) => known.name === name);
  if (!way) throw new Error(`There is no way "${name}"`);
  return way;
}

/** Uploads a text as a user of this way does; answers its version. */
export async function upload(
  app: App,
  { bucket, key, metadata }: Way,
  name: string,
  Body: string | Uint8Array,
  more: Partial<Omit<PutObjectCommandInput, "Bucket" | "Key" | "Body">> = {},
): Promise<string> {
  const Metadata = { ...metadata, ...more.Metadata };
  const input = { Bucket: app.resource(bucket), Key: key(name), Body, ...more, Metadata };
  return (await app.client(S3Client).send(new PutObjectCommand(input))).VersionId ?? "";
}

/** What lies where the result belongs. */
export async function resultOf(app: App, { results }: Way, name: string) {
  const { Body, ...output } = await app
    .client(S3Client)
    .send(new GetObjectCommand({ Bucket: app.resource(results), Key: name }));
  return { ...output, text: (await Body?.transformToString()) ?? "", metadata: output.Metadata ?? {} };
}

/** How many versions a key has in a bucket. */
export async function versionsOf(app: App, bucket: string, key: string): Promise<number> {
  const { Versions = [] } = await app
    .client(S3Client)
    .send(new ListObjectVersionsCommand({ Bucket: app.resource(bucket), Prefix: key }));
  return Versions.filter(({ Key }) => Key === key).length;
}

/** A metric of functions, summed up since the app is there, as CloudWatch has it. */
export async function sumOf(app: App, functions: readonly string[], MetricName: string): Promise<number> {
  let total = 0;
  for (const id of functions) {
    const { Datapoints = [] } = await app.client(CloudWatchClient).send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/Lambda",
        MetricName,
        Dimensions: [{ Name: "FunctionName", Value: app.resource(id) }],
        StartTime: new Date("2030-01-01T00:00:00Z"),
        EndTime: new Date("2030-03-01T00:00:00Z"),
        Period: 86_400,
        Statistics: ["Sum"],
      }),
    );
    total += Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  }
  return total;
}

export const invocationsOf = (app: App, { functions }: Way): Promise<number> => sumOf(app, functions, "Invocations");
