/**
 * Between the protocols and the handlers: loads services, decides whether the caller may, meets faults, runs the handler.
 * Every call goes this way, whether it came over HTTP or from another service.
 */
import type { BaseClock } from "../clock/base-clock.ts";
import type { OnWaiting } from "../clock/hold-scope.ts";
import type { Cloud, Iam } from "./cloud.ts";
import { isServiceError, ServiceError } from "./errors.ts";
import type { Faults } from "./faults.ts";
import type { Permission, Principal } from "./principal.ts";
import type { Call, Service, ServiceEntry } from "./service.ts";

/** What a call brings along beside its input. */
export interface Caller {
  readonly principal: Principal;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Made over HTTP by somebody outside: while it blocks, virtual time may move. */
  readonly isOutside?: boolean;
  readonly onWaiting?: OnWaiting;
}

export interface CallRecord {
  readonly at: number;
  readonly requestId: string;
  readonly service: string;
  readonly operation: string;
  readonly caller: string;
  readonly error?: string;
}

/** A call as it begins. */
export interface ObservedCall {
  readonly service: string;
  readonly operation: string;
  readonly principal: Principal;
  readonly requestId: string;
  readonly input: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** How a call ended: with one of the two. */
export interface EndedCall {
  readonly output?: unknown;
  readonly error?: unknown;
}

/** Is told of a call; answers what wants to know how it ended. Neither may throw or change what it is told of. */
export type CallObserver = (call: ObservedCall) => ((ended: EndedCall) => void) | undefined | void;

const RECENT_CALLS = 2_000;
const never = new AbortController().signal;

type AnyHandler = (input: unknown, call: Call) => unknown;

export class Dispatcher {
  readonly entries: readonly ServiceEntry[];
  readonly #entries: ReadonlyMap<string, ServiceEntry>;
  readonly #clock: BaseClock;
  readonly #loading = new Map<string, Promise<Service>>();
  readonly #loaded = new Map<string, Service>();
  readonly #recent: CallRecord[] = [];
  readonly #observers = new Set<CallObserver>();
  readonly missing = new Set<string>();
  readonly faults: Faults;
  /** Set once the cloud is put together. */
  cloud!: Cloud & { readonly iam: Iam };

  constructor(entries: readonly ServiceEntry[], clock: BaseClock, faults: Faults) {
    this.entries = entries;
    this.#entries = new Map(entries.map((entry) => [entry.id, entry]));
    this.#clock = clock;
    this.faults = faults;
  }

  get loaded(): ReadonlyMap<string, Service> {
    return this.#loaded;
  }

  /** The latest calls, oldest first. */
  get recent(): readonly CallRecord[] {
    return this.#recent;
  }

  /** Tells of every call that begins, and how it ends, until the returned function is called. */
  observe(observer: CallObserver): () => void {
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  entry(id: string): ServiceEntry | undefined {
    return this.#entries.get(id);
  }

  /** Loads a service; time stands still meanwhile. Throws for an id that is not registered. */
  load(id: string): Promise<Service> {
    let loading = this.#loading.get(id);
    if (!loading) {
      const entry = this.#entries.get(id);
      if (!entry)
        return Promise.reject(
          new ServiceError("NotImplemented", `The local cloud has no service ${id}`, { status: 501 }),
        );
      loading = this.#clock.holding(`loading ${id}`, async () => {
        const service = (await entry.load()).create(this.cloud);
        this.#loaded.set(id, service);
        await service.resume?.();
        return service;
      });
      this.#loading.set(id, loading);
    }
    return loading;
  }

