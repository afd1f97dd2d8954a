/** Lambda functions: configuration, sources, invoking them. */
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { allPages, type ConsoleContext } from "../context.ts";
import { badRequest, fieldsOf, required, type Routes } from "../route.ts";
import { readSampleEvent, sampleEvents } from "../sample-events.ts";

/** Invocations that are remembered for each function. */
const REMEMBERED = 20;

interface Invocation {
  readonly at: number;
  readonly requestId: string;
  readonly failed: boolean;
  readonly coldStart: boolean;
  readonly durationMs: number;
}

export function functionRoutes(context: ConsoleContext): Routes {
  const { cloud } = context;
  const invocations = new Map<string, Invocation[]>();
  cloud.signals.on("lambda.invoked", ({ functionArn, payload: _, trace: __, ...invocation }) => {
    const name = nameOf(functionArn);
    const kept = invocations.get(name) ?? [];
    invocations.set(name, kept);
    kept.unshift({ at: cloud.clock.now(), ...invocation });
    kept.length = Math.min(kept.length, REMEMBERED);
  });

  return {
    "GET /functions": async () => {
      const owners = context.owners();
      const found = await allPages(async (Marker) => {
        const answer = await context.read("lambda", "ListFunctions", Marker === undefined ? {} : { Marker });
        return { items: answer.Functions ?? [], next: answer.NextMarker };
      });
      return {
        functions: found.map((configuration) => ({
          ...headOf(configuration),
          owner: owners.get(configuration.FunctionName ?? ""),
          last: invocations.get(configuration.FunctionName ?? "")?.[0],
        })),
      };
    },

    "GET /function": async (ask) => {
      const name = required(ask, "name");
      const { Configuration = {}, Concurrency } = await context.read("lambda", "GetFunction", { FunctionName: name });
      const owner = context.owners().get(name);
      const mappings = await context.readIfThere("lambda", "ListEventSourceMappings", { FunctionName: name });
      return {
        ...headOf(Configuration),
        owner,
        arn: Configuration.FunctionArn,
        role: Configuration.Role,
        description: Configuration.Description,
        architectures: Configuration.Architectures,
        codeSize: Configuration.CodeSize,
        environment: Configuration.Environment?.Variables ?? {},
        reserved: Concurrency?.ReservedConcurrentExecutions,
        deadLetters: Configuration.DeadLetterConfig?.TargetArn,
        sources: (mappings?.EventSourceMappings ?? []).map(
          ({ UUID, EventSourceArn, State, BatchSize, MaximumBatchingWindowInSeconds }) => ({
            id: UUID,
            arn: EventSourceArn,
            state: State,
            batchSize: BatchSize,
            windowSeconds: MaximumBatchingWindowInSeconds,
          }),
        ),
        invocations: invocations.get(name) ?? [],
        samples: owner ? sampleEvents(owner.app, owner.logicalId) : [],
      };
    },

    "GET /sample-event": (ask) => {
      const app = required(ask, "app");
      const resources = context.stacks.describe(app)?.resources ?? {};
      return { text: readSampleEvent(app, required(ask, "file"), (id) => resources[id]?.physicalId) };
    },

    "POST /function/invoke": async (ask) => {
      const fields = fieldsOf(ask);
      const event = fields.text("event");
      try {
        JSON.parse(event);
      } catch (error) {
        throw badRequest(`The event is not JSON: ${error instanceof Error ? error.message : String(error)}`);
      }
      const isAsynchronous = fields.optionalText("type") === "Event";
      const began = cloud.clock.now();
      const answer = await context.act("lambda", "Invoke", {
        FunctionName: fields.text("name"),
        InvocationType: isAsynchronous ? "Event" : "RequestResponse",
        Payload: Buffer.from(event),
      });
      return {
        status: answer.StatusCode,
        error: answer.FunctionError,
        payload: answer.Payload === undefined ? "" : Buffer.from(answer.Payload).toString(),
        durationMs: cloud.clock.now() - began,
        began,
      };
    },
  };
}

const headOf = (configuration: FunctionConfiguration) => ({
  name: configuration.FunctionName ?? "",
  runtime: configuration.Runtime,
  handler: configuration.Handler,
  memoryMb: configuration.MemorySize,
  timeoutSeconds: configuration.Timeout,
  state: configuration.State,
  changedAt: configuration.LastModified,
  logGroup: configuration.LoggingConfig?.LogGroup ?? `/aws/lambda/${configuration.FunctionName ?? ""}`,
});

const nameOf = (functionArn: string): string => functionArn.split(":")[6] ?? functionArn;
