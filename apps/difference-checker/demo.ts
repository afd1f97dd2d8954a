/** Uploads a list four times and a configuration twice, and shows what the checker says of each version. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Demo, Stage } from "#local/testing";
import type { Change, ChangePage } from "./src/change-log.ts";

const sample = (name: string) => readFileSync(join(import.meta.dirname, "samples", name));

const demo: Demo = async (stage) => {
  const s3 = stage.app.client(S3Client);
  const upload = async (key: string, file: string) => {
    const Body = sample(file);
    stage.input(`${file}, ${Body.length} bytes, uploaded as ${key}`);
    await s3.send(new PutObjectCommand({ Bucket: stage.app.resource("SourceBucket"), Key: key, Body }));
    await stage.app.settle();
    await stage.app.advance(60);
  };

  for (const number of [1, 2, 3, 4]) await upload("trips/packing list.txt", `packing-list-${number}.txt`);
  for (const number of [1, 2]) await upload("heating.json", `heating-${number}.json`);
  await stage.path();

  for (const key of ["trips/packing list.txt", "heating.json"]) {
    const { changes } = (await stage.app.invoke("FindChanges", { key })) as ChangePage;
    for (const change of [...changes].reverse()) await show(stage, s3, change);
  }

  const { Versions = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: stage.app.resource("SourceBucket"), Prefix: "trips/" }),
  );
  stage.check("three versions of the list are kept, and the oldest of four is gone", Versions.length === 3);
};

export default demo;

async function show(stage: Stage, s3: S3Client, change: Change): Promise<void> {
  const title = `${change.key}, version ${change.versionNumber}: ${change.summary}`;
  if (change.differenceKey === undefined) return stage.result(title);
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket: stage.app.resource("DifferencesBucket"), Key: change.differenceKey }),
  );
  const text = (await Body?.transformToString()) ?? "";
  stage.result(title, change.kind === "json" ? valueLines(stage, text) : patchLines(stage, text));
}

const patchLines = (stage: Stage, patch: string): string[] =>
  patch
    .trimEnd()
    .split("\n")
    .slice(2)
    .map((line) =>
      line.startsWith("+")
        ? stage.paint("green", line)
        : line.startsWith("-")
          ? stage.paint("red", line)
          : line.startsWith("@@")
            ? stage.paint("cyan", line)
            : line,
    );

function valueLines(stage: Stage, text: string): string[] {
  const { changes } = JSON.parse(text) as {
    changes: { op: string; path: string; before?: unknown; after?: unknown }[];
  };
  return changes.map(({ op, path, before, after }) => {
    const old = before === undefined ? "" : stage.paint("red", JSON.stringify(before));
    const now = after === undefined ? "" : stage.paint("green", JSON.stringify(after));
    return `${op.padEnd(7)} ${path}  ${[old, now].filter(Boolean).join(" → ")}`;
  });
}
