/** S3 as Map states use it, in the execution's role. */
import { isServiceError } from "../../../core/errors.ts";
import { persistently } from "../../../core/persistently.ts";
import { StatesFailure } from "../../../states/failure.ts";
import type { JsonObject } from "../../../states/json.ts";
import type { Execution } from "../executions/execution.ts";

const text = (source: JsonObject, name: string): string | undefined => {
  const value = source[name];
  return value === undefined ? undefined : String(value);
};

/** Errors of S3 become the failure of the reader or writer; the message is S3's. */
async function orFailure<T>(execution: Execution, error: string, call: () => Promise<T>): Promise<T> {
  try {
    return await persistently(execution.services.store.cloud.clock, call);
  } catch (problem) {
    if (!isServiceError(problem)) throw problem;
    throw new StatesFailure(
      error,
      `${problem.message} (Service: S3, Status Code: ${problem.status ?? 400}, Error Code: ${problem.name})`,
    );
  }
}

/** One item for each object, in the form of ListObjectsV2. */
export async function listObjects(
  execution: Execution,
  source: JsonObject,
  limit: number,
): Promise<readonly JsonObject[]> {
  const { cloud } = execution.services.store;
  const items: JsonObject[] = [];
  let ContinuationToken: string | undefined;
  do {
    const Prefix = text(source, "Prefix");
    const input = {
      Bucket: text(source, "Bucket") ?? "",
      ...(Prefix === undefined ? {} : { Prefix }),
      ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
    };
    const answer = await orFailure(execution, "States.ItemReaderFailed", () =>
      cloud.call("s3", "ListObjectsV2", input, execution.principal),
    );
    for (const { Key = "", ETag = "", Size = 0, LastModified, StorageClass = "STANDARD" } of answer.Contents ?? []) {
      items.push({
        Etag: ETag,
        Key,
        LastModified: Math.floor((LastModified?.getTime() ?? 0) / 1000),
        Size,
        StorageClass,
      });
    }
    ContinuationToken = answer.NextContinuationToken;
  } while (ContinuationToken !== undefined && items.length < limit);
  return items.slice(0, limit);
}

export async function readObject(execution: Execution, source: JsonObject): Promise<Uint8Array> {
  const { cloud } = execution.services.store;
  const VersionId = text(source, "VersionId");
  const input = {
    Bucket: text(source, "Bucket") ?? "",
    Key: text(source, "Key") ?? "",
    ...(VersionId === undefined ? {} : { VersionId }),
  };
  const { Body: body } = await orFailure(execution, "States.ItemReaderFailed", () =>
    cloud.call("s3", "GetObject", input, execution.principal),
  );
  return bytesOf(body);
}

/** Bodies are bytes or streams of them, as the S3 service likes. */
async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  if (typeof body === "string") return Buffer.from(body);
  if (typeof body === "object" && body !== null && Symbol.asyncIterator in body) {
    return Buffer.concat(await Array.fromAsync(body as AsyncIterable<Uint8Array>));
  }
  return new Uint8Array();
}

export async function writeObject(execution: Execution, Bucket: string, Key: string, body: string): Promise<void> {
  const { cloud } = execution.services.store;
  const input = { Bucket, Key, Body: Buffer.from(body), ContentType: "application/json" };
  const write = () => cloud.call("s3", "PutObject", input, execution.principal);
  await orFailure(execution, "States.ResultWriterFailed", write);
}
