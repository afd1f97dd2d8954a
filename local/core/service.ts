/** What a service of the local cloud is made of: typed handlers, the permissions they need, and CloudFormation resources. */
import type { Cloud } from "./cloud.ts";
import type { Permission, PolicyDocument, Principal } from "./principal.ts";

type AnyArguments = readonly never[];
type InputOf<C> = C extends abstract new (...args: AnyArguments) => { input: infer I } ? I : never;
type OutputOf<C> = C extends abstract new (...args: AnyArguments) => {
  resolveMiddleware(...args: AnyArguments): (...args: AnyArguments) => Promise<{ output: infer O }>;
}
  ? Omit<O & object, "$metadata">
  : never;

/** The operations of an SDK client module `M`, by name. */
export type OperationName<M> = { [K in keyof M]: K extends `${infer N}Command` ? N : never }[keyof M];
export type Input<M, O extends OperationName<M>> = InputOf<M[`${O}Command` & keyof M]>;
export type Output<M, O extends OperationName<M>> = OutputOf<M[`${O}Command` & keyof M]>;

/**
 * One operation. Example: `export const sendMessage: Handler<typeof SQS, "SendMessage"> = (input, call) => …`.
 * Throws ServiceError for what AWS refuses. A handler that does not exist is answered with NotImplemented.
 */
export type Handler<M, O extends OperationName<M>> = (
  input: Input<M, O>,
  call: Call,
) => Output<M, O> | Promise<Output<M, O>>;
export type Handlers<M> = { readonly [O in OperationName<M>]?: Handler<M, O> };

/** One call as a handler sees it. */
export interface Call {
  readonly requestId: string;
  readonly operation: string;
  readonly principal: Principal;
  /** Aborted when the caller has hung up or the cloud shuts down. */
  readonly signal: AbortSignal;
  /** Header values of the HTTP request, lower-case names; empty for calls from within the cloud. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Waits for something that time or another call brings about (long poll, synchronous invocation): virtual time may move meanwhile. */
  waiting<T>(promise: Promise<T>): Promise<T>;
  /** Throws AccessDenied unless the caller may do this too. For permissions that only the handler can know. */
  authorize(permission: Permission): void;
}

/** A service once it is loaded. `M` is the module of its SDK client: its schemas drive the protocol. */
export interface Service<M = unknown> {
  readonly sdk: M;
  readonly handlers: Handlers<M>;
  /**
   * What a caller must be allowed for an operation. Default: `<prefix>:<Operation>` on `*`. An empty list: nothing.
   * For most operations this is one permission with the ARN built from the input.
   */
  permissions?(operation: string, input: Readonly<Record<string, unknown>>): readonly Permission[];
  /** The resource's own policy (queue, topic, bucket, function policy), if it has one. */
  resourcePolicy?(resourceArn: string): PolicyDocument | undefined;
  /** CloudFormation resource types that this service makes. */
  readonly resources?: Readonly<Record<string, ResourceProvider>>;
  /**
   * HTTP requests that are not AWS API calls but are served by this service (an API Gateway stage, a function URL, presigned pages).
   * Answers false when the request is not its own.
   */
  serve?(request: HttpRequest): Promise<HttpResponse | undefined>;
  /** Called once after a restart with a data folder: takes up timers and work where they were. */
  resume?(): void | Promise<void>;
  stop?(): void | Promise<void>;
}

export interface HttpRequest {
  readonly method: string;
  /** Path with its leading slash, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly principal: Principal;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

/**
 * The property names a resource type knows: `true` for anything, an object for known members, a one-element array for a list
 * of such. What a template sets beyond it is warned about by its path.
 */
export type KnownProperties = true | readonly [KnownProperties] | { readonly [name: string]: KnownProperties };

// Properties come from a template: each provider reads them by its own parser.
export type Properties = Readonly<Record<string, unknown>>;

export interface ResourceContext {
  readonly stackName: string;
  readonly stackId: string;
  readonly logicalId: string;
  /** Tags of the stack and the `aws:cloudformation:*` ones. */
  readonly tags: Readonly<Record<string, string>>;
  /**
   * A physical name as CloudFormation makes them, `<stack>-<logicalId>-<suffix>`, shortened to `maxLength`;
   * `lowercase` for buckets. The suffix differs from one creation to the next.
   */
  physicalName(maxLength: number, options?: { lowercase?: boolean }): string;
  /** Folder of the template, for local paths (CodeUri, DefinitionUri). */
  readonly folder: string | undefined;
}

export interface ResourceState {
  /** What `!Ref` answers. */
  readonly physicalId: string;
  /** What `!GetAtt` answers, by attribute name (`Arn`, `Endpoint.Address`). */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

export interface ResourceProvider {
  readonly known: KnownProperties;
  create(properties: Properties, context: ResourceContext): ResourceState | Promise<ResourceState>;
  /** In place; answers "replace" when AWS replaces the resource for this change. Without it every change replaces. */
  update?(
    physicalId: string,
    properties: Properties,
    previous: Properties,
    context: ResourceContext,
  ): ResourceState | "replace" | Promise<ResourceState | "replace">;
  delete(physicalId: string, properties: Properties, context: ResourceContext): void | Promise<void>;
}

/** What is known of a service before it is loaded: enough to route a request to it. One entry each in `services/index.ts`. */
export interface ServiceEntry {
  /** Folder name and id within the cloud: `sqs`, `dynamodb`, `states`. */
  readonly id: string;
  /** The name in the credential scope, and the prefix of IAM actions unless `iamPrefix` says otherwise. */
  readonly signingName: string;
  readonly iamPrefix?: string;
  /** Prefix of `x-amz-target` (and the rpc-v2-cbor service name), for JSON services. */
  readonly target?: string;
  /** API version of awsQuery services, which tells apart services that share a signing name. */
  readonly version?: string;
  readonly protocol: "json" | "query" | "rest-json" | "rest-xml";
  /** The resource types that loading this service brings. */
  readonly resources: readonly string[];
  /** Services whose `serve` is asked for plain HTTP requests. */
  readonly serves?: boolean;
  load(): Promise<{ readonly create: (cloud: Cloud) => Service }>;
}
