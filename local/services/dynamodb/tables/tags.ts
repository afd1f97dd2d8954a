/** Tags of tables. */
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { Constraints, required } from "../../constraints.ts";
import type { DynamoDB, Tables } from "../store.ts";
import { invalid } from "../validation.ts";
import type { Table } from "./table.ts";

const MOST_TAGS = 50;

interface TagInput {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export function readTags(tags: readonly TagInput[] | undefined): Readonly<Record<string, string>> {
  const read = new Map<string, string>();
  for (const { Key: key = "", Value: value } of tags ?? []) {
    if (key === "" || key.length > 128) throw invalid(`The Tag Key provided is invalid, Key: ${key}`);
    if (value === undefined || value.length > 256) {
      throw invalid(`The Tag Value provided is invalid, Value: ${value ?? "null"}`);
    }
    if (read.has(key)) throw invalid(`Duplicate Tag Keys provided as input: Duplicate Tag Key found ${key}`);
    read.set(key, value);
  }
  if (read.size > MOST_TAGS) throw tooMany();
  return Object.fromEntries(read);
}

const tooMany = (): Error => invalid("Number of Tags exceed the current limit for the provided ResourceArn");

/** Tags that begin with `aws:` are set by services, such as CloudFormation. */
export function refuseSystemTags(tags: Readonly<Record<string, string>>): void {
  const key = Object.keys(tags).find((name) => name.startsWith("aws:"));
  if (key !== undefined) throw invalid(`Tag Key cannot be prefixed with aws:, Key: ${key}`);
}

export const tagResource =
  (tables: Tables): Handler<DynamoDB, "TagResource"> =>
  (input) => {
    const table = taggedTable(tables, input.ResourceArn);
    const given = readTags(required("tags", input.Tags));
    if (Object.keys(given).length === 0) throw invalid("Atleast one Tag needs to be provided as Input.");
    refuseSystemTags(given);
    const tags = { ...table.record.tags, ...given };
    if (Object.keys(tags).length > MOST_TAGS) throw tooMany();
    tables.update(table, { tags });
    return {};
  };

export const untagResource =
  (tables: Tables): Handler<DynamoDB, "UntagResource"> =>
  (input) => {
    const table = taggedTable(tables, input.ResourceArn);
    const gone = required("tagKeys", input.TagKeys);
    const tags = Object.entries(table.record.tags).filter(([key]) => !gone.includes(key));
    tables.update(table, { tags: Object.fromEntries(tags) });
    return {};
  };

export const listTagsOfResource =
  (tables: Tables): Handler<DynamoDB, "ListTagsOfResource"> =>
  (input) => {
    const { tags } = taggedTable(tables, input.ResourceArn).record;
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  };

function taggedTable(tables: Tables, arn: string | undefined): Table {
  new Constraints().text("resourceArn", arn, { required: true, min: 1, max: 1283 }).check();
  const given = arn ?? "";
  if (!/^arn:[^:]+:dynamodb:[^:]*:\d*:table\/./.test(given)) {
    throw invalid(`Invalid TableArn: Invalid ResourceArn provided as input ${given}`);
  }
  const table = tables.find(given);
  if (table) return table;
  // AWS spells it so.
  throw new ServiceError("ResourceNotFoundException", `Requested resource not found: ResourcArn: ${given} not found`);
}
