/** What becomes of asynchronous events that fail or succeed, by function and qualifier. */
import type { Cloud } from "../../../core/cloud.ts";
import type { AsynchronousTarget } from "../../../lambda/asynchronous/asynchronous-target.ts";
import type { FunctionReference } from "../function-name.ts";
import { type Functions, LATEST } from "../store.ts";

export interface InvokeConfig {
  readonly functionName: string;
  /** `$LATEST`, a version or an alias. */
  readonly qualifier: string;
  readonly maximumRetries: number | undefined;
  readonly maximumAgeSeconds: number | undefined;
  /** ARNs. */
  readonly onSuccess: string | undefined;
  readonly onFailure: string | undefined;
  /** Epoch ms. */
  readonly modifiedAt: number;
}

/** "Configuring error handling settings for Lambda asynchronous invocations". */
const DEFAULT_RETRIES = 2;
const DEFAULT_AGE_SECONDS = 6 * 60 * 60;

export class InvokeConfigs {
  readonly #configs;

  constructor(cloud: Cloud) {
    this.#configs = cloud.storage.map<InvokeConfig>("lambda.invokeConfigs");
  }

  get(name: string, qualifier = LATEST): InvokeConfig | undefined {
    return this.#configs.get(`${name}:${qualifier}`);
  }

  ofFunction(name: string): InvokeConfig[] {
    return [...this.#configs.values()].filter(({ functionName }) => functionName === name);
  }

  save(config: InvokeConfig): void {
    this.#configs.set(`${config.functionName}:${config.qualifier}`, config);
  }

  delete(name: string, qualifier = LATEST): boolean {
    return this.#configs.delete(`${name}:${qualifier}`);
  }

  deleteFunction(name: string): void {
    for (const { qualifier } of this.ofFunction(name)) this.delete(name, qualifier);
  }

  /** Undefined when the function is no more. */
  describe(functions: Functions, reference: FunctionReference): AsynchronousTarget | undefined {
    const record = functions.records.get(reference.name);
    if (record === undefined) return undefined;
    const { version } = functions.resolve(reference);
    const config = this.get(reference.name, reference.qualifier);
    return {
      name: record.name,
      functionArn: functions.arn(record.name, reference.qualifier ?? LATEST),
      roleArn: version.configuration.roleArn,
      deadLetterArn: version.configuration.deadLetterArn,
      maximumRetries: config?.maximumRetries ?? DEFAULT_RETRIES,
      maximumAgeSeconds: config?.maximumAgeSeconds ?? DEFAULT_AGE_SECONDS,
      onSuccess: config?.onSuccess,
      onFailure: config?.onFailure,
      isStopped: record.reserved === 0,
    };
  }
}
