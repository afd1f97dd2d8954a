/** Parameters and their versions. */
import type * as SDK from "@aws-sdk/client-ssm";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { StoredMap } from "../../core/storage.ts";

export type Ssm = typeof SDK;

export interface Version {
  readonly number: number;
  readonly value: string;
  readonly type: SDK.ParameterType;
  readonly modifiedAt: number;
  readonly description: string | undefined;
  readonly allowedPattern: string | undefined;
  readonly keyId: string | undefined;
  readonly tier: SDK.ParameterTier;
  readonly dataType: string;
}

export interface Parameter {
  readonly name: string;
  /** Oldest first; the last one is in force. */
  readonly versions: readonly [Version, ...Version[]];
  readonly tags: Readonly<Record<string, string>>;
}

export const parametersOf = (cloud: Cloud): StoredMap<Parameter> => cloud.storage.map("ssm.parameters");

export const newest = ({ versions }: Parameter): Version => versions.at(-1) ?? versions[0];

/** `/a/b` and `b` alike stand behind `parameter/`. */
export const parameterArn = (cloud: Cloud, name: string): string =>
  cloud.arn("ssm", `parameter${name.startsWith("/") ? "" : "/"}${name}`);

/** What GetParameter answers with and without decryption: a secure value is never shown in the clear unless asked for. */
export function parameterView(
  cloud: Cloud,
  parameter: Parameter,
  version: Version,
  decrypt: boolean,
  selector?: string,
): SDK.Parameter {
  const value = version.type === "SecureString" && !decrypt ? sealed(version.value) : version.value;
  return {
    Name: parameter.name,
    Type: version.type,
    Value: value,
    Version: version.number,
    ...(selector !== undefined && { Selector: selector }),
    LastModifiedDate: new Date(version.modifiedAt),
    ARN: parameterArn(cloud, parameter.name),
    DataType: version.dataType,
  };
}

/** Stands for the ciphertext: nobody can read the value from it, and equal values do not look alike. */
function sealed(value: string): string {
  return Buffer.from(`AQICAHh${"*".repeat(48 + (value.length % 16))}`).toString("base64");
}

/** Finds a parameter by name, ARN, or either with `:version`. Throws ParameterNotFound or ParameterVersionNotFound. */
export function find(
  cloud: Cloud,
  reference: string,
): { parameter: Parameter; version: Version; selector: string | undefined } {
  const { name, selector } = parseReference(cloud, reference);
  const parameter = parametersOf(cloud).get(name);
  if (parameter === undefined) throw new ServiceError("ParameterNotFound", "");
  if (selector === undefined) return { parameter, version: newest(parameter), selector };
  const version = parameter.versions.find(({ number }) => `:${number}` === selector);
  if (version === undefined) {
    throw new ServiceError(
      "ParameterVersionNotFound",
      `Systems Manager could not find version ${selector.slice(1)} of ${name}. Verify the version and try again.`,
    );
  }
  return { parameter, version, selector };
}

/** Throws for a selector that is no version: labels are not here. */
export function parseReference(cloud: Cloud, reference: string): { name: string; selector: string | undefined } {
  const prefix = cloud.arn("ssm", "parameter");
  const stored = parametersOf(cloud);
  const path = reference.startsWith(prefix) ? reference.slice(prefix.length) : reference;
  const [first = "", ...rest] = path.split(":");
  // In an ARN the slash of a plain name cannot be told from that of a path.
  const name = path !== reference && !stored.has(first) && stored.has(first.slice(1)) ? first.slice(1) : first;
  if (rest.length === 0) return { name, selector: undefined };
  const selector = rest.join(":");
  if (!/^\d+$/.test(selector))
    throw new ServiceError("ParameterVersionLabelNotFound", `Labels are not supported by the local cloud: ${selector}`);
  return { name, selector: `:${selector}` };
}

export const validation = (message: string): ServiceError => new ServiceError("ValidationException", message);

/** One page and the token of the next. Throws InvalidNextToken. */
export function page<T>(items: readonly T[], token: string | undefined, size: number) {
  const [, place] =
    token === undefined ? ["", "0"] : (/^p(\d+)$/.exec(Buffer.from(token, "base64url").toString()) ?? []);
  if (place === undefined) throw new ServiceError("InvalidNextToken", "The specified token is not valid.");
  const end = Number(place) + size;
  return {
    items: items.slice(Number(place), end),
    rest: end < items.length ? { NextToken: Buffer.from(`p${end}`).toString("base64url") } : {},
  };
}
