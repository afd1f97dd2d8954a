/** Which calls an app makes, watched while it works. */
import type { ObservedCall } from "../core/dispatcher.ts";
import type { Fault } from "../core/faults.ts";
import type { LocalApp } from "./local-app.ts";

export interface Call {
  readonly service: string;
  readonly operation: string;
  /** ARN of the role in which it is made. */
  readonly role: string;
}

export interface WatchedCalls {
  /** By `<function or role> <service>:<operation>`. */
  readonly calls: ReadonlyMap<string, Call>;
  /** How many calls were made, whoever made them. */
  readonly effort: number;
}

/** Watches what the app's roles call until the function that is answered is called. */
export function watchCalls(app: LocalApp): () => WatchedCalls {
  const calls = new Map<string, Call>();
  let effort = 0;
  const stop = app.cloud.dispatcher.observe(({ service, operation, principal }: ObservedCall) => {
    effort += 1;
    // Log lines are written by Lambda, not by the app.
    if (principal.kind !== "role" || service === "logs") return;
    const role = principal.roleArn;
    calls.set(`${ownerOf(app, role)} ${service}:${operation}`, { service, operation, role });
  });
  return () => {
    stop();
    return { calls, effort };
  };
}

/** The logical id of the function whose role this is, or of the role. SAM calls a function's role `<Function>Role`. */
export function ownerOf(app: LocalApp, roleArn: string): string {
  const role = app.logicalIdOf(roleArn.slice(roleArn.lastIndexOf("/") + 1)) ?? roleArn;
  const owner = role.replace(/Role$/, "");
  return app.functions.includes(owner) ? owner : role;
}

const FAILURES: Readonly<Record<string, string>> = {
  dynamodb: "InternalServerError",
  lambda: "ServiceException",
  s3: "InternalError",
  sns: "InternalError",
};

/** How a service says that something went wrong on its side. */
export const failureOfService = (service: string): NonNullable<Fault["error"]> => ({
  name: FAILURES[service] ?? "InternalFailure",
  message: "We are unable to say what became of it",
  status: 500,
});
