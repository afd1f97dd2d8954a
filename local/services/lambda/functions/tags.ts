/** TagResource, UntagResource, ListTags: of functions and event source mappings. */
import type { Handler } from "../../../core/service.ts";
import { Constraints } from "../../constraints.ts";
import { invalid, notFound } from "../errors.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import type { LAMBDA } from "../store.ts";

const MOST_TAGS = 50;

interface Tagged {
  readonly tags: Readonly<Record<string, string>>;
  save(tags: Readonly<Record<string, string>>): void;
}

export const tagResource =
  (lambda: LambdaService): Handler<LAMBDA, "TagResource"> =>
  (input) => {
    new Constraints().present("tags", input.Tags).check();
    const tagged = find(lambda, input.Resource);
    const tags = { ...tagged.tags, ...input.Tags };
    if (Object.keys(tags).length > MOST_TAGS) throw invalid("Number of tags exceeds resource tag limit.");
    tagged.save(tags);
    return {};
  };

export const untagResource =
  (lambda: LambdaService): Handler<LAMBDA, "UntagResource"> =>
  (input) => {
    const keys = input.TagKeys ?? [];
    new Constraints().list("tagKeys", keys, { min: 1 }).check();
    const tagged = find(lambda, input.Resource);
    tagged.save(Object.fromEntries(Object.entries(tagged.tags).filter(([key]) => !keys.includes(key))));
    return {};
  };

export const listTags =
  (lambda: LambdaService): Handler<LAMBDA, "ListTags"> =>
  (input) => ({ Tags: { ...find(lambda, input.Resource).tags } });

function find(lambda: LambdaService, arn: string | undefined): Tagged {
  new Constraints().text("resource", arn, { required: true, pattern: /^arn:aws[\w-]*:lambda:/ }).check();
  const uuid = /:event-source-mapping:([\w-]+)$/.exec(arn ?? "")?.[1];
  if (uuid !== undefined) {
    const mapping = lambda.eventSources.get(uuid);
    if (mapping === undefined) throw notFound("The resource you requested does not exist.");
    return { tags: mapping.tags, save: (tags) => lambda.eventSources.save({ ...mapping, tags }) };
  }
  const { name, qualifier } = readFunctionName(arn);
  if (qualifier !== undefined)
    throw invalid("Tags on function aliases and versions are not supported. Please specify a function ARN.");
  const record = lambda.functions.get(name);
  return { tags: record.tags, save: (tags) => void lambda.functions.save({ ...record, tags }) };
}
