/** Secrets, their versions and staging labels. */
import type * as SDK from "@aws-sdk/client-secrets-manager";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { StoredMap } from "../../core/storage.ts";

export type Sdk = typeof SDK;

export interface Value {
  readonly string?: string | undefined;
  readonly binary?: Uint8Array | undefined;
}

export interface Version {
  readonly id: string;
  readonly createdAt: number;
  /** Undefined while a rotation has only reserved the version. */
  readonly value: Value | undefined;
  readonly stages: readonly string[];
  readonly accessedAt?: number | undefined;
}

export interface Rotation {
  readonly lambdaArn: string;
  readonly afterDays: number | undefined;
  readonly rotatedAt?: number | undefined;
  readonly nextAt?: number | undefined;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly description?: string | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly versions: readonly Version[];
  readonly tags: Readonly<Record<string, string>>;
  readonly policy?: string | undefined;
  readonly rotation?: Rotation | undefined;
  /** When it was marked for deletion, and when it will be gone. */
  readonly deletedAt?: number | undefined;
  readonly goneAt?: number | undefined;
}

export const CURRENT = "AWSCURRENT";
export const PREVIOUS = "AWSPREVIOUS";
export const PENDING = "AWSPENDING";
const MOST_BYTES = 65_536;
/** Versions without a label are dropped when there are more than this. */
const MOST_VERSIONS = 100;

export class SecretStore {
  readonly cloud: Cloud;
  /** By name. */
  readonly secrets: StoredMap<Secret>;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.secrets = cloud.storage.map("secretsmanager.secrets");
  }

  /** By name, ARN, or ARN without its random end. Throws ResourceNotFoundException. */
  find(id: string | undefined): Secret {
    return this.lookUp(id) ?? notFound("Secrets Manager can't find the specified secret.");
  }

  lookUp(id: string | undefined): Secret | undefined {
    const prefix = this.cloud.arn("secretsmanager", "secret:");
    const given = id ?? "";
    const found = given.startsWith(prefix)
      ? (this.secrets.get(given.slice(prefix.length)) ?? [...this.secrets.values()].find(({ arn }) => arn === given))
      : this.secrets.get(given);
    return found?.goneAt !== undefined && found.goneAt <= this.cloud.clock.now() ? undefined : found;
  }

  /** Throws InvalidRequestException for a secret that is marked for deletion. */
  findUsable(id: string | undefined): Secret {
    const secret = this.find(id);
    if (secret.deletedAt !== undefined) {
      throw invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
    }
    return secret;
  }

  save(secret: Secret): Secret {
    this.secrets.set(secret.name, secret);
    return secret;
  }

  newArn(name: string): string {
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const end = Array.from({ length: 6 }, () => letters.charAt(Math.floor(this.cloud.random() * letters.length))).join(
      "",
    );
    return this.cloud.arn("secretsmanager", `secret:${name}-${end}`);
  }
}

/** The secret with a version that carries the labels. Labels move; what was current becomes previous (Secret versions). */
export function withVersion(secret: Secret, added: Omit<Version, "stages">, stages: readonly string[]): Secret {
  const others = secret.versions.filter(({ id }) => id !== added.id);
  const wasThere = secret.versions.find(({ id }) => id === added.id);
  const placed: Secret = { ...secret, versions: [...others, { ...added, stages: wasThere?.stages ?? [] }] };
  return trimmed(stages.reduce<Secret>((changed, stage) => withStage(changed, stage, added.id), placed));
}

/** Moves a label to a version, or away from all. */
export function withStage(secret: Secret, stage: string, to: string | undefined): Secret {
  const from = secret.versions.find(({ stages }) => stages.includes(stage));
  if (from?.id === to) return secret;
  const versions = secret.versions.map((version) => {
    const kept = version.stages.filter((label) => label !== stage);
    return { ...version, stages: version.id === to ? [...kept, stage] : kept };
  });
  const moved = { ...secret, versions };
  return stage === CURRENT && from ? withStage(moved, PREVIOUS, from.id) : moved;
}

function trimmed(secret: Secret): Secret {
  const isLabelled = ({ stages }: Version) => stages.length > 0;
  const room = MOST_VERSIONS - secret.versions.filter(isLabelled).length;
  const kept = new Set(secret.versions.filter((version) => !isLabelled(version)).slice(-room));
  return { ...secret, versions: secret.versions.filter((version) => isLabelled(version) || kept.has(version)) };
}

/** The value of a request; undefined when it has none. Throws for two, and for one that is too large. */
export function checkedValue(input: {
  SecretString?: string | undefined;
  SecretBinary?: Uint8Array | undefined;
}): Value | undefined {
  const { SecretString: string, SecretBinary: binary } = input;
  if (string !== undefined && binary !== undefined) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  if (string === undefined && binary === undefined) return undefined;
  if ((binary?.byteLength ?? Buffer.byteLength(string ?? "")) > MOST_BYTES) {
    throw new ServiceError(
      "ValidationException",
      `1 validation error detected: Value at '${binary ? "secretBinary" : "secretString"}' failed to satisfy constraint: Member must have length less than or equal to ${MOST_BYTES}`,
    );
  }
  return binary ? { binary: Buffer.from(binary) } : { string };
}

export const sameValue = (a: Value | undefined, b: Value | undefined): boolean =>
  a?.string === b?.string && Buffer.compare(Buffer.from(a?.binary ?? []), Buffer.from(b?.binary ?? [])) === 0;

export function checkedToken(cloud: Cloud, token: string | undefined): string {
  if (token === undefined) return cloud.uuid();
  if (token.length < 32 || token.length > 64)
    throw invalidParameter("ClientRequestToken must be 32-64 characters long.");
  return token;
}

export const invalidRequest = (message: string): ServiceError => new ServiceError("InvalidRequestException", message);
export const invalidParameter = (message: string): ServiceError =>
  new ServiceError("InvalidParameterException", message);
export function notFound(message: string): never {
  throw new ServiceError("ResourceNotFoundException", message);
}

export const tagRecord = (tags: readonly SDK.Tag[] | undefined): Record<string, string> =>
  Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
export const tagList = (tags: Readonly<Record<string, string>>): SDK.Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
