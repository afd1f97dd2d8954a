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
  const constraints = new Constraints();
  for (const [at, { Key: key, Value: value }] of (tags ?? []).entries()) {
    constraints.text(`tags.${at + 1}.member.key`, key, { required: true, min: 1, max: 128 });
    constraints.text(`tags.${at + 1}.member.value`, value, { required: true, max: 256 });
  }
  constraints.check();
  return Object.fromEntries((tags ?? []).map(({ Key: key = "", Value: value = "" }) => [key, value]));
}

export const tagResource =
  (tables: Tables): Handler<DynamoDB, "TagResource"> =>
  (input) => {
    const table = taggedTable(tables, input.ResourceArn);
    const tags = { ...table.record.tags, ...readTags(required("tags", input.Tags)) };
    if (Object.keys(tags).length > MOST_TAGS) {
      throw invalid(`One or more parameter values were invalid: Too many tags, the limit is ${MOST_TAGS}`);
    }
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
