/** Failures on purpose: per operation an error, throttling or latency, for tests and for a person who wants to see retries. */
import type { Clock } from "./clock.ts";
import { ServiceError } from "./errors.ts";
import type { Principal } from "./principal.ts";

export interface Fault {
  /** Service id as in `services/index.ts`. */
  readonly service: string;
  /** Operation name; without it every operation of the service. */
  readonly operation?: string;
  /** Only calls made in a role whose ARN contains this text. Without it every caller but the account itself. */
  readonly role?: string;
  /** Only calls whose input, as JSON, contains this text. */
  readonly matching?: string;
  /** "throttle" is the error with which the service refuses too many calls. */
  readonly error?: "throttle" | { readonly name: string; readonly message?: string; readonly status?: number };
  /** Refuse after the handler has done its work: the caller cannot know that it was done. */
  readonly afterwards?: boolean;
  readonly latencyMs?: number;
  /** How many calls are hit; without it all. */
  readonly times?: number;
  /** How many matching calls go through first. */
  readonly after?: number;
  /** Share of matching calls that are hit, 0 to 1. */
  readonly rate?: number;
}

/** A fault that has been added, and what became of it. */
export interface ArmedFault extends Fault {
  /** `f1`, `f2`, … in the order in which they were added. */
  readonly id: string;
  /** How many calls were hit so far. */
  readonly hits: number;
}

interface Armed extends ArmedFault {
  left: number;
  passed: number;
  hits: number;
}

export interface FaultHandle {
  readonly id: string;
  /** How many calls were hit so far. */
  readonly hits: number;
  remove(): void;
}

const THROTTLED: Readonly<Record<string, { name: string; message: string; status: number }>> = {
  dynamodb: {
    name: "ProvisionedThroughputExceededException",
    message: "The level of configured provisioned throughput for the table was exceeded.",
    status: 400,
  },
  lambda: { name: "TooManyRequestsException", message: "Rate Exceeded.", status: 429 },
  s3: { name: "SlowDown", message: "Please reduce your request rate.", status: 503 },
  sqs: { name: "RequestThrottled", message: "Request throttled.", status: 403 },
  comprehend: { name: "TooManyRequestsException", message: "Rate exceeded", status: 400 },
  translate: { name: "TooManyRequestsException", message: "Rate exceeded", status: 400 },
  rekognition: { name: "ProvisionedThroughputExceededException", message: "Provisioned rate exceeded.", status: 400 },
  sns: { name: "Throttled", message: "Rate exceeded", status: 429 },
  rds: { name: "Throttling", message: "Rate exceeded", status: 400 },
  ses: { name: "Throttling", message: "Maximum sending rate exceeded.", status: 400 },
};

export class Faults {
  readonly #armed = new Set<Armed>();
  #added = 0;
  readonly #clock: Clock;
  readonly #random: () => number;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  add(fault: Fault): FaultHandle {
    const id = `f${++this.#added}`;
    const armed: Armed = { ...fault, id, left: fault.times ?? Infinity, passed: 0, hits: 0 };
    this.#armed.add(armed);
    return {
      id,
      get hits() {
        return armed.hits;
      },
      remove: () => void this.#armed.delete(armed),
    };
  }

  list(): readonly ArmedFault[] {
    return Array.from(this.#armed, ({ left: _left, passed: _passed, ...fault }) => fault);
  }

  /** Whether there was such a fault. */
  remove(id: string): boolean {
    for (const fault of this.#armed) if (fault.id === id) return this.#armed.delete(fault);
    return false;
  }

  clear(): void {
    this.#armed.clear();
  }

  /** Throws before the handler runs, or answers what to throw after it has run. */
  async meet(
    service: string,
    operation: string,
    principal: Principal,
    input: unknown,
  ): Promise<ServiceError | undefined> {
    if (this.#armed.size === 0) return undefined;
    let afterwards: ServiceError | undefined;
    for (const fault of this.#armed) {
      if (!this.#hits(fault, service, operation, principal, input)) continue;
      if (fault.latencyMs) await this.#clock.sleep(fault.latencyMs);
      if (!fault.error) continue;
      const { name, message, status } = fault.error === "throttle" ? throttled(service) : fault.error;
      const error = new ServiceError(name, message ?? "Injected fault", status === undefined ? {} : { status });
      if (!fault.afterwards) throw error;
      afterwards = error;
    }
    return afterwards;
  }

  #hits(fault: Armed, service: string, operation: string, principal: Principal, input: unknown): boolean {
    if (fault.service !== service || (fault.operation !== undefined && fault.operation !== operation)) return false;
    if (fault.left <= 0) return false;
    if (
      fault.role === undefined
        ? principal.kind === "account"
        : principal.kind !== "role" || !principal.roleArn.includes(fault.role)
    )
      return false;
    if (fault.matching !== undefined && !JSON.stringify(input)?.includes(fault.matching)) return false;
    if (fault.rate !== undefined && this.#random() >= fault.rate) return false;
    if (fault.passed < (fault.after ?? 0)) {
      fault.passed++;
      return false;
    }
    fault.left--;
    fault.hits++;
    return true;
  }
}

const throttled = (service: string) =>
  THROTTLED[service] ?? { name: "ThrottlingException", message: "Rate exceeded", status: 400 };
