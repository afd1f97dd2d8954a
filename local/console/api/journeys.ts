/** Follows one event across objects, queues, topics, buses, functions and executions. */
import type { ConsoleContext, Owner } from "../context.ts";
import type { Hop, Target } from "../journey/hop.ts";
import { beginnings, journeyOf, type Step } from "../journey/journey.ts";
import { JourneyRecorder } from "../journey/recorder.ts";
import { required, type Routes } from "../route.ts";

const LATELY = 30;
/** Of what was handed on, in a list. */
const BEGINNING = 90;

export function journeyRoutes(context: ConsoleContext): Routes {
  const recorder = new JourneyRecorder(context.cloud);
  const ownerOf = (owners: ReadonlyMap<string, Owner>, { kind, name }: Target): Owner | undefined => {
    if (kind === "queue") return owners.get(`${context.cloud.endpoint}/${context.cloud.accountId}/${name}`);
    if (kind === "topic") return owners.get(context.cloud.arn("sns", name));
    if (kind === "execution") return owners.get(machineOf(name));
    return owners.get(name);
  };

  /** Names of functions and executions become those of the template. */
  const describe = (owners: ReadonlyMap<string, Owner>, hop: Hop) => ({
    id: hop.requestId,
    order: hop.order,
    kind: hop.kind,
    at: hop.at,
    tookMs: hop.endedAt === undefined ? undefined : hop.endedAt - hop.at,
    service: hop.service,
    operation: hop.operation,
    by: owners.get(hop.by)?.logicalId ?? hop.by,
    via: nameOf(hop.via),
    target: hop.target,
    owner: ownerOf(owners, hop.target),
    says: hop.says,
    trace: hop.trace,
    error: hop.error,
    status: hop.status,
  });

  const stepOf = (owners: ReadonlyMap<string, Owner>, step: Step, groups: ReadonlyMap<string, string>) => ({
    ...describe(owners, step.hop),
    ...(step.request && {
      at: step.request.at,
      by: step.request.by,
      via: nameOf(step.request.via),
      says: step.request.says,
    }),
    depth: step.depth,
    content: step.hop.content,
    ids: step.hop.produces.filter((id) => id !== step.hop.requestId),
    logGroup: step.hop.kind === "run" ? groups.get(step.hop.target.name) : undefined,
    details: counted(owners, step.details),
  });

  const logGroups = async (steps: readonly Step[]): Promise<Map<string, string>> => {
    const names = new Set(steps.filter(({ hop }) => hop.kind === "run").map(({ hop }) => hop.target.name));
    const found = new Map<string, string>();
    for (const FunctionName of names) {
      const known = await context.readIfThere("lambda", "GetFunctionConfiguration", { FunctionName });
      found.set(FunctionName, known?.LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`);
    }
    return found;
  };

  /** Calls of the same kind are counted. */
  const counted = (owners: ReadonlyMap<string, Owner>, details: readonly Hop[]) => {
    const groups = Map.groupBy(
      details,
      ({ service, operation, target, error }) => `${service}:${operation} ${target.name} ${error ?? ""}`,
    );
    return [...groups.values()].flatMap((same) => {
      const [first] = same;
      if (!first) return [];
      const { service, operation, target, error } = first;
      return [{ service, operation, target, owner: ownerOf(owners, target), error, count: same.length }];
    });
  };

  return {
    "GET /journeys": () => {
      const owners = context.owners();
      return {
        beginnings: beginnings(recorder.hops, LATELY).map((hop) => ({
          ...describe(owners, hop),
          beginning: hop.content.slice(0, BEGINNING),
        })),
      };
    },

    "GET /journey": async (ask) => {
      const { steps, isCut } = journeyOf(recorder.hops, required(ask, "id"));
      const owners = context.owners();
      const groups = await logGroups(steps);
      return { steps: steps.map((step) => stepOf(owners, step, groups)), isCut };
    },
  };
}

/** For which rule, alarm or API a service does something. A bucket or topic is the step before, and need not be told. */
const nameOf = (arn: string | undefined): string | undefined =>
  arn === undefined || /^arn:[^:]+:(s3|sns|states):/.test(arn) ? undefined : arn.slice(arn.lastIndexOf(":") + 1);

/** `…:execution:Machine:name` → the machine's ARN. */
const machineOf = (executionArn: string): string =>
  executionArn.replace(/:execution:([^:/]+).*$/, (_, name: string) => `:stateMachine:${name}`);
