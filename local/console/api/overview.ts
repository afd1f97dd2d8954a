/** Apps, what is in them, and what was called lately. */
import type { Stack } from "../../template/stacks.ts";
import type { ConsoleContext } from "../context.ts";
import { hasReadme, readmeOf } from "../readme.ts";
import { notFound, optional, required, type Routes } from "../route.ts";

const CALLS = 100;

export function overviewRoutes({ cloud, stacks, changes }: ConsoleContext): Routes {
  return {
    "GET /overview": () => ({
      endpoint: cloud.endpoint,
      account: cloud.accountId,
      region: cloud.region,
      apps: stacks.list().map((stack) => ({
        ...headOf(stack),
        outputs: stack.outputs,
        warnings: stack.warnings,
        types: countTypes(stack),
      })),
      calls: changes.calls(12),
      // What a person at the keyboard is refused that person sees anyway.
      failures: changes.calls(12, ({ error, caller }) => error !== undefined && caller !== "account"),
      missing: [...cloud.dispatcher.missing].sort(),
      faults: cloud.faults.list(),
    }),

    "GET /calls": (ask) => {
      const text = optional(ask, "text")?.toLowerCase();
      const onlyFailed = ask.query.get("failed") === "1";
      return {
        calls: changes.calls(
          CALLS,
          (call) =>
            (!onlyFailed || call.error !== undefined) &&
            (text === undefined ||
              `${call.service} ${call.operation} ${call.caller} ${call.error ?? ""} ${call.requestId}`
                .toLowerCase()
                .includes(text)),
        ),
      };
    },

    "POST /faults/clear": () => {
      cloud.faults.clear();
      return {};
    },

    "GET /app": (ask) => {
      const name = required(ask, "name");
      const stack = stacks.describe(name);
      if (!stack) throw notFound(`There is no app ${name}`);
      return {
        ...headOf(stack),
        hasReadme: hasReadme(name),
        outputs: Object.entries(stack.outputDetails).map(([key, { value, description }]) => ({
          key,
          value,
          description,
        })),
        parameters: stack.parameters,
        warnings: stack.warnings,
        resources: Object.values(stack.resources).map(
          ({ logicalId, type, physicalId, status, statusReason, isPlaceholder }) => ({
            logicalId,
            type,
            physicalId,
            status,
            statusReason,
            isPlaceholder,
          }),
        ),
        events: stacks
          .events(stack.id)
          .slice(-100)
          .reverse()
          .map(({ at, logicalId, type, status, reason }) => ({ at, logicalId, type, status, reason })),
      };
    },

    "GET /app/readme": (ask) => {
      const name = required(ask, "name");
      const text = readmeOf(name);
      if (text === undefined) throw notFound(`${name} has no README`);
      return { text };
    },
  };
}

const headOf = ({ name, status, statusReason, description, createdAt, updatedAt }: Stack) => ({
  name,
  status,
  statusReason,
  description,
  changedAt: updatedAt ?? createdAt,
});

/** How many resources of each type a person asks about; placeholders are not there. */
function countTypes(stack: Stack): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type, isPlaceholder } of Object.values(stack.resources))
    if (!isPlaceholder) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
