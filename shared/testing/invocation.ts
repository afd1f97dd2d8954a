/** What tests of handlers need of Lambda: a context, and the lines that an invocation wrote. */
import type { Context } from "aws-lambda";

/** A context as Lambda gives it. */
export function lambdaContext(change: Partial<Context> = {}): Context {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: "RecordScan",
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:RecordScan",
    memoryLimitInMB: "256",
    awsRequestId: "9f1c0d6e-0000-4000-8000-000000000001",
    logGroupName: "/aws/lambda/RecordScan",
    logStreamName: "2030/01/07/[$LATEST]0",
    getRemainingTimeInMillis: () => 3_000,
    done: () => {},
    fail: () => {},
    succeed: () => {},
    ...change,
  };
}

export interface Written {
  /** Every line, as it was written. */
  readonly lines: readonly string[];
  /** The lines that are JSON. */
  readonly entries: readonly Readonly<Record<string, unknown>>[];
}

/** Answers the error with which a promise rejects. Throws when it does not. */
export async function failing(promise: Promise<unknown>): Promise<unknown> {
  let result: unknown;
  try {
    result = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`It should have failed, but answered ${JSON.stringify(result)}`);
}

/** Runs the work and answers what it wrote to standard output and standard error. Rejects when the work does: see {@link failing}. */
export async function written(work: () => unknown): Promise<Written> {
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream) => stream.write);
  let text = "";
  for (const stream of streams) {
    stream.write = (chunk: string | Uint8Array) => {
      text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      return true;
    };
  }
  try {
    await work();
  } finally {
    for (const [index, stream] of streams.entries()) stream.write = originals[index] ?? stream.write;
  }
  const lines = text.split("\n").filter((line) => line !== "");
  return {
    lines,
    entries: lines.flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Record<string, unknown>] : [])),
  };
}
