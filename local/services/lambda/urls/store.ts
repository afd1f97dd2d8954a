/** Function URLs, by function and alias and by their id. */
import { createHash } from "node:crypto";
import type { Cors } from "@aws-sdk/client-lambda";
import type { Cloud } from "../../../core/cloud.ts";

export interface FunctionUrl {
  /** The first label of the URL's host on AWS. */
  readonly id: string;
  readonly functionName: string;
  /** An alias; without it $LATEST. */
  readonly qualifier: string | undefined;
  readonly authType: "NONE" | "AWS_IAM";
  readonly cors: Cors | undefined;
  readonly invokeMode: "BUFFERED" | "RESPONSE_STREAM";
  /** Epoch ms. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export class FunctionUrls {
  readonly #cloud: Cloud;
  readonly #urls;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#urls = cloud.storage.map<FunctionUrl>("lambda.urls");
  }

  /** On AWS `https://<id>.lambda-url.<region>.on.aws/`. */
  urlOf({ id }: FunctionUrl): string {
    return `${this.#cloud.endpoint}/_urls/${id}/`;
  }

  /** An id of 32 letters and digits, as AWS makes them. */
  newId(): string {
    const digest = createHash("sha256").update(this.#cloud.uuid()).digest();
    return [...digest].map((byte) => (byte % 36).toString(36)).join("");
  }

  byId(id: string): FunctionUrl | undefined {
    return [...this.#urls.values()].find((url) => url.id === id);
  }

  get(name: string, qualifier: string | undefined): FunctionUrl | undefined {
    return this.#urls.get(keyOf(name, qualifier));
  }

  ofFunction(name: string): FunctionUrl[] {
    return [...this.#urls.values()].filter(({ functionName }) => functionName === name);
  }

  save(url: FunctionUrl): FunctionUrl {
    this.#urls.set(keyOf(url.functionName, url.qualifier), url);
    return url;
  }

  delete(name: string, qualifier: string | undefined): void {
    this.#urls.delete(keyOf(name, qualifier));
  }

  deleteFunction(name: string): void {
    for (const { qualifier } of this.ofFunction(name)) this.delete(name, qualifier);
  }
}

const keyOf = (name: string, qualifier: string | undefined): string => `${name}:${qualifier ?? ""}`;
