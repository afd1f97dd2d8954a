/** The local cloud put together: one process, one port on 127.0.0.1, an injectable clock, state in memory or in a folder. */
import { randomUUID } from "node:crypto";
import type { BaseClock } from "./clock/base-clock.ts";
import { RealClock } from "./clock/real-clock.ts";
import { VirtualClock } from "./clock/virtual-clock.ts";
import type { Cloud, Log } from "./core/cloud.ts";
import { type Caller, Dispatcher } from "./core/dispatcher.ts";
import { ServiceError } from "./core/errors.ts";
import { Faults } from "./core/faults.ts";
import type { Principal } from "./core/principal.ts";
import { seededRandom, seededUuid } from "./core/random.ts";
import type { HttpResponse, ResourceProvider, ServiceEntry } from "./core/service.ts";
import { SignalHub } from "./core/signal-hub.ts";
import { preflight, withCrossOrigin } from "./gateway/cross-origin.ts";
import { Gateway } from "./gateway/gateway.ts";
import { signatureOf } from "./gateway/identify.ts";
import { fromJson, toJson } from "./gateway/shapes/json-shapes.ts";
import { listen, type Server } from "./gateway/server.ts";
import type { WireRequest, WireResponse } from "./gateway/wire.ts";
import { createIam, type LocalIam } from "./iam/index.ts";
import { SERVICES } from "./services/index.ts";
import { openStorage } from "./storage/index.ts";

export interface CloudOptions {
  /** 0 takes a free port. */
  readonly port?: number;
  /** Without it all state is gone when the process ends. */
  readonly dataFolder?: string;
  /** Time that jumps; for tests and the demo. Default: the real clock. */
  readonly virtual?: boolean;
  /** Where virtual time begins, epoch ms. Default: now. */
  readonly startAt?: number;
  /** Makes ids and random numbers the same from run to run. */
  readonly seed?: number;
  readonly log?: Log;
  /**
   * Collects traces. It costs each start of a function some 50 ms, for the X-Ray SDK is loaded only where there is somebody to
   * send segments to; without it, the trace header still goes from request to request.
   */
  readonly traces?: boolean;
  readonly region?: string;
  readonly accountId?: string;
  /** Other services than the usual ones, for tests of the gateway itself. */
  readonly services?: readonly ServiceEntry[];
}

/** Serves plain HTTP requests below a path such as `/_console`. */
export type Page = (request: WireRequest) => Promise<HttpResponse>;

export interface LocalCloud extends Cloud {
  readonly iam: LocalIam;
  readonly clock: BaseClock;
  readonly faults: Faults;
  readonly dispatcher: Dispatcher;
  readonly gateway: Gateway;
  /** The provider of a CloudFormation resource type; loads its service. */
  providerOf(type: string): Promise<ResourceProvider | undefined>;
  /** Whether some service declares this type, without loading it. */
  knowsType(type: string): boolean;
  addPage(prefix: string, page: Page): void;
  /** Ends workers, timers and the server; answers the operations that were asked for and are not there. */
  stop(): Promise<readonly string[]>;
}

/** Names under which AWS SDK integrations know services that have another id here. */
const ALIASES: Readonly<Record<string, string>> = {
  cloudwatchlogs: "logs",
  eventbridge: "events",
  sfn: "states",
};

const consoleLog: Log = {
  info: (message) => console.log(message),
  warn: (message) => console.warn(message),
  error: (message, error) => console.error(message, error ?? ""),
};

