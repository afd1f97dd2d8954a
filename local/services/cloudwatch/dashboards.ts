/** Dashboards: kept as they are, shown by nobody here but readable by tools. */
import type * as SDK from "@aws-sdk/client-cloudwatch";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { missing } from "./errors.ts";

interface Dashboard {
  readonly name: string;
  readonly body: string;
  readonly modifiedAt: number;
}

export const dashboardsOf = (cloud: Cloud) => cloud.storage.map<Dashboard>("cloudwatch.dashboards");

export function dashboardHandlers(cloud: Cloud): Handlers<typeof SDK> {
  const dashboards = dashboardsOf(cloud);
  // Dashboards are of the account, not of a region.
  const arn = (name: string) => `arn:aws:cloudwatch::${cloud.accountId}:dashboard/${name}`;
  const notFound = (name: string): never => {
    throw new ServiceError("DashboardNotFoundError", `Dashboard ${name} does not exist`, { status: 404 });
  };
  return {
    PutDashboard(input) {
      const name = input.DashboardName ?? missing("DashboardName");
      if (!/^[\w-]{1,255}$/.test(name)) {
        throw new ServiceError(
          "DashboardInvalidInputError",
          `The parameter DashboardName has an invalid value: ${name}`,
        );
      }
      const body = input.DashboardBody ?? missing("DashboardBody");
      checkBody(body);
      dashboards.set(name, { name, body, modifiedAt: cloud.clock.now() });
      return { DashboardValidationMessages: [] };
    },
    GetDashboard(input) {
      const name = input.DashboardName ?? missing("DashboardName");
      const found = dashboards.get(name) ?? notFound(name);
      return { DashboardArn: arn(name), DashboardName: name, DashboardBody: found.body };
    },
    ListDashboards(input) {
      const found = [...dashboards.values()]
        .filter(({ name }) => name.startsWith(input.DashboardNamePrefix ?? ""))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      return {
        DashboardEntries: found.map(({ name, body, modifiedAt }) => ({
          DashboardName: name,
          DashboardArn: arn(name),
          LastModified: new Date(modifiedAt),
          Size: Buffer.byteLength(body),
        })),
      };
    },
    DeleteDashboards(input) {
      const names = input.DashboardNames ?? missing("DashboardNames");
      // All or nothing (DeleteDashboards).
      for (const name of names) if (!dashboards.has(name)) notFound(name);
      for (const name of names) dashboards.delete(name);
      return {};
    },
  };
}

function checkBody(body: string): void {
  const invalid = (message: string): never => {
    throw new ServiceError("DashboardInvalidInputError", `The field DashboardBody must be a valid JSON object`, {
      detail: { dashboardValidationMessages: [{ Message: message }] },
    });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    invalid(error instanceof Error ? error.message : "no JSON");
  }
  if (typeof parsed !== "object" || parsed === null || !("widgets" in parsed) || !Array.isArray(parsed.widgets))
    invalid("widgets must be a list");
}
