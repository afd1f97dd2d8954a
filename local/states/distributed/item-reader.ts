/** ItemReader: items from a list of objects or from a JSON, JSONL, CSV or inventory manifest file in S3 (ItemReader, developer guide). */
import { gunzipSync } from "node:zlib";
import { DefinitionError, StatesFailure } from "../failure.ts";
import type { Flow, Place } from "../flow/flow.ts";
import { integerField } from "../flow/typed-fields.ts";
import type { MapRuns } from "../host.ts";
import { isArray, isObject, member, type Json, type JsonObject } from "../json.ts";
import type { Visit } from "../thread.ts";
import { parseCsv, type CsvOptions } from "./csv.ts";

export type Reader = (visit: Visit, input: Json, s3: MapRuns) => Promise<readonly Json[]>;

/** A Map run takes at most this many items (Quotas, developer guide). */
const MAX_ITEMS = 100_000_000;

const readerFailed = (reason: string): StatesFailure => new StatesFailure("States.ItemReaderFailed", reason);

export function compileReader(definition: JsonObject, place: Place, flow: Flow): Reader | undefined {
  const reader = definition["ItemReader"];
  if (reader === undefined) return undefined;
  const where = `${place.path}/ItemReader`;
  if (!isObject(reader) || typeof reader["Resource"] !== "string")
    throw new DefinitionError(where, "These fields are required: [Resource]");
  const config = isObject(reader["ReaderConfig"]) ? reader["ReaderConfig"] : {};
  const name = place.language === "JSONata" ? "Arguments" : "Parameters";
  const source = flow.payload(reader[name] ?? {}, `ItemReader/${name}`);
  const most = integerField(flow, config, "MaxItems", place, { min: 0, max: MAX_ITEMS }, "ItemReader/ReaderConfig/");
  const lists = reader["Resource"].endsWith(":s3:listObjectsV2");
  if (!lists && !reader["Resource"].endsWith(":s3:getObject"))
    throw new DefinitionError(`${where}/Resource`, "Value is not a supported ItemReader resource");
  const parse = lists ? undefined : parserOf(config, where);
  return async (visit, input, s3) => {
    const at = await source(visit, input);
    const limit = (await most(visit, input)) || MAX_ITEMS;
    if (!isObject(at)) throw readerFailed("The ItemReader needs a bucket");
    if (!parse) return s3.listObjects(at, limit, undefined);
    return (
      await parse(await s3.readObject(at, undefined), (bucket, key) =>
        s3.readObject({ Bucket: bucket, Key: key }, undefined),
      )
    ).slice(0, limit);
  };
}

type ReadFile = (bucket: string, key: string) => Promise<Uint8Array>;
type Parser = (bytes: Uint8Array, read: ReadFile) => Promise<readonly Json[]> | readonly Json[];

function parserOf(config: JsonObject, where: string): Parser {
  switch (config["InputType"]) {
    case "JSON":
      return (bytes) => readJson(textOf(bytes), config["ItemsPointer"]);
    case "JSONL":
      return (bytes) =>
        textOf(bytes)
          .split("\n")
          .filter((line) => line.trim() !== "")
          .map(parse);
    case "CSV": {
      const options = csvOptions(config, where);
      return (bytes) => parseCsv(textOf(bytes), options);
    }
    case "MANIFEST":
      return (bytes, read) => readManifest(parse(textOf(bytes)), read);
    default:
      throw new DefinitionError(`${where}/ReaderConfig/InputType`, "Value must be one of [JSON, JSONL, CSV, MANIFEST]");
  }
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function parse(text: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch (error) {
    throw readerFailed(`The file is not valid JSON: ${error instanceof Error ? error.message : ""}`);
  }
}

/** `ItemsPointer` is a JSON Pointer (RFC 6901) to the list within the file. */
function readJson(text: string, pointer: Json | undefined): readonly Json[] {
  let value: Json | undefined = parse(text);
  if (typeof pointer === "string") {
    for (const step of pointer.split("/").slice(1)) {
      const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
      value = isArray(value) ? value[Number(key)] : isObject(value) ? member(value, key) : undefined;
    }
  }
  if (!isArray(value)) throw readerFailed("Attempting to map over non-iterable node.");
  return value;
}

function csvOptions(config: JsonObject, where: string): CsvOptions {
  const delimiters: Readonly<Record<string, string>> = { COMMA: ",", PIPE: "|", SEMICOLON: ";", SPACE: " ", TAB: "\t" };
  const delimiter = delimiters[String(config["CSVDelimiter"] ?? "COMMA")];
  if (delimiter === undefined)
    throw new DefinitionError(
      `${where}/ReaderConfig/CSVDelimiter`,
      `Value must be one of [${Object.keys(delimiters).join(", ")}]`,
    );
  if (config["CSVHeaderLocation"] === "GIVEN") {
    const { CSVHeaders: headers } = config;
    if (!isArray(headers))
      throw new DefinitionError(
        `${where}/ReaderConfig/CSVHeaders`,
        "CSVHeaders are required when CSVHeaderLocation is GIVEN",
      );
    return { delimiter, headers: headers.map(String) };
  }
  if (config["CSVHeaderLocation"] !== "FIRST_ROW")
    throw new DefinitionError(`${where}/ReaderConfig/CSVHeaderLocation`, "Value must be one of [FIRST_ROW, GIVEN]");
  return { delimiter, headers: undefined };
}

/** An S3 inventory manifest: its CSV files have no header row, the schema names their columns. */
async function readManifest(manifest: Json, read: ReadFile): Promise<readonly Json[]> {
  if (!isObject(manifest) || !isArray(manifest["files"])) throw readerFailed("The manifest has no list of files");
  if (manifest["fileFormat"] !== "CSV")
    throw readerFailed(`Inventory files of format ${String(manifest["fileFormat"])} are not supported: CSV is`);
  const bucket = String(manifest["destinationBucket"] ?? "").replace(/^arn:[^:]+:s3:::/, "");
  const headers = String(manifest["fileSchema"] ?? "")
    .split(",")
    .map((column) => column.trim());
  const items: Json[] = [];
  for (const file of manifest["files"]) {
    if (!isObject(file)) throw readerFailed("The manifest names a file without a key");
    const key = String(file["key"]);
    const bytes = await read(bucket, key);
    items.push(...parseCsv(textOf(key.endsWith(".gz") ? gunzipSync(bytes) : bytes), { delimiter: ",", headers }));
  }
  return items;
}
