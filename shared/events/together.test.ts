import { describe, expect, it } from "vitest";
import { AppError, Unavailable } from "../errors.ts";
import { queueRecord } from "../testing/events.ts";
import { lambdaContext, written } from "../testing/invocation.ts";
import type { EachOptions } from "./records.ts";
import { s3EventsOf } from "./s3.ts";
import { handleTogether } from "./together.ts";

class KeyUnwanted extends AppError {}

const upload = (key: string) => ({
  version: "0",
  id: key,
  source: "aws.s3",
  "detail-type": "Object Created",
  account: "123456789012",
  time: "2030-01-07T12:00:00Z",
  region: "eu-west-1",
  resources: [],
  detail: { bucket: { name: "b" }, object: { key } },
});
const uploads = (...keys: readonly string[]) => ({
  Records: keys.map((key) => queueRecord(upload(key), { id: key })),
});

async function work(keys: readonly string[], options: EachOptions = {}, isKept = true) {
  const kept: (readonly string[])[] = [];
  const handler = handleTogether(s3EventsOf, options, {
    async each({ input: { key } }) {
      await Promise.resolve();
      if (key === "bad") throw new Error("broken");
      if (key === "unwanted") throw new KeyUnwanted("Not this one");
      return key;
    },
    all(results) {
      if (!isKept) throw new Unavailable("Not now");
      kept.push(results);
    },
  });
  let answer: unknown;
  await written(async () => (answer = await handler(uploads(...keys), lambdaContext())));
  return { kept, answer };
}
const failing = (...names: readonly string[]) => ({
  batchItemFailures: names.map((itemIdentifier) => ({ itemIdentifier })),
});

describe("a batch that is kept together", () => {
  it("is kept once", async () => {
    expect(await work(["a", "b", "c"])).toEqual({ kept: [["a", "b", "c"]], answer: failing() });
  });

  it.each([
    [["bad", "a", "b"], [["a", "b"]]],
    [["a", "bad", "b"], [["a", "b"]]],
    [["a", "b", "bad"], [["a", "b"]]],
  ])("is kept without the record that fails: %s", async (keys, kept) => {
    expect(await work(keys)).toEqual({ kept, answer: failing("bad") });
  });

  it("comes again, all of it but what was put aside, when it cannot be kept", async () => {
    const aside: unknown[] = [];
    const putAside = async (envelope: unknown) => void aside.push(await Promise.resolve(envelope));
    const { answer } = await work(["a", "unwanted", "bad", "b"], { putAside }, false);
    expect(answer).toEqual(failing("bad", "a", "b"));
    expect(aside).toHaveLength(1);
  });

  it("is not kept when nothing is left of it", async () => {
    expect(await work(["bad"])).toEqual({ kept: [], answer: failing("bad") });
  });
});
