import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import sharp from "sharp";
import { photograph } from "./pictures.ts";
let app: LocalApp;
beforeAll(async () => {
  app = await deploy("face-blur");
});
afterAll(() => app[Symbol.asyncDispose]());
it("smoke", async () => {
  const s3 = app.client(S3Client);
  await s3.send(new PutObjectCommand({ Bucket: app.resource("SourceBucket"), Key: "a b.JPG", Body: photograph(1) }));
  await app.settle();
  console.log(app.warnings, (await app.logs("BlurFaces")).map((l) => l.message).join("\n"));
  const l = await s3.send(new ListObjectsV2Command({ Bucket: app.resource("DestinationBucket") }));
  console.log(l.Contents);
});