  async dispatch(id: string, operation: string, input: unknown, caller: Caller): Promise<unknown> {
    const service = this.#loaded.get(id) ?? (await this.load(id));
    const handler = (service.handlers as Readonly<Record<string, AnyHandler | undefined>>)[operation];
    const requestId = this.cloud.uuid();
    const tellEnd = this.#tellObservers(id, operation, requestId, input, caller);
    if (!handler) {
      this.missing.add(`${id}:${operation}`);
      throw new ServiceError("NotImplemented", `The local cloud does not implement ${id}:${operation}`, {
        status: 501,
      });
    }
    return this.#clock.holding(
      `${id}:${operation}`,
      async () => {
        try {
          const call = this.#call(id, service, operation, requestId, caller);
          for (const permission of this.#permissions(id, service, operation, input)) call.authorize(permission);
          const afterwards = await this.faults.meet(id, operation, caller.principal, input);
          const output = (await handler(input ?? {}, call)) ?? {};
          if (afterwards) throw afterwards;
          this.#record(id, operation, requestId, caller.principal);
          tellEnd?.({ output });
          return output;
        } catch (thrown) {
          const error = this.#refusal(thrown, `${id}:${operation}`);
          this.#record(id, operation, requestId, caller.principal, error);
          tellEnd?.({ error });
          throw error;
        } finally {
          this.cloud.storage.flush();
        }
      },
      caller.onWaiting,
    );
  }

  #tellObservers(
    service: string,
    operation: string,
    requestId: string,
    input: unknown,
    { principal, headers = {} }: Caller,
  ): ((ended: EndedCall) => void) | undefined {
    if (this.#observers.size === 0) return undefined;
    const ends: ((ended: EndedCall) => void)[] = [];
    for (const observer of this.#observers) {
      const end = observer({ service, operation, principal, requestId, input, headers });
      if (end) ends.push(end);
    }
    return ends.length === 0 ? undefined : (ended) => void ends.forEach((end) => end(ended));
  }

  #permissions(id: string, service: Service, operation: string, input: unknown): readonly Permission[] {
    const entry = this.#entries.get(id);
    return (
      service.permissions?.(operation, (input ?? {}) as Readonly<Record<string, unknown>>) ?? [
        { action: `${entry?.iamPrefix ?? entry?.signingName ?? id}:${operation}`, resource: "*" },
      ]
    );
  }

  #call(id: string, service: Service, operation: string, requestId: string, caller: Caller): Call {
    const { principal } = caller;
    return {
      requestId,
      operation,
      principal,
      signal: caller.signal ?? never,
      headers: caller.headers ?? {},
      waiting: (promise) => (caller.isOutside ? this.#clock.waiting(promise) : this.#clock.blocked(promise)),
      authorize: (permission) => {
        try {
          this.cloud.iam.authorize(principal, permission, service.resourcePolicy?.(permission.resource));
        } catch (error) {
          throw isServiceError(error) ? denied(id, this.#entries.get(id)?.protocol, error) : error;
        }
      },
    };
  }

  /**
   * Text within an input (a policy, a pattern, an expression) may be nested more deeply than anything can follow: AWS's parsers
   * end at some depth too and call the request invalid.
   */
  #refusal(error: unknown, call: string): unknown {
    if (!(error instanceof RangeError && error.message === "Maximum call stack size exceeded")) return error;
    this.cloud.log.warn(`${call}: the input is nested too deeply, or the handler never ends: ${error.stack}`);
    return new ServiceError("ValidationException", "The request is nested too deeply", { status: 400 });
  }

  #record(service: string, operation: string, requestId: string, principal: Principal, error?: unknown): void {
    this.#recent.push({
      at: this.#clock.now(),
      requestId,
      service,
      operation,
      caller: nameOf(principal),
      ...(error === undefined ? {} : { error: error instanceof Error ? error.name : "Error" }),
    });
    if (this.#recent.length > 2 * RECENT_CALLS) this.#recent.splice(0, RECENT_CALLS);
  }
}

/** Services name a refusal in their own way. */
function denied(id: string, protocol: ServiceEntry["protocol"] | undefined, error: ServiceError): ServiceError {
  if (error.name !== "AccessDeniedException") return error;
  const name =
    id === "sns"
      ? "AuthorizationError"
      : protocol === "query" || id === "s3" || id === "sqs"
        ? "AccessDenied"
        : error.name;
  const status = protocol === "json" && id !== "sqs" ? 400 : 403;
  return new ServiceError(name, error.message, { status, detail: error.detail });
}

const nameOf = (principal: Principal): string => {
  if (principal.kind === "role") return principal.sessionName;
  return principal.kind === "service" ? principal.service : principal.kind;
};
