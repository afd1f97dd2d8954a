/** Deployment packages as callers hand them over. */
import { createHash } from "node:crypto";
import type { FunctionCode } from "@aws-sdk/client-lambda";
import { isServiceError } from "../../../core/errors.ts";
import type { Principal } from "../../../core/principal.ts";
import { BadZip } from "../../../lambda/code/central-directory.ts";
import type { CodeRef } from "../../../lambda/code/code-ref.ts";
import { LARGEST_UNPACKED, unpackedSize } from "../../../lambda/code/unpack.ts";
import { invalid, unsupported } from "../errors.ts";
import type { LambdaService } from "../lambda-service.ts";

/** "Lambda quotas": uploads directly in the request. */
const LARGEST_UPLOAD = 50 * 1024 * 1024;

export interface Package {
  readonly code: CodeRef;
  readonly codeSha256: string;
  readonly codeSize: number;
}

type CodeInput = Pick<FunctionCode, "ZipFile" | "S3Bucket" | "S3Key" | "S3ObjectVersion" | "ImageUri">;

/** The package of a request, from its body or from S3 (read as the caller). Throws InvalidParameterValueException. */
export async function readPackage(lambda: LambdaService, input: CodeInput, caller: Principal): Promise<Package> {
  if (input.ImageUri !== undefined) throw unsupported("functions from container images");
  if (input.ZipFile !== undefined) {
    if (input.ZipFile.length > LARGEST_UPLOAD)
      throw invalid(`Unzipped size must be smaller than ${LARGEST_UNPACKED} bytes`);
    return keep(lambda, Buffer.from(input.ZipFile));
  }
  if (input.S3Bucket === undefined || input.S3Key === undefined)
    throw invalid("Please provide a source for function code.");
  return keep(lambda, await readObject(lambda, input, caller));
}

/** Code that is not a package: a folder, or a text in the template. Its hash stands for where it comes from. */
export function packageOf(code: CodeRef): Package {
  const text = JSON.stringify(code);
  const codeSha256 = createHash("sha256").update(text).digest("base64");
  return { code, codeSha256, codeSize: code.kind === "inline" ? code.source.length : text.length };
}

function keep(lambda: LambdaService, archive: Buffer): Package {
  try {
    if (unpackedSize(archive) > LARGEST_UNPACKED)
      throw invalid(`Unzipped size must be smaller than ${LARGEST_UNPACKED} bytes`);
  } catch (error) {
    throw error instanceof BadZip
      ? invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")
      : error;
  }
  const sha256 = createHash("sha256").update(archive);
  const codeSha256 = sha256.copy().digest("base64");
  const blob = lambda.cloud.storage.blobs.put(archive);
  return { code: { kind: "zip", blob, sha256: sha256.digest("hex") }, codeSha256, codeSize: archive.length };
}

async function readObject(lambda: LambdaService, input: CodeInput, caller: Principal): Promise<Buffer> {
  const version = input.S3ObjectVersion === undefined ? {} : { VersionId: input.S3ObjectVersion };
  try {
    const { Body } = await lambda.cloud.call(
      "s3",
      "GetObject",
      { Bucket: input.S3Bucket, Key: input.S3Key, ...version },
      caller,
    );
    return await bytesOf(Body);
  } catch (error) {
    if (!isServiceError(error)) throw error;
    throw invalid(`Error occurred while GetObject. S3 Error Code: ${error.name}. S3 Error Message: ${error.message}`);
  }
}

/** A body from within the cloud: bytes, text or a stream of them. */
async function bytesOf(body: unknown): Promise<Buffer> {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === "string" || body instanceof Uint8Array) return Buffer.from(body as Uint8Array);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
