/** A cloud in virtual time with its console, for tests. */
import type { CloudOptions } from "../../cloud.ts";
import { ACCOUNT } from "../../core/principal.ts";
import type { Input, OperationName, Output } from "../../core/service.ts";
import type { Sdk, ServiceId } from "../../core/sdk.ts";
import { createStacks, type Stacks } from "../../template/stacks.ts";
import { testCloud, type TestCloud } from "../../testing.ts";
import { addConsole } from "../index.ts";

export interface ConsoleCloud extends AsyncDisposable {
  readonly cloud: TestCloud;
  readonly stacks: Stacks;
  /** `http://127.0.0.1:<port>/_console` */
  readonly address: string;
  /** Calls an operation as the account. */
  call<S extends ServiceId, O extends OperationName<Sdk[S]>>(
    service: S,
    operation: O,
    input: Input<Sdk[S], O>,
  ): Promise<Output<Sdk[S], O>>;
  /** What the API answers. Throws an error with its name and message when it refuses. */
  get<T = Record<string, unknown>>(path: string, query?: Readonly<Record<string, string>>): Promise<T>;
  post<T = Record<string, unknown>>(
    path: string,
    body: unknown,
    query?: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<T>;
}

export async function consoleCloud(options: CloudOptions = {}): Promise<ConsoleCloud> {
  const cloud = await testCloud(options);
  const stacks = createStacks(cloud, cloud.providerOf);
  addConsole(cloud, stacks);
  const address = `${cloud.endpoint}/_console`;
  const url = (path: string, query: Readonly<Record<string, string>> = {}) =>
    `${address}/api${path}?${new URLSearchParams(query)}`;
  return {
    cloud,
    stacks,
    address,
    call: (service, operation, input) => cloud.clock.waiting(cloud.call(service, operation, input, ACCOUNT)),
    get: async (path, query) => answerOf(await fetch(url(path, query))),
    post: async (path, body, query, headers = {}) =>
      answerOf(
        await fetch(url(path, query), {
          method: "POST",
          headers: { "content-type": "application/json", "x-local-console": "1", ...headers },
          body: typeof body === "string" ? body : JSON.stringify(body),
        }),
      ),
    [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose](),
  };
}

export class Refused extends Error {
  readonly status: number;
  constructor(status: number, name: string, message: string) {
    super(message);
    this.status = status;
    this.name = name;
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  const answer = (await response.json()) as { error?: string; message?: string };
  if (response.ok) return answer as T;
  throw new Refused(response.status, answer.error ?? "", answer.message ?? "");
}
