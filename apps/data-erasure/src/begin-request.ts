/** Begins an erasure, whichever way it was asked for: done twice it is begun once. */
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { sfn } from "#shared/clients/sfn";
import { env } from "#shared/environment";
import { logger } from "#shared/observability/logger";
import { checkFourEyes } from "./approval.ts";
import { writeAudit } from "./stores/audit-trail.ts";
import { putUsers } from "./stores/papers.ts";
import { pseudonymsOf } from "./stores/pseudonyms.ts";
import { openRequest } from "./stores/request-store.ts";

/** Throws ApproverIsRequester. */
export async function beginRequest(requestId: string, users: readonly string[], requestedBy: string): Promise<void> {
  checkFourEyes(requestedBy, env.text("APPROVER_EMAIL"));
  // What has ended was forgotten: its users are not written down once more.
  if (!(await openRequest(requestId, users.length, new Date()))) return;
  await putUsers(requestId, users);
  const [by] = await pseudonymsOf([requestedBy.trim().toLowerCase()]);
  await writeAudit(requestId, "requested", { users: users.length, by });
  try {
    // The history of an execution is kept for 90 days: it gets the id of the request, never those of users.
    await sfn.send(
      new StartExecutionCommand({
        stateMachineArn: env.text("STATE_MACHINE"),
        name: requestId,
        input: JSON.stringify({ requestId }),
      }),
    );
  } catch (error) {
    if (!(error instanceof Error && error.name === "ExecutionAlreadyExists")) throw error;
  }
  logger.info("request begun", { requestId, users: users.length });
}
