/** The local cloud as its parts see it. */
import type { Clock } from "./clock.ts";
import type { Permission, PolicyDocument, Principal } from "./principal.ts";
import type { Input, OperationName, Output } from "./service.ts";
import type { Sdk, ServiceId } from "./sdk.ts";
import type { Signals } from "./signals.ts";
import type { Storage } from "./storage.ts";

export interface Cloud {
  readonly accountId: string;
  readonly region: string;
  /** `http://127.0.0.1:<port>`; known once the cloud listens. */
  readonly endpoint: string;
  readonly clock: Clock;
  readonly storage: Storage;
  readonly iam: Iam;
  readonly signals: Signals;
  readonly log: Log;
  /** Whether services hand segments to X-Ray, and functions find a daemon to send theirs to. */
  readonly isTracing: boolean;

  /**
   * Calls an operation from within: permissions, faults and handler as for a request over HTTP, without the wire.
   * This is how services reach each other (S3 to SQS, Step Functions to DynamoDB): by the public API, as who they are.
   * `headers` are those that the request would have, lower-case: a service hands on the trace header of who caused the call.
   * Throws ServiceError.
   */
  call<S extends ServiceId, O extends OperationName<Sdk[S]>>(
    service: S,
    operation: O,
    input: Input<Sdk[S], O>,
    as: Principal,
    headers?: Readonly<Record<string, string | undefined>>,
  ): Promise<Output<Sdk[S], O>>;
  /** The same with names known only at run time (`arn:aws:states:::aws-sdk:sqs:sendMessage`). Throws NotImplemented for unknown ones. */
  callNamed(
    service: string,
    operation: string,
    input: unknown,
    as: Principal,
    headers?: Readonly<Record<string, string | undefined>>,
  ): Promise<unknown>;

  /** `arn:aws:<service>:<region>:<account>:<resource>`. */
  arn(service: string, resource: string): string;
  /** A version-4 UUID; deterministic when the cloud was started with a seed. */
  uuid(): string;
  /** [0, 1); deterministic when the cloud was started with a seed. */
  random(): number;
}

export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string, error?: unknown): void;
}

/** Roles, credentials and decisions. */
export interface Iam {
  /** Throws ServiceError AccessDenied (naming caller, action and resource) unless the caller may. */
  authorize(principal: Principal, permission: Permission, resourcePolicy: PolicyDocument | undefined): void;
  /** Temporary credentials of a role, for a worker thread or an AssumeRole call. */
  issue(roleArn: string, sessionName: string, durationSeconds?: number): Credentials;
  /** Who signed a request with this access key. Unknown keys belong to the account. */
  principalOf(accessKeyId: string | undefined): Principal;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}
