import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { CONTEXT, execute, only } from "../execute-for-test.ts";
import { StatesFailure } from "../failure.ts";
import type { ChildOutcome, Host, MapRuns, MapRunStart } from "../host.ts";
import type { Json, JsonObject } from "../json.ts";
import { runStates } from "../run.ts";
import { Scope } from "../scope.ts";
import { Thread } from "../thread.ts";

/** Buckets and child executions in memory. */
function world(files: Readonly<Record<string, string | Uint8Array>> = {}) {
  const written = new Map<string, string>();
  const starts: MapRunStart[] = [];
  const inputs: Json[] = [];
  const finished: string[] = [];
  const state = { running: 0, most: 0 };
  const mapRuns = (host: Host): MapRuns => ({
    listObjects: (_source, limit) =>
      Promise.resolve(
        Object.keys(files)
          .slice(0, limit)
          .map((Key) => ({ Key, Size: 1 })),
      ),
    readObject: ({ Key }) => {
      const file = files[String(Key)];
      return file === undefined
        ? Promise.reject(new StatesFailure("States.ItemReaderFailed", `no ${String(Key)}`))
        : Promise.resolve(Buffer.from(file));
    },
    writeObject: (bucket, key, body) => Promise.resolve(void written.set(`${bucket}/${key}`, body)),
    start: (start) => {
      starts.push(start);
      return {
        arn: "arn:aws:states:eu-north-1:000000000000:mapRun:test/label:run-1",
        limits: start,
        finish: (status) => void finished.push(status),
        runChild: async ({ index, input, signal }): Promise<ChildOutcome> => {
          inputs.push(input);
          state.most = Math.max(state.most, ++state.running);
          const thread = new Thread({ host, signal, scope: new Scope(), context: CONTEXT, lastEventId: 1 });
          const common = {
            executionArn: `arn:child:${index}`,
            name: `child-${index}`,
            stateMachineArn: "arn:machine/label",
            startDate: host.now(),
            input: JSON.stringify(input),
          };
          const nothing = { output: undefined, error: undefined, cause: undefined };
          try {
            const output = await runStates(start.processor, input, thread);
            return { ...common, ...nothing, status: "SUCCEEDED", stopDate: host.now(), output };
          } catch (error) {
            if (!(error instanceof StatesFailure))
              return { ...common, ...nothing, status: "ABORTED", stopDate: host.now() };
            return {
              ...common,
              ...nothing,
              status: "FAILED",
              stopDate: host.now(),
              error: error.error,
              cause: error.reason,
            };
          } finally {
            state.running--;
          }
        },
      };
    },
  });
  return { mapRuns, written, starts, inputs, finished, state };
}

const processor = (state: JsonObject): JsonObject => ({
  ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
  StartAt: "Do",
  States: { Do: { End: true, ...state } },
});
const distributed = (more: JsonObject, state: JsonObject = { Type: "Pass" }): JsonObject =>
  only({ Type: "Map", Label: "label", ItemProcessor: processor(state), ...more });
const failsOn = (...values: Json[]): JsonObject => ({
  StartAt: "Check",
  States: {
    Check: {
      Type: "Choice",
      Choices: values.map((value) => ({ Variable: "$", NumericEquals: value, Next: "Bad" })),
      Default: "Good",
    },
    Bad: { Type: "Fail", Error: "Bad" },
    Good: { Type: "Succeed" },
  },
});

