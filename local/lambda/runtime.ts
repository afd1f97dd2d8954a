/** Runs functions: the door through which the Lambda service reaches code, environments and logs. */
import { join } from "node:path";
import type { Cloud } from "../core/cloud.ts";
import { BadZip } from "./code/central-directory.ts";
import { CodeStore } from "./code/code-store.ts";
import { BuildFailure } from "./bundling/build-failure.ts";
import { ActiveEnvironments } from "./environment/active-environments.ts";
import type { Ending } from "./environment/environment.ts";
import { tooLarge } from "./environment/failures.ts";
import { EnvironmentPool, type Obtained } from "./environment/pool.ts";
import type { FunctionSpec, InvocationRequest, LogEvent, Outcome } from "./function-spec.ts";
import { LOCAL_FOLDER } from "./local-folder.ts";
import { LogWriter } from "./logging/log-writer.ts";
import { surround } from "./logging/platform-lines.ts";
import type { Failure } from "./worker/protocol.ts";

export class LambdaRuntime {
  readonly #cloud: Cloud;
  readonly code: CodeStore;
  readonly #active: ActiveEnvironments;
  readonly #pool: EnvironmentPool;
  readonly #logs: LogWriter;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    // Functions see UTC (TZ=:UTC), and a worker's time zone is that of its process.
    process.env["TZ"] = "UTC";
    this.code = new CodeStore(cloud.storage.blobs);
    this.#active = new ActiveEnvironments(cloud);
    this.#pool = new EnvironmentPool(cloud, this.#active, join(LOCAL_FOLDER, "compiled"));
    this.#logs = new LogWriter(cloud);
  }

  /** How many environments there are, warm ones included. */
  get environments(): number {
    return this.#pool.size;
  }

  /**
   * Builds the code in the background; a failure is logged now and answered by every invocation until it is mended.
   * Throws when the build's properties are wrong.
   */
  prepare(spec: FunctionSpec): void {
    const id = idOf(spec);
    this.code.register(id, spec.code);
    this.#active
      .preparing(() => this.code.prepare(id, spec.code))
      .catch((error: unknown) => this.#cloud.log.error(error instanceof Error ? error.message : String(error)));
  }

  /** Runs the function once. Never rejects for what the function does; its failure is in the outcome. */
  async invoke(spec: FunctionSpec, request: InvocationRequest): Promise<Outcome> {
    const { clock } = this.#cloud;
    let obtained: Obtained;
    try {
      const root = await this.rootOf(spec);
      const revision = `${spec.revision}.${this.code.reloadsOf(idOf(spec))}`;
      obtained = await this.#pool.obtain({ ...spec, revision }, root);
    } catch (error) {
      return this.#neverStarted(error);
    }
    const { environment } = obtained;
    const startedAt = clock.now();
    const realStart = performance.now();
    const ending: Ending = obtained.failure
      ? { payload: JSON.stringify(obtained.failure), failure: obtained.failure, log: environment.takeLog() }
      : await environment.invoke(request);
    const failure = ending.failure ?? tooLarge(ending.payload);
    const endedAt = clock.now();
    // In virtual time the computing itself takes none.
    const durationMs = (clock.isVirtual ? endedAt - startedAt : 0) + performance.now() - realStart;
    const lines = surround(spec, request, ending.log, {
      startedAt,
      endedAt,
      durationMs: ending.isTimeout ? spec.timeoutSeconds * 1000 : durationMs,
      initMs: obtained.initMs,
      memoryMb: environment.memoryMb,
      failure,
      isTimeout: ending.isTimeout ?? false,
    });
    await this.#logs.write(spec, environment.place.logStream, ordered(lines));
    this.#pool.release(environment);
    return {
      payload: failure && !ending.failure ? JSON.stringify(failure) : ending.payload,
      failure,
      coldStart: obtained.initMs !== undefined,
      durationMs,
      startedAt,
      endedAt,
      log: lines.map(({ text }) => text),
    };
  }

  /**
   * Looks at the sources again: the next invocation runs the code as it is now, in a new environment if it has changed.
   * Running invocations end with the old code. Environments of other code end when they have been idle.
   */
  reload(spec: FunctionSpec): void {
    this.code.reload(idOf(spec), spec.code);
    this.prepare(spec);
  }

  /** The folder of the function's code as it is now, built if need be. Throws BuildFailure. */
  rootOf(spec: FunctionSpec): Promise<string> {
    return this.#active.preparing(() => this.code.rootOf(idOf(spec), spec.code));
  }

  /** The function, or its configuration, is no more what it was. */
  retire(functionName: string): void {
    this.#pool.retire(functionName);
  }

  forget(spec: FunctionSpec): void {
    this.code.forget(idOf(spec));
    this.#pool.retire(spec.name);
  }

  /** The source files that the function is made of, absolute. */
  inputsOf(spec: FunctionSpec): Promise<readonly string[]> {
    return this.code.inputsOf(idOf(spec), spec.code);
  }

  async stop(): Promise<void> {
    this.#active.stop();
    await this.#pool.stop();
  }

  #neverStarted(error: unknown): Outcome {
    const failure: Failure =
      error instanceof BuildFailure || error instanceof BadZip
        ? { errorType: error.name, errorMessage: error.message, trace: [] }
        : {
            errorType: "Runtime.InvalidEntrypoint",
            errorMessage: error instanceof Error ? error.message : String(error),
          };
    this.#cloud.log.error(failure.errorMessage);
    const now = this.#cloud.clock.now();
    return {
      payload: JSON.stringify(failure),
      failure,
      coldStart: true,
      durationMs: 0,
      startedAt: now,
      endedAt: now,
      log: [],
    };
  }
}

const idOf = (spec: FunctionSpec): string => `${spec.name}:${spec.version}`;

/** Events of one call must be in the order of their time (PutLogEvents); Date may have been set back by a handler's test double. */
const ordered = (events: readonly LogEvent[]): LogEvent[] => [...events].sort((a, b) => a.at - b.at);
