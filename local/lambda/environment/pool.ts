/** Which environment runs an invocation: a warm one of the same revision, else a new one. */
import { availableParallelism } from "node:os";
import type { Cancel } from "../../core/clock.ts";
import type { Cloud } from "../../core/cloud.ts";
import type { FunctionSpec } from "../function-spec.ts";
import type { Failure } from "../worker/protocol.ts";
import { workerProgram } from "../worker-program.ts";
import type { ActiveEnvironments } from "./active-environments.ts";
import { Environment } from "./environment.ts";

/** A thread takes about 20 MB: beyond this many, invocations wait for one to become free. */
const MOST_ENVIRONMENTS = 250;
/** Idle ones beyond this many are ended, the least recently used first. */
const MOST_IDLE = 40;
/** An hourly schedule still finds its environment warm. */
const IDLE_MS = 70 * 60_000;
/** More starts at a time only make each of them slower; meanwhile environments become free and are used again. */
const STARTS_AT_A_TIME = Math.max(2, availableParallelism());

export interface Obtained {
  readonly environment: Environment;
  /** Real ms that loading the code took; undefined for a warm environment. */
  readonly initMs: number | undefined;
  /** The code could not be loaded; the environment is no more. */
  readonly failure: Failure | undefined;
}

interface Waiting {
  readonly key: string;
  readonly spec: FunctionSpec;
  readonly root: string;
  readonly resolve: (obtained: Obtained) => void;
  readonly reject: (error: unknown) => void;
}

interface Idle {
  readonly environment: Environment;
  /** Epoch ms. */
  readonly since: number;
}

export class EnvironmentPool {
  readonly #cloud: Cloud;
  readonly #active: ActiveEnvironments;
  readonly #compileCache: string | undefined;
  /** Least recently used first. */
  readonly #idle = new Map<Environment, Idle>();
  readonly #all = new Set<Environment>();
  readonly #keys = new WeakMap<Environment, string>();
  readonly #waiting: Waiting[] = [];
  readonly #retired = new WeakSet<Environment>();
  #starting = 0;
  #cancelSweep: Cancel | undefined;

  constructor(cloud: Cloud, active: ActiveEnvironments, compileCache: string | undefined) {
    this.#cloud = cloud;
    this.#active = active;
    this.#compileCache = compileCache;
  }

  get size(): number {
    return this.#all.size;
  }

  /** Rejects only when a thread cannot be started at all. */
  obtain(spec: FunctionSpec, root: string): Promise<Obtained> {
    const key = keyOf(spec, root);
    // The one used last: the others can end.
    for (const environment of [...this.#idle.keys()].reverse()) {
      if (this.#keys.get(environment) !== key) continue;
      this.#idle.delete(environment);
      return Promise.resolve({ environment, initMs: undefined, failure: undefined });
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, spec, root, resolve, reject });
      this.#startWaiting();
    });
  }

  /** An invocation is over. */
  release(environment: Environment): void {
    if (!environment.isAlive) return;
    if (this.#retired.has(environment)) {
      environment.end();
      return;
    }
    const key = this.#keys.get(environment);
    const next = this.#waiting.findIndex((waiting) => waiting.key === key);
    const [waiting] = next < 0 ? [] : this.#waiting.splice(next, 1);
    if (waiting) {
      waiting.resolve({ environment, initMs: undefined, failure: undefined });
      return;
    }
    this.#idle.set(environment, { environment, since: this.#cloud.clock.now() });
    this.#endSurplus();
    this.#scheduleSweep();
  }

  /** Environments of a function are not used again; running invocations end first. */
  retire(functionName: string): void {
    for (const environment of this.#all) {
      if (environment.spec.name !== functionName) continue;
      if (this.#idle.delete(environment)) environment.end();
      else this.#retired.add(environment);
    }
  }

  async stop(): Promise<void> {
    this.#cancelSweep?.();
    this.#waiting.length = 0;
    await Promise.all([...this.#all].map((environment) => environment.abandon()));
  }

  #startWaiting(): void {
    while (this.#waiting.length > 0 && this.#starting < STARTS_AT_A_TIME) {
      if (this.#all.size >= MOST_ENVIRONMENTS && !this.#endOldest()) return;
      const waiting = this.#waiting.shift();
      if (waiting) void this.#start(waiting);
    }
  }

  async #start(waiting: Waiting): Promise<void> {
    this.#starting++;
    this.#endOutdated(waiting);
    try {
      const program = await this.#active.preparing(workerProgram);
      const began = performance.now();
      const environment = new Environment(this.#cloud, waiting.spec, {
        program,
        root: waiting.root,
        logStream: logStreamOf(this.#cloud, waiting.spec),
        compileCache: this.#compileCache,
      });
      this.#all.add(environment);
      this.#keys.set(environment, waiting.key);
      this.#active.add(environment);
      environment.onEnd = () => {
        this.#all.delete(environment);
        this.#idle.delete(environment);
        this.#active.remove(environment);
        this.#startWaiting();
      };
      const failure = await environment.ready;
      waiting.resolve({ environment, initMs: performance.now() - began, failure });
    } catch (error) {
      waiting.reject(error);
    } finally {
      this.#starting--;
      this.#startWaiting();
    }
  }

  /** Environments of the same version with other code or configuration are not used again. */
  #endOutdated({ spec, key }: Waiting): void {
    for (const environment of this.#idle.keys()) {
      const isSameVersion = environment.spec.name === spec.name && environment.spec.version === spec.version;
      if (isSameVersion && this.#keys.get(environment) !== key) environment.end();
    }
  }

  #endOldest(): boolean {
    const [oldest] = this.#idle.keys();
    oldest?.end();
    return oldest !== undefined;
  }

  #endSurplus(): void {
    while (this.#idle.size > MOST_IDLE) this.#endOldest();
  }

  #scheduleSweep(): void {
    if (this.#cancelSweep !== undefined) return;
    const sweep = (): void => {
      this.#cancelSweep = undefined;
      const now = this.#cloud.clock.now();
      for (const { environment, since } of this.#idle.values()) if (now - since >= IDLE_MS) environment.end();
      if (this.#idle.size > 0) this.#scheduleSweep();
    };
    this.#cancelSweep = this.#cloud.clock.after(IDLE_MS, sweep, { background: true });
  }
}

const keyOf = (spec: FunctionSpec, root: string): string => `${spec.name}:${spec.version}:${spec.revision}:${root}`;

/** `2030/01/07/[$LATEST]<32 hex digits>`; in a shared group with the function's name ("Log stream names"). */
function logStreamOf(cloud: Cloud, spec: FunctionSpec): string {
  const day = new Date(cloud.clock.now()).toISOString().slice(0, 10).replaceAll("-", "/");
  const id = cloud.uuid().replaceAll("-", "");
  return spec.logging.isShared ? `${day}/${spec.name}[${spec.version}]${id}` : `${day}/[${spec.version}]${id}`;
}