describe("a distributed Map", () => {
  it("runs a child execution for each item and records the run", async () => {
    const w = world();
    const { output, events } = await execute(
      distributed({ ItemsPath: "$.list", MaxConcurrency: 2 }, { Type: "Wait", Seconds: 10 }),
      { list: [1, 2, 3, 4] },
      w,
    );
    expect(output).toEqual([1, 2, 3, 4]);
    expect(w.state.most).toBe(2);
    expect(w.finished).toEqual(["SUCCEEDED"]);
    expect(events.map(({ type }) => type).filter((type) => type.startsWith("Map"))).toEqual([
      "MapStateEntered",
      "MapStateStarted",
      "MapRunStarted",
      "MapRunSucceeded",
      "MapStateSucceeded",
      "MapStateExited",
    ]);
  });

  it.each<[string, JsonObject, string | Uint8Array, Json[]]>([
    ["JSON", { InputType: "JSON" }, '[1, {"a": 2}]', [1, { a: 2 }]],
    ["JSON below a pointer", { InputType: "JSON", ItemsPointer: "/data/0/it~1ems" }, '{"data":[{"it/ems":[5]}]}', [5]],
    ["JSONL", { InputType: "JSONL" }, '{"a":1}\n\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
    [
      "CSV",
      { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" },
      'id,name\r\n1,"Ida, ""the first"""\r\n2,Bo\r\n',
      [
        { id: "1", name: 'Ida, "the first"' },
        { id: "2", name: "Bo" },
      ],
    ],
    [
      "CSV with given headers",
      { InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: ["x", "y"], CSVDelimiter: "SEMICOLON" },
      "1;2\n3;4",
      [
        { x: "1", y: "2" },
        { x: "3", y: "4" },
      ],
    ],
  ])("reads items from %s", async (_, config, file, items) => {
    const reader = {
      Resource: "arn:aws:states:::s3:getObject",
      ReaderConfig: config,
      Parameters: { Bucket: "b", "Key.$": "$.key" },
    };
    expect((await execute(distributed({ ItemReader: reader }), { key: "file" }, world({ file }))).output).toEqual(
      items,
    );
  });

  it("reads an inventory manifest with its compressed files", async () => {
    const manifest = JSON.stringify({
      destinationBucket: "arn:aws:s3:::b",
      fileFormat: "CSV",
      fileSchema: "Bucket, Key",
      files: [{ key: "one.csv.gz" }],
    });
    const reader = {
      Resource: "arn:aws:states:::s3:getObject",
      ReaderConfig: { InputType: "MANIFEST" },
      Parameters: { Bucket: "b", Key: "manifest.json" },
    };
    const { output } = await execute(
      distributed({ ItemReader: reader }),
      {},
      world({ "manifest.json": manifest, "one.csv.gz": gzipSync('"b","k1"\n"b","k2"\n') }),
    );
    expect(output).toEqual([
      { Bucket: "b", Key: "k1" },
      { Bucket: "b", Key: "k2" },
    ]);
  });

  it("takes the objects of a bucket as items, up to MaxItems", async () => {
    const reader = {
      Resource: "arn:aws:states:::s3:listObjectsV2",
      ReaderConfig: { MaxItems: 2 },
      Parameters: { Bucket: "b" },
    };
    expect((await execute(distributed({ ItemReader: reader }), {}, world({ a: "", b: "", c: "" }))).output).toEqual([
      { Key: "a", Size: 1 },
      { Key: "b", Size: 1 },
    ]);
  });

  it("fails with States.ItemReaderFailed, which can be caught, when there is no list", async () => {
    const reader = {
      Resource: "arn:aws:states:::s3:getObject",
      ReaderConfig: { InputType: "JSON" },
      Parameters: { Bucket: "b", Key: "k" },
    };
    const { failure } = await execute(distributed({ ItemReader: reader }), {}, world({ k: '{"a":1}' }));
    expect(failure).toMatchObject({
      error: "States.ItemReaderFailed",
      reason: "Attempting to map over non-iterable node.",
    });
    expect((await execute(distributed({ ItemReader: reader }), {}, world())).failure?.error).toBe(
      "States.ItemReaderFailed",
    );
  });

  it("puts several items and a common input into one child", async () => {
    const w = world();
    const batcher = { MaxItemsPerBatch: 2, BatchInput: { "job.$": "$.job" } };
    await execute(distributed({ ItemsPath: "$.list", ItemBatcher: batcher }), { list: [1, 2, 3], job: 9 }, w);
    expect(w.inputs).toEqual([
      { BatchInput: { job: 9 }, Items: [1, 2] },
      { BatchInput: { job: 9 }, Items: [3] },
    ]);
    expect(w.starts[0]).toMatchObject({ itemCount: 3, batchSizes: [2, 1] });
  });

  it("fails on the first failed item, unless some are tolerated", async () => {
    const run = async (more: JsonObject) => {
      const machine = { ProcessorConfig: { Mode: "DISTRIBUTED" }, ...failsOn(2, 4) };
      return execute(
        only({ Type: "Map", ItemProcessor: machine, MaxConcurrency: 1, ...more }),
        [1, 2, 3, 4, 5],
        world(),
      );
    };
    expect((await run({})).failure).toMatchObject({
      error: "States.ExceedToleratedFailureThreshold",
      reason: "The specified tolerated failure threshold was exceeded",
    });
    expect((await run({ ToleratedFailureCount: 1 })).failure?.error).toBe("States.ExceedToleratedFailureThreshold");
    expect((await run({ ToleratedFailureCount: 2 })).output).toEqual([1, 3, 5]);
    expect((await run({ ToleratedFailurePercentage: 39 })).failure?.error).toBe(
      "States.ExceedToleratedFailureThreshold",
    );
    expect((await run({ ToleratedFailurePercentage: 40 })).output).toEqual([1, 3, 5]);
  });

  it("writes results and a manifest where ResultWriter says", async () => {
    const w = world();
    const writer = { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "out", Prefix: "runs/" } };
    const machine = { ProcessorConfig: { Mode: "DISTRIBUTED" }, ...failsOn(2) };
    const { output } = await execute(
      only({ Type: "Map", ItemProcessor: machine, ToleratedFailureCount: 1, ResultWriter: writer }),
      [1, 2],
      w,
    );
    const folder = "runs/run-1";
    expect(output).toEqual({
      MapRunArn: expect.stringContaining(":mapRun:"),
      ResultWriterDetails: { Bucket: "out", Key: `${folder}/manifest.json` },
    });
    const manifest = JSON.parse(w.written.get(`out/${folder}/manifest.json`) ?? "{}");
    expect(manifest.ResultFiles).toMatchObject({
      PENDING: [],
      FAILED: [{ Key: `${folder}/FAILED_0.json` }],
      SUCCEEDED: [{ Key: `${folder}/SUCCEEDED_0.json` }],
    });
    expect(JSON.parse(w.written.get(`out/${folder}/SUCCEEDED_0.json`) ?? "[]")).toMatchObject([
      { Status: "SUCCEEDED", Input: "1", Output: "1", InputDetails: { Included: true } },
    ]);
    expect(JSON.parse(w.written.get(`out/${folder}/FAILED_0.json`) ?? "[]")).toMatchObject([
      { Status: "FAILED", Input: "2", Error: "Bad" },
    ]);
  });

  it.each<[JsonObject, Json]>([
    [{ Transformation: "COMPACT" }, [[1], [2, 3]]],
    [{ Transformation: "FLATTEN" }, [1, 2, 3]],
  ])("gives its output the form of WriterConfig %j", async (config, expected) => {
    expect(
      (await execute(distributed({ ResultWriter: { WriterConfig: config } }), [[1], [2, 3]], world())).output,
    ).toEqual(expected);
  });

  it("is refused where there are no child executions", async () => {
    expect((await execute(distributed({}), [1])).failure?.error).toBe("States.Runtime");
  });
});
