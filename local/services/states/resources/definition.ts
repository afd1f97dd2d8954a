/** The definition of a state machine in a template: as text, as an object, from S3 or from a file; with substitutions. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceContext } from "../../../core/service.ts";

export async function definitionOf(cloud: Cloud, properties: Properties, context: ResourceContext): Promise<string> {
  const text = await writtenDefinition(cloud, properties, context);
  return substituted(text, properties["DefinitionSubstitutions"]);
}

async function writtenDefinition(cloud: Cloud, properties: Properties, { folder }: ResourceContext): Promise<string> {
  const {
    DefinitionString: string,
    Definition: object,
    DefinitionS3Location: location,
    DefinitionUri: uri,
  } = properties;
  const given = [string, object, location, uri].filter((value) => value !== undefined);
  if (given.length !== 1)
    throw new ServiceError(
      "ValidationError",
      "Exactly one of DefinitionString, Definition or DefinitionS3Location must be given.",
    );
  if (string !== undefined) return typeof string === "string" ? string : JSON.stringify(string);
  if (object !== undefined) return JSON.stringify(object);
  if (typeof uri === "string" && folder !== undefined) return readFileSync(join(folder, uri), "utf8");
  if (typeof location !== "object" || location === null)
    throw new ServiceError("ValidationError", "DefinitionS3Location must name a bucket and a key.");
  const { Bucket = "", Key = "", Version } = location as { Bucket?: string; Key?: string; Version?: string };
  const input = { Bucket, Key, ...(Version === undefined ? {} : { VersionId: Version }) };
  const { Body: body } = await cloud.call("s3", "GetObject", input, ACCOUNT);
  const chunks =
    body instanceof Uint8Array ? [body] : await Array.fromAsync(body as unknown as AsyncIterable<Uint8Array>);
  return Buffer.concat(chunks).toString();
}

/**
 * `${Name}` anywhere in the text becomes the value. Within a JSON string the value is escaped as JSON text; a name without a
 * value stays as it is.
 */
export function substituted(text: string, substitutions: unknown): string {
  if (typeof substitutions !== "object" || substitutions === null) return text;
  const values = new Map<string, unknown>(Object.entries(substitutions));
  return text.replace(/\$\{([\w.:-]+)\}/g, (whole: string, name: string) => {
    const value = values.get(name);
    if (value === undefined) return whole;
    const written = typeof value === "string" ? value : JSON.stringify(value);
    return JSON.stringify(written).slice(1, -1);
  });
}
