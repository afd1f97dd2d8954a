/** What the operations of Lambda work on. */
import type { Cloud } from "../../core/cloud.ts";
import { AsynchronousInvocations } from "../../lambda/asynchronous/asynchronous-invocations.ts";
import { EventSources } from "../../lambda/event-sources/event-sources.ts";
import { LambdaRuntime } from "../../lambda/runtime.ts";
import { Concurrency } from "./concurrency/limits.ts";
import { readFunctionName } from "./function-name.ts";
import { InvokeConfigs } from "./invoke/invoke-configs.ts";
import { Invoker } from "./invoke/invoker.ts";
import { Metrics } from "./invoke/metrics.ts";
import { Layers } from "./layers/store.ts";
import { FunctionPolicies } from "./policies/store.ts";
import { specOf } from "./spec.ts";
import { type FunctionRecord, Functions } from "./store.ts";
import { FunctionUrls } from "./urls/store.ts";

export class LambdaService {
  readonly cloud: Cloud;
  readonly functions: Functions;
  readonly runtime: LambdaRuntime;
  readonly policies: FunctionPolicies;
  readonly concurrency: Concurrency;
  readonly invokeConfigs: InvokeConfigs;
  readonly layers: Layers;
  readonly urls: FunctionUrls;
  readonly invoker: Invoker;
  readonly asynchronous: AsynchronousInvocations;
  readonly eventSources: EventSources;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.functions = new Functions(cloud);
    this.runtime = new LambdaRuntime(cloud);
    this.policies = new FunctionPolicies(cloud);
    this.concurrency = new Concurrency(this.functions);
    this.invokeConfigs = new InvokeConfigs(cloud);
    this.layers = new Layers(cloud);
    this.urls = new FunctionUrls(cloud);
    const metrics = new Metrics(cloud);
    this.invoker = new Invoker(this.functions, this.runtime, this.concurrency, metrics);
    this.asynchronous = new AsynchronousInvocations(cloud, {
      describe: (reference) => this.invokeConfigs.describe(this.functions, reference),
      invoke: (reference, request) => this.invoker.invoke(reference, request),
      count: (reference, metric) => metrics.count(reference, metric),
    });
    this.eventSources = new EventSources(cloud, {
      invoke: (reference, request) => this.invoker.invoke(reference, request),
      roleOf: (reference) => this.functions.resolve(reference).version.configuration.roleArn,
    });
  }

  /** Drops what depends on a function's name. */
  deleteFunction(record: FunctionRecord): void {
    for (const version of [record.latest, ...this.functions.versionsOf(record.name)])
      this.runtime.forget(specOf(this.functions, record, version));
    this.functions.delete(record.name);
    this.policies.deleteFunction(record.name);
    this.invokeConfigs.deleteFunction(record.name);
    this.urls.deleteFunction(record.name);
    this.concurrency.deleteFunction(record.name);
  }

  /** The functions' code as it is on disk now. A function's newest version follows too: `sam deploy` would publish one. */
  reload(names: readonly string[]): void {
    for (const name of names) {
      const record = this.functions.records.get(name);
      if (record === undefined) continue;
      this.runtime.reload(specOf(this.functions, record, record.latest));
      const newest = this.functions.versionsOf(name).at(-1);
      if (newest?.code.kind !== "local") continue;
      const followed = { ...newest, code: { ...newest.code, root: undefined } };
      this.functions.saveVersion(name, followed);
      this.runtime.reload(specOf(this.functions, record, followed));
    }
  }

  /** The source files of a function version, absolute. Rejects when it cannot be built. */
  async inputsOf(functionArn: string): Promise<readonly string[]> {
    const { record, version } = this.functions.resolve(readFunctionName(functionArn));
    return this.runtime.inputsOf(specOf(this.functions, record, version));
  }

  resume(): void {
    for (const record of this.functions.all()) this.runtime.prepare(specOf(this.functions, record, record.latest));
    this.asynchronous.resume();
    this.eventSources.resume();
  }

  async stop(): Promise<void> {
    this.eventSources.stop();
    await this.runtime.stop();
  }
}
