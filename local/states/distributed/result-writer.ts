/** ResultWriter: where the results of a Map run go, and in which form (ResultWriter, developer guide). */
import { DefinitionError, StatesFailure } from "../failure.ts";
import type { Flow, Place } from "../flow/flow.ts";
import type { ChildOutcome, MapRun, MapRuns } from "../host.ts";
import { isArray, isObject, type Json, type JsonObject } from "../json.ts";
import type { Visit } from "../thread.ts";

export type Writer = (
  visit: Visit,
  input: Json,
  run: MapRun,
  outcomes: readonly (ChildOutcome | undefined)[],
  s3: MapRuns,
) => Promise<Json>;

type Transformation = "NONE" | "COMPACT" | "FLATTEN";

/** Files of results are up to 5 GB on AWS; smaller ones show the numbering at local sizes as well. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

export function compileWriter(definition: JsonObject, place: Place, flow: Flow): Writer {
  const writer = definition["ResultWriter"];
  if (writer === undefined)
    return (_visit, _input, _run, outcomes) => Promise.resolve(transformed(outcomes.filter(isSucceeded), "COMPACT"));
  const where = `${place.path}/ResultWriter`;
  if (!isObject(writer)) throw new DefinitionError(where, "ResultWriter must be an object");
  const config = isObject(writer["WriterConfig"]) ? writer["WriterConfig"] : {};
  const form = transformationOf(config, where);
  const lines = config["OutputType"] === "JSONL";
  if (writer["Resource"] === undefined)
    return (_visit, _input, _run, outcomes) => Promise.resolve(transformed(outcomes.filter(isSucceeded), form));
  if (!String(writer["Resource"]).endsWith(":s3:putObject"))
    throw new DefinitionError(`${where}/Resource`, "Value is not a supported ResultWriter resource");
  const name = place.language === "JSONata" ? "Arguments" : "Parameters";
  const target = flow.payload(writer[name] ?? {}, `ResultWriter/${name}`);
  return async (visit, input, run, outcomes, s3) => {
    const to = await target(visit, input);
    const { Bucket: bucket, Prefix: prefix = "" } = isObject(to) ? to : {};
    if (typeof bucket !== "string")
      throw new StatesFailure("States.ResultWriterFailed", "The ResultWriter needs a bucket");
    const folder = [
      ...(prefix === "" ? [] : [String(prefix).replace(/\/+$/, "")]),
      run.arn.slice(run.arn.lastIndexOf(":") + 1),
    ].join("/");
    const files = async (label: string, entries: readonly ChildOutcome[], as: Transformation): Promise<Json[]> => {
      const written: Json[] = [];
      for (const [index, body] of bodies(transformed(entries, as), lines).entries()) {
        const key = `${folder}/${label}_${index}.${lines ? "jsonl" : "json"}`;
        await s3.writeObject(bucket, key, body, undefined);
        written.push({ Key: key, Size: Buffer.byteLength(body) });
      }
      return written;
    };
    const ended = outcomes.filter((outcome) => outcome !== undefined);
    const manifest = {
      DestinationBucket: bucket,
      MapRunArn: run.arn,
      ResultFiles: {
        FAILED: await files("FAILED", ended.filter(isFailed), "NONE"),
        PENDING: await files(
          "PENDING",
          ended.filter(({ status }) => status === "ABORTED"),
          "NONE",
        ),
        SUCCEEDED: await files("SUCCEEDED", ended.filter(isSucceeded), form),
      },
    };
    await s3.writeObject(bucket, `${folder}/manifest.json`, JSON.stringify(manifest), undefined);
    return { MapRunArn: run.arn, ResultWriterDetails: { Bucket: bucket, Key: `${folder}/manifest.json` } };
  };
}

function transformationOf(config: JsonObject, where: string): Transformation {
  const value = config["Transformation"] ?? "NONE";
  if (value !== "NONE" && value !== "COMPACT" && value !== "FLATTEN")
    throw new DefinitionError(`${where}/WriterConfig/Transformation`, "Value must be one of [NONE, COMPACT, FLATTEN]");
  return value;
}

const isSucceeded = (outcome: ChildOutcome | undefined): outcome is ChildOutcome => outcome?.status === "SUCCEEDED";
const isFailed = ({ status }: ChildOutcome): boolean => status === "FAILED" || status === "TIMED_OUT";

function transformed(outcomes: readonly ChildOutcome[], form: Transformation): Json[] {
  if (form === "NONE") return outcomes.map(entryOf);
  const outputs = outcomes.map(({ output }) => output ?? null);
  return form === "COMPACT" ? outputs : outputs.flatMap((output) => (isArray(output) ? [...output] : [output]));
}

const entryOf = (outcome: ChildOutcome): Json => ({
  ExecutionArn: outcome.executionArn,
  Input: outcome.input,
  InputDetails: { Included: true },
  Name: outcome.name,
  ...(outcome.output === undefined
    ? {}
    : { Output: JSON.stringify(outcome.output), OutputDetails: { Included: true } }),
  ...(outcome.error === undefined ? {} : { Error: outcome.error }),
  ...(outcome.cause === undefined ? {} : { Cause: outcome.cause }),
  StartDate: new Date(outcome.startDate).toISOString(),
  StateMachineArn: outcome.stateMachineArn,
  Status: outcome.status,
  StopDate: new Date(outcome.stopDate).toISOString(),
});

/** The texts of the files, each within the size limit; none for no results. */
function bodies(entries: readonly Json[], lines: boolean): string[] {
  const result: string[] = [];
  let parts: string[] = [];
  let bytes = 0;
  const close = (): void => {
    if (parts.length > 0) result.push(lines ? `${parts.join("\n")}\n` : `[${parts.join(",")}]`);
    parts = [];
    bytes = 0;
  };
  for (const entry of entries) {
    const part = JSON.stringify(entry);
    if (bytes + part.length > MAX_FILE_BYTES) close();
    parts.push(part);
    bytes += part.length;
  }
  close();
  return result;
}
