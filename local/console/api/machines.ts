/** State machines and their executions. */
import { allPages, type ConsoleContext } from "../context.ts";
import { drawingOf } from "../graph/drawings.ts";
import { badRequest, fieldsOf, optional, required, type Routes } from "../route.ts";

const PAGE = 50;
type Status = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED" | "PENDING_REDRIVE";
const STATUSES: readonly Status[] = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"];

export function machineRoutes(context: ConsoleContext): Routes {
  const executions = async (
    of: { stateMachineArn: string } | { mapRunArn: string },
    status: string | undefined,
    token: string | undefined,
  ) => {
    const statusFilter = STATUSES.find((known) => known === status);
    const answer = await context.read("states", "ListExecutions", {
      ...of,
      maxResults: PAGE,
      ...(statusFilter && { statusFilter }),
      ...(token && { nextToken: token }),
    });
    return {
      executions: (answer.executions ?? []).map((execution) => ({
        arn: execution.executionArn,
        name: execution.name,
        status: execution.status,
        startedAt: execution.startDate,
        stoppedAt: execution.stopDate,
        redrives: execution.redriveCount,
        items: execution.itemCount,
      })),
      token: answer.nextToken,
    };
  };

  return {
    "GET /machines": async () => {
      const owners = context.owners();
      const machines = await allPages(async (nextToken) => {
        const answer = await context.read("states", "ListStateMachines", { ...(nextToken && { nextToken }) });
        return { items: answer.stateMachines ?? [], next: answer.nextToken };
      });
      const described = [];
      for (const { stateMachineArn = "", name, type } of machines) {
        // Executions of Express machines leave only log lines behind, as on AWS.
        const latest = type === "EXPRESS" ? undefined : await executions({ stateMachineArn }, undefined, undefined);
        described.push({
          arn: stateMachineArn,
          name,
          type,
          owner: owners.get(stateMachineArn),
          latest: latest?.executions.slice(0, 12).map(({ arn, status }) => ({ arn, status })),
        });
      }
      return { machines: described };
    },

    "GET /machine": async (ask) => {
      const arn = required(ask, "arn");
      const machine = await context.read("states", "DescribeStateMachine", { stateMachineArn: arn });
      return {
        arn,
        name: machine.name,
        type: machine.type,
        owner: context.owners().get(arn),
        role: machine.roleArn,
        definition: machine.definition,
        logGroup: machine.loggingConfiguration?.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn?.split(":")[6],
        drawing: drawingOf(machine.definition ?? "{}"),
      };
    },

    /** A distributed Map: how many items and child executions, and how they are. */
    "GET /maprun": async (ask) => {
      const run = await context.read("states", "DescribeMapRun", { mapRunArn: required(ask, "arn") });
      return {
        parent: run.executionArn,
        status: run.status,
        startedAt: run.startDate,
        stoppedAt: run.stopDate,
        concurrency: run.maxConcurrency,
        toleratedFailures: run.toleratedFailureCount,
        toleratedPercentage: run.toleratedFailurePercentage,
        items: run.itemCounts,
        executions: run.executionCounts,
      };
    },

    "GET /executions": async (ask) => {
      const mapRunArn = optional(ask, "mapRun");
      const of = mapRunArn === undefined ? { stateMachineArn: required(ask, "machine") } : { mapRunArn };
      return executions(of, optional(ask, "status"), optional(ask, "token"));
    },

    "POST /machine/start": async (ask) => {
      const fields = fieldsOf(ask);
      const stateMachineArn = fields.text("arn");
      const input = fields.optionalText("input") ?? "{}";
      const name = fields.optionalText("name");
      try {
        JSON.parse(input);
      } catch (error) {
        throw badRequest(`The input is not JSON: ${error instanceof Error ? error.message : String(error)}`);
      }
      const { type } = await context.read("states", "DescribeStateMachine", { stateMachineArn });
      const start = { stateMachineArn, input, ...(name && { name }) };
      if (type !== "EXPRESS") return { arn: (await context.act("states", "StartExecution", start)).executionArn };
      const { status, output, error, cause } = await context.act("states", "StartSyncExecution", start);
      return { status, output, error, cause };
    },
  };
}
