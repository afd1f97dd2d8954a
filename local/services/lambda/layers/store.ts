/** Layer versions. Functions run without them mounted: their packages are found in the repository's node_modules. */
import type { Cloud } from "../../../core/cloud.ts";

export interface LayerVersion {
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly compatibleRuntimes: readonly string[];
  readonly compatibleArchitectures: readonly string[];
  readonly licenseInfo: string | undefined;
  readonly codeSha256: string;
  readonly codeSize: number;
  /** Epoch ms. */
  readonly createdAt: number;
}

export class Layers {
  readonly #cloud: Cloud;
  readonly #versions;
  readonly #next;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#versions = cloud.storage.map<LayerVersion>("lambda.layers");
    this.#next = cloud.storage.map<number>("lambda.layerNumbers");
  }

  layerArn(name: string): string {
    return this.#cloud.arn("lambda", `layer:${name}`);
  }

  arn({ name, version }: Pick<LayerVersion, "name" | "version">): string {
    return `${this.layerArn(name)}:${version}`;
  }

  /** Numbers are not given twice, even when versions are deleted. */
  publish(layer: Omit<LayerVersion, "version" | "createdAt">): LayerVersion {
    const version = this.#next.get(layer.name) ?? 1;
    this.#next.set(layer.name, version + 1);
    const published = { ...layer, version, createdAt: this.#cloud.clock.now() };
    this.#versions.set(`${layer.name}:${version}`, published);
    return published;
  }

  get(name: string, version: number): LayerVersion | undefined {
    return this.#versions.get(`${name}:${version}`);
  }

  /** Newest first. */
  versionsOf(name: string): LayerVersion[] {
    return [...this.#versions.values()].filter((layer) => layer.name === name).sort((a, b) => b.version - a.version);
  }

  /** Layers that have a version, by name. */
  names(): string[] {
    return [...new Set([...this.#versions.values()].map(({ name }) => name))].sort();
  }

  delete(name: string, version: number): void {
    this.#versions.delete(`${name}:${version}`);
  }
}