/** Starts a local cloud. Throws an error with code EADDRINUSE when the port is taken. */
export async function startCloud(options: CloudOptions = {}): Promise<LocalCloud> {
  const log = options.log ?? consoleLog;
  const report = (label: string, error: unknown) => log.error(label, error);
  const clock: BaseClock = options.virtual ? new VirtualClock(report, options.startAt) : new RealClock(report);
  const storage = openStorage(options.dataFolder);
  const random = options.seed === undefined ? Math.random : seededRandom(options.seed);
  const uuid = options.seed === undefined ? () => randomUUID() : seededUuid(seededRandom(options.seed + 1));
  const accountId = options.accountId ?? "123456789012";
  const region = options.region ?? "us-east-1";
  const faults = new Faults(clock, random);
  const services = options.services ?? SERVICES;
  const dispatcher = new Dispatcher(services, clock, faults);
  const pages = new Map<string, Page>();
  let server: Server | undefined;

  const cloud: LocalCloud = {
    accountId,
    region,
    get endpoint() {
      return `http://127.0.0.1:${server?.port ?? options.port ?? 0}`;
    },
    clock,
    storage,
    log,
    isTracing: options.traces ?? false,
    signals: new SignalHub(),
    iam: createIam({ accountId, region, clock, storage, uuid }),
    faults,
    dispatcher,
    get gateway() {
      return gateway;
    },
    uuid,
    random,
    arn: (service, resource) => `arn:aws:${service}:${region}:${accountId}:${resource}`,
    // The types of input and output belong to the operation's name; the dispatcher knows only names.
    call: async (service, operation, input, as, headers = {}) =>
      (await dispatcher.dispatch(service, String(operation), input, { principal: as, headers })) as never,
    callNamed: (service, operation, input, as, headers = {}) =>
      callNamed(ALIASES[service] ?? service, operation, input, { principal: as, headers }),
    knowsType: (type) => services.some((entry) => entry.resources.includes(type)),
    providerOf: async (type) => {
      const entry = services.find(({ resources }) => resources.includes(type));
      return entry && (await dispatcher.load(entry.id)).resources?.[type];
    },
    addPage: (prefix, page) => void pages.set(prefix, page),
    async stop() {
      clock.stop();
      for (const service of dispatcher.loaded.values()) await service.stop?.();
      await server?.close();
      storage.close();
      return [...dispatcher.missing].sort();
    },
  };
  dispatcher.cloud = cloud;
  const gateway = new Gateway(dispatcher, cloud);

  async function callNamed(service: string, operation: string, input: unknown, caller: Caller): Promise<unknown> {
    if (!dispatcher.entry(service))
      throw new ServiceError("NotImplemented", `The local cloud has no service ${service}`, { status: 501 });
    const known = (await gateway.schema(service)).operations.get(operation);
    if (!known) throw new ServiceError("NotImplemented", `${service} knows no operation ${operation}`, { status: 501 });
    return toJson(await dispatcher.dispatch(service, operation, fromJson(known.input, input), caller));
  }

  const answer = (request: WireRequest): Promise<WireResponse> => route(cloud, pages, request);
  server = await listen(options.port ?? 0, clock, log, answer);
  await resume(cloud);
  // It listens to what the other services tell.
  if (cloud.isTracing) await dispatcher.load("xray");
  return cloud;
}

/** Services that had state take up their timers again. */
async function resume(cloud: LocalCloud): Promise<void> {
  const owners = new Set(cloud.storage.names().map((name) => name.slice(0, name.indexOf("."))));
  for (const entry of cloud.dispatcher.entries) if (owners.has(entry.id)) await cloud.dispatcher.load(entry.id);
}

/** Own pages first, then what a service serves (API stages, function URLs), then the AWS APIs. */
async function route(cloud: LocalCloud, pages: ReadonlyMap<string, Page>, request: WireRequest): Promise<WireResponse> {
  for (const [prefix, page] of pages) {
    if (request.path !== prefix && !request.path.startsWith(`${prefix}/`)) continue;
    const response = await page(request);
    cloud.storage.flush();
    return wire(response);
  }
  const signature = signatureOf(request);
  // A worker puts its key into this header of unsigned requests, so that virtual time knows whose request is waiting.
  const worker = signature?.accessKeyId ?? request.headers["x-local-worker"];
  const onWaiting =
    worker === undefined
      ? undefined
      : (delta: 1 | -1) => cloud.signals.emit("gateway.waiting", { accessKeyId: worker, delta });
  const host = /^([a-z0-9]+)\.(execute-api|lambda-url)\./.exec(request.headers["host"] ?? "");
  const hosted = host
    ? { ...request, path: `/${host[2] === "execute-api" ? "_apis" : "_urls"}/${host[1]}${request.path}` }
    : request;
  if (/^\/_(apis|urls)\//.test(hosted.path)) {
    const principal: Principal = signature ? cloud.iam.principalOf(signature.accessKeyId) : { kind: "anonymous" };
    const isOutside = request.headers["x-local-worker"] === undefined && principal.kind !== "role";
    const serving = cloud.clock.holding(
      `${request.method} ${request.path}`,
      () => serve(cloud, { ...hosted, principal }),
      onWaiting,
    );
    return wire(
      (await (isOutside ? cloud.clock.waiting(serving) : serving)) ?? {
        status: 404,
        body: JSON.stringify({ message: "Not Found" }),
      },
    );
  }
  return (
    (await preflight(cloud, request)) ?? withCrossOrigin(cloud, request, await cloud.gateway.handle(request, onWaiting))
  );
}

async function serve(
  cloud: LocalCloud,
  request: WireRequest & { readonly principal: Principal },
): Promise<HttpResponse | undefined> {
  for (const entry of cloud.dispatcher.entries) {
    if (!entry.serves) continue;
    const response = await (await cloud.dispatcher.load(entry.id)).serve?.(request);
    if (response) return response;
  }
  return undefined;
}

const wire = (response: HttpResponse): WireResponse => ({
  status: response.status,
  headers: response.headers ?? {},
  body: response.body ?? "",
});
