/** Functions, versions and aliases of the account. */
import type { Cloud } from "../../core/cloud.ts";
import type { CodeRef } from "../../lambda/code/code-ref.ts";
import { functionNotFound } from "./errors.ts";
import type { FunctionReference } from "./function-name.ts";

export type LAMBDA = typeof import("@aws-sdk/client-lambda");

export const LATEST = "$LATEST";

/** What a version is configured with. Defaults are filled in. */
export interface Configuration {
  readonly handler: string;
  readonly runtime: string;
  readonly roleArn: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly deadLetterArn: string | undefined;
  readonly tracing: "Active" | "PassThrough";
  readonly architectures: readonly ("arm64" | "x86_64")[];
  readonly layers: readonly string[];
  readonly ephemeralMb: number;
  readonly kmsKeyArn: string | undefined;
  readonly snapStart: "None" | "PublishedVersions";
  readonly logging: {
    readonly format: "Text" | "JSON";
    readonly group: string;
    readonly applicationLevel: string | undefined;
    readonly systemLevel: string | undefined;
  };
}

export interface VersionRecord {
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly configuration: Configuration;
  readonly code: CodeRef;
  readonly codeSha256: string;
  readonly codeSize: number;
  readonly revisionId: string;
  /** Epoch ms. */
  readonly modifiedAt: number;
}

export interface FunctionRecord {
  readonly name: string;
  readonly latest: VersionRecord;
  readonly nextVersion: number;
  /** Reserved concurrency. */
  readonly reserved: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly recursion: "Allow" | "Terminate";
}

export interface AliasRecord {
  readonly functionName: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Share of the invocations (0 to 1) that goes to another version. */
  readonly weights: Readonly<Record<string, number>>;
  readonly revisionId: string;
}

/** A function as a reference names it. */
export interface Target {
  readonly record: FunctionRecord;
  readonly version: VersionRecord;
  readonly alias: AliasRecord | undefined;
}

export class Functions {
  readonly cloud: Cloud;
  readonly records;
  readonly #versions;
  readonly #aliases;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.records = cloud.storage.map<FunctionRecord>("lambda.functions");
    this.#versions = cloud.storage.map<VersionRecord>("lambda.versions");
    this.#aliases = cloud.storage.map<AliasRecord>("lambda.aliases");
  }

  arn(name: string, qualifier?: string): string {
    return this.cloud.arn("lambda", `function:${name}${qualifier === undefined ? "" : `:${qualifier}`}`);
  }

  /** By name, in their order. */
  all(): FunctionRecord[] {
    return [...this.records.values()].sort(byName);
  }

  /** Throws ResourceNotFoundException. */
  get(name: string): FunctionRecord {
    const record = this.records.get(name);
    if (record === undefined) throw functionNotFound(this.arn(name));
    return record;
  }

  /** Throws ResourceNotFoundException when there is no such function, version or alias. */
  resolve({ name, qualifier }: FunctionReference): Target {
    const record = this.records.get(name);
    const alias = qualifier === undefined ? undefined : this.#aliases.get(`${name}:${qualifier}`);
    const version = record && this.version(record, alias?.version ?? qualifier);
    if (record === undefined || version === undefined) throw functionNotFound(this.arn(name, qualifier));
    return { record, version, alias };
  }

  version(record: FunctionRecord, version: string = LATEST): VersionRecord | undefined {
    return version === LATEST ? record.latest : this.#versions.get(`${record.name}:${version}`);
  }

  /** Published versions, oldest first. */
  versionsOf(name: string): VersionRecord[] {
    return valuesBelow(this.#versions, `${name}:`).sort((a, b) => Number(a.version) - Number(b.version));
  }

  aliasesOf(name: string): AliasRecord[] {
    return valuesBelow(this.#aliases, `${name}:`).sort(byName);
  }

  alias(name: string, alias: string): AliasRecord | undefined {
    return this.#aliases.get(`${name}:${alias}`);
  }

  save(record: FunctionRecord): FunctionRecord {
    this.records.set(record.name, record);
    return record;
  }

  saveVersion(name: string, version: VersionRecord): void {
    this.#versions.set(`${name}:${version.version}`, version);
  }

  saveAlias(alias: AliasRecord): AliasRecord {
    this.#aliases.set(`${alias.functionName}:${alias.name}`, alias);
    return alias;
  }

  deleteVersion(name: string, version: string): void {
    this.#versions.delete(`${name}:${version}`);
  }

  deleteAlias(name: string, alias: string): boolean {
    return this.#aliases.delete(`${name}:${alias}`);
  }

  /** The function with its versions and aliases. */
  delete(name: string): void {
    this.records.delete(name);
    for (const map of [this.#versions, this.#aliases])
      for (const key of map.keys()) if (key.startsWith(`${name}:`)) map.delete(key);
  }
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

const valuesBelow = <V>(map: { entries(): IterableIterator<[string, V]> }, prefix: string): V[] =>
  [...map.entries()].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value);
