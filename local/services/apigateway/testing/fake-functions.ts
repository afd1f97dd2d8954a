/** A cloud whose Lambda functions are plain functions of the test, invoked under real permissions. */
import * as lambda from "@aws-sdk/client-lambda";
import type { Clock } from "../../../core/clock.ts";
import type { PolicyDocument } from "../../../core/principal.ts";
import type { Call, Service } from "../../../core/service.ts";
import { testCloud, type TestCloud } from "../../../testing.ts";
import { SERVICES } from "../../index.ts";

export type FakeFunction = (event: Record<string, unknown>, clock: Clock) => unknown;

export interface ApiCloud extends TestCloud {
  /** The events that functions got, oldest first. */
  readonly events: Record<string, unknown>[];
  /** Source ARNs of the invocations, oldest first. */
  readonly sources: (string | undefined)[];
  functionArn(name: string): string;
  /** `arn:aws:apigateway:…/invocations`, as templates write it. */
  functionUri(name: string): string;
}

/** Functions by name. A function that throws fails as a Lambda function does. `invokable`: whom the functions let in. */
export async function apiCloud(
  functions: Readonly<Record<string, FakeFunction>>,
  options: { readonly invokable?: PolicyDocument["Statement"]; readonly startAt?: number } = {},
): Promise<ApiCloud> {
  const events: Record<string, unknown>[] = [];
  const sources: (string | undefined)[] = [];
  const anybody = { Effect: "Allow" as const, Principal: "*" as const, Action: "lambda:InvokeFunction", Resource: "*" };
  const policy: PolicyDocument = { Version: "2012-10-17", Statement: options.invokable ?? anybody };
  const services = SERVICES.map((entry) =>
    entry.id === "lambda"
      ? {
          ...entry,
          serves: false,
          load: async () => ({
            create: (): Service<typeof lambda> => ({
              sdk: lambda,
              permissions: (_, input) => [{ action: "lambda:InvokeFunction", resource: String(input["FunctionName"]) }],
              resourcePolicy: () => policy,
              handlers: {
                Invoke: async (input, call) => {
                  const event: Record<string, unknown> = JSON.parse(textOf(input.Payload));
                  events.push(event);
                  sources.push(sourceOf(call));
                  const name = input.FunctionName?.split(":")[6] ?? "";
                  try {
                    const running = Promise.resolve(functions[name]?.(event, cloud.clock));
                    const result = await call.waiting(running);
                    return { StatusCode: 200, Payload: blob(result ?? null) };
                  } catch (error) {
                    const failure = {
                      errorMessage: error instanceof Error ? error.message : String(error),
                      errorType: "Error",
                    };
                    return {
                      StatusCode: 200,
                      FunctionError: "Unhandled",
                      Payload: blob(failure),
                    };
                  }
                },
              },
            }),
          }),
        }
      : entry,
  );
  const cloud = await testCloud({ services, ...(options.startAt === undefined ? {} : { startAt: options.startAt }) });
  const functionArn = (name: string) => cloud.arn("lambda", `function:${name}`);
  return Object.assign(cloud, {
    events,
    sources,
    functionArn,
    functionUri: (name: string) =>
      `arn:aws:apigateway:${cloud.region}:lambda:path/2015-03-31/functions/${functionArn(name)}/invocations`,
  });
}

const textOf = (payload: unknown): string => (payload instanceof Uint8Array ? Buffer.from(payload).toString() : "null");
// The SDK's class adds only transformToString, which nothing inside the cloud calls.
const blob = (value: unknown) =>
  Buffer.from(JSON.stringify(value)) as unknown as NonNullable<lambda.InvokeCommandOutput["Payload"]>;

const sourceOf = ({ principal }: Call): string | undefined =>
  principal.kind === "service" ? principal.sourceArn : principal.kind;
